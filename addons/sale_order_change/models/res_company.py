from odoo import api, fields, models


class ResCompany(models.Model):
    """How confirmed orders are changed, and who agrees (SPEC J1-J3)."""

    _inherit = "res.company"

    sale_change_control = fields.Boolean(
        string="Cancel Confirmed Orders by Request Only",
        help="Confirmed orders that were approved are cancelled by an approved "
        "cancellation request only, by whatever route. Needs enforced approvals.",
    )
    sale_change_portal = fields.Boolean(
        string="Customers Ask for Changes Online",
        help="On the page of their confirmed order customers propose other quantities, "
        "another delivery date, or to cancel it.",
    )

    @api.model
    def _sale_policy_get_usual_flows(self):
        """EXTENDS 'sale_order_policy': changes are evaluated, then management."""
        return {
            **super()._sale_policy_get_usual_flows(),
            "sale.order.change": (
                self.env._("Order changes"),
                [
                    (
                        10,
                        self.env._("Evaluation by the departments"),
                        ["production", "warehouse", "finance", "operations"],
                        1.0,
                        None,
                    ),
                    (20, self.env._("Management"), ["management"], 1.0, None),
                ],
            ),
        }

    def _change_create_default_flow(self):
        """Give these companies a flow for change requests, where they lack one.

        :return: the flows that were created
        """
        return self._sale_policy_create_usual_flow("sale.order.change")

    def write(self, vals):
        """EXTENDS 'base': whoever wants requests needs somebody to approve them."""
        result = super().write(vals)
        if vals.get("sale_change_control") or vals.get("sale_change_portal"):
            self._change_create_default_flow()
        return result
