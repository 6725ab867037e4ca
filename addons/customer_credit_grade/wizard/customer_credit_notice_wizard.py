from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerCreditNoticeWizard(models.TransientModel):
    """Shows the notice a customer would get, and sends it (SPEC D7)."""

    _name = "customer.credit.notice.wizard"
    _description = "Collection Notice Dialog"

    collection_id = fields.Many2one(
        comodel_name="customer.credit.collection",
        string="Case",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="collection_id.company_id")
    partner_id = fields.Many2one(related="collection_id.partner_id")
    level_id = fields.Many2one(
        comodel_name="customer.credit.collection.level",
        compute="_compute_level_id",
        store=True,
        readonly=False,
        domain="[('template_id', '!=', False), ('days', '>=', 0),"
        " ('company_id', 'in', (False, company_id))]",
    )
    recipient = fields.Char(string="To", compute="_compute_preview")
    sender = fields.Char(string="From", compute="_compute_preview")
    subject = fields.Char(compute="_compute_preview")
    body = fields.Html(compute="_compute_preview")
    objection = fields.Char(compute="_compute_preview")

    @api.depends("collection_id")
    def _compute_level_id(self):
        """Propose the case's level, or the nearest one that has a mail."""
        for wizard in self:
            levels = (
                wizard.collection_id.level_id._get_of(wizard.company_id)
            ).filtered(lambda level: level.template_id and level.days >= 0)
            current = wizard.collection_id.level_id
            reached = levels.filtered(lambda level, c=current: level.days <= c.days)
            wizard.level_id = (reached[-1:] or levels[:1]).id

    @api.depends("level_id")
    def _compute_preview(self):
        for wizard in self:
            preview = wizard.collection_id._origin._get_preview(
                wizard.level_id._origin or wizard.level_id
            )
            wizard.recipient = preview.get("recipient")
            wizard.sender = preview.get("sender")
            wizard.subject = preview.get("subject")
            wizard.body = preview.get("body")
            wizard.objection = preview.get("objection")

    def action_send(self):
        """Send it; a customer gets one notice a day.

        :raise UserError: nothing is overdue, no address, or a notice went out today
        """
        self.ensure_one()
        if not self.level_id:
            raise UserError(
                self.env._("Choose a level that has a mail: its text is sent.")
            )
        self.collection_id.send_notice(self.level_id)
        return {"type": "ir.actions.act_window_close"}
