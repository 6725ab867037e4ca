from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How a company follows up debts (SPEC D7, D8). Branches follow their root."""

    _inherit = "res.company"

    credit_collection = fields.Boolean(
        string="Follow Up Debts",
        help="Customers are reminded and overdue debts followed up by themselves, by "
        "the collection levels. Off: no mail leaves, no case opens.",
    )
    credit_collector_id = fields.Many2one(
        comodel_name="res.users",
        string="Collector",
        domain=[("share", "=", False)],
        help="Follows up debts. Empty: the head of the finance department.",
    )
    credit_shortfall_days = fields.Integer(
        string="Look Ahead at Shipments (Days)",
        help="Customers whose funds do not cover the shipments planned in so many days "
        "are told how much is missing, and so are their salespeople. 0: nobody is.",
    )

    @api.constrains("credit_shortfall_days")
    def _check_credit_shortfall_days(self):
        for company in self:
            if not 0 <= company.credit_shortfall_days <= 365:
                raise ValidationError(self.env._("Look ahead between 0 and 365 days."))

    def _credit_get_bank_details(self):
        """Return where customers pay to, one account a line; may be empty."""
        self.ensure_one()
        # sudo: printed on every invoice anyway
        banks_sudo = self.sudo().root_id.partner_id.bank_ids
        return "\n".join(
            " · ".join(
                filter(
                    None,
                    (
                        bank.acc_holder_name,
                        bank.bank_name,
                        bank.acc_number,
                        bank.bank_bic,
                    ),
                )
            )
            for bank in banks_sudo
        )
