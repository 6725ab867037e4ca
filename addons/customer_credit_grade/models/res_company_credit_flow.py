from odoo import api, models


class ResCompany(models.Model):
    """Who approves credit requests where nobody has set it up otherwise (SPEC D3)."""

    _inherit = "res.company"

    @api.model
    def _sale_policy_get_usual_flows(self):
        """EXTENDS 'sale_order_policy': credit requests, finance then management."""
        return {
            **super()._sale_policy_get_usual_flows(),
            "customer.credit.request": (
                self.env._("Credit requests"),
                [
                    (10, self.env._("Finance"), ["finance"], 2.0, None),
                    (20, self.env._("Management"), ["management"], 2.0, None),
                ],
            ),
        }

    def _credit_create_default_flow(self):
        """Give these companies a flow for credit requests, where they lack one.

        :return: the flows that were created
        """
        return self.filtered(
            lambda company: not company.parent_id
        )._sale_policy_create_usual_flow("customer.credit.request")

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'base': a company may control credit from its first day."""
        companies = super().create(vals_list)
        companies.filtered(
            lambda company: company.credit_mode != "off"
        )._credit_create_default_flow()
        return companies

    def write(self, vals):
        """EXTENDS 'base': whoever controls credit needs somebody to approve it."""
        result = super().write(vals)
        if vals.get("credit_mode", "off") != "off":
            self._credit_create_default_flow()
        return result
