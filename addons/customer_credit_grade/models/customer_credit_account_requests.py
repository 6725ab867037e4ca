from odoo import api, fields, models


class CustomerCreditAccount(models.Model):
    _inherit = "customer.credit.account"

    request_count = fields.Integer(compute="_compute_request_count")

    @api.depends_context("uid")
    def _compute_request_count(self):
        counts = dict(
            self.env["customer.credit.request"]._read_group(
                [("account_id", "in", self.ids)],
                groupby=["account_id"],
                aggregates=["__count"],
            )
        )
        for account in self:
            account.request_count = counts.get(account._origin, 0)

    def action_open_requests(self):
        """Open the requests of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_credit_grade.customer_credit_request_action"
        )
        return action | {
            "domain": [("account_id", "=", self.id)],
            "context": {"default_account_id": self.id},
        }
