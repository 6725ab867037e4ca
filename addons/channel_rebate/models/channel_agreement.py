from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ChannelAgreement(models.Model):
    """What was agreed with a channel partner, from when until when (SPEC L1)."""

    _name = "channel.agreement"
    _inherit = ["mail.thread"]
    _description = "Channel Agreement"
    _order = "date_from desc, id desc"

    name = fields.Char(string="Agreement Number", required=True, tracking=True)
    channel_partner_id = fields.Many2one(
        comodel_name="channel.partner",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="channel_partner_id.company_id", store=True)
    partner_id = fields.Many2one(related="channel_partner_id.partner_id", store=True)
    date_signed = fields.Date(tracking=True)
    date_from = fields.Date(string="Valid From", required=True, tracking=True)
    date_to = fields.Date(
        string="Valid To", required=True, tracking=True, help="This day included."
    )
    terms = fields.Html(help="What the partner reads in the portal.")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Documents", copy=False
    )
    is_in_force = fields.Boolean(
        compute="_compute_is_in_force", search="_search_is_in_force"
    )
    days_left = fields.Integer(compute="_compute_is_in_force")

    @api.depends("date_from", "date_to")
    def _compute_is_in_force(self):
        today = fields.Date.context_today(self)
        for agreement in self:
            start, end = agreement.date_from, agreement.date_to
            agreement.is_in_force = bool(start and end and start <= today <= end)
            agreement.days_left = (end - today).days if end else 0

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domain = Domain("date_from", "<=", today) & Domain("date_to", ">=", today)
        return domain if True in value else ~domain

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for agreement in self:
            if agreement.date_from > agreement.date_to:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s cannot end before it begins.",
                        agreement=agreement.name,
                    )
                )
