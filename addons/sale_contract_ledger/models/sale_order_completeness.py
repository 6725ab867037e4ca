from odoo import api, models


class SaleOrderCompleteness(models.AbstractModel):
    """Finds that an order has no signed contract, where its type wants one (E1)."""

    _inherit = "sale.order.completeness"

    @api.model
    def _check_header(self, order):
        """EXTENDS 'sale_order_policy'."""
        findings = super()._check_header(order)
        if order.policy_type_id.contract_rule == "submit":
            problem = order._contract_get_problem()
            if problem:
                findings.append(
                    self._make(
                        order,
                        "contract",
                        reason=problem,
                        contract=order.contract_id.name or "",
                    )
                )
        return findings

    @api.model
    def _get_text(self, values):
        """EXTENDS 'sale_order_policy'."""
        if values.get("problem") != "contract":
            return super()._get_text(values)
        return self.env["sale.order"]._contract_problem_text(
            values["reason"], values["contract"]
        )
