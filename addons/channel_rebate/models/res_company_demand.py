from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How channel partners order and confirm (SPEC L1 - L3); all off at first."""

    _inherit = "res.company"

    channel_demand_direct = fields.Boolean(
        string="Orders Without Acceptance",
        help="An order of a channel partner that names products only becomes a "
        "quotation as soon as it is sent in. Confirming stays with us.",
    )
    channel_demand_agreement = fields.Boolean(
        string="Only With an Agreement",
        help="Channel partners place demands and orders only while an agreement is in "
        "force.",
    )
    channel_agreement_days = fields.Integer(
        string="Remind of Agreements (Days)",
        help="So many days before an agreement ends the responsible salesperson gets "
        "an activity. 0: nobody is reminded.",
    )
    channel_confirmation_days = fields.Integer(
        string="Partners Confirm Within (Days)",
        help="Channel partners confirm or object to an order confirmation letter "
        "within so many working days. 0: they are not asked.",
    )
    channel_confirmation_rule = fields.Selection(
        selection=[
            ("confirmed", "It counts as confirmed"),
            ("remind", "The salesperson is reminded"),
            ("both", "It counts as confirmed, and the salesperson is told"),
        ],
        string="If Partners Do Not Answer",
        default="remind",
        required=True,
        help="What an unanswered letter means. The order itself never changes.",
    )

    @api.constrains("channel_agreement_days", "channel_confirmation_days")
    def _check_channel_days(self):
        for company in self:
            for days in (
                company.channel_agreement_days,
                company.channel_confirmation_days,
            ):
                if not 0 <= days <= 365:
                    raise ValidationError(
                        self.env._("Enter a number of days from 0 to 365.")
                    )

    def _channel_get_setting(self, name):
        """Return a channel setting of the root company, which counts for branches."""
        self.ensure_one()
        return self.sudo().root_id[name]  # sudo: a switch, whoever asks
