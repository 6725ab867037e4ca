from odoo import api, models


class SaleOrderCompleteness(models.AbstractModel):
    """Finds that the customer has not confirmed what he needs (SPEC A2, A7)."""

    _inherit = "sale.order.completeness"

    @api.model
    def _check_header(self, order):
        """EXTENDS 'sale_order_policy': the requirement list, confirmed."""
        findings = super()._check_header(order)
        if not order.policy_type_id.require_requirement_list:
            return findings
        lists = order.requirement_list_ids.filtered(lambda r: r.state != "cancelled")
        waiting = lists.filtered(lambda r: r.state != "confirmed")
        if not lists or waiting:
            findings.append(
                self._make(
                    order, "requirement", lists=", ".join(waiting.mapped("name"))
                )
            )
        return findings

    @api.model
    def _get_text(self, values):
        """EXTENDS 'sale_order_policy'."""
        if values.get("problem") != "requirement":
            return super()._get_text(values)
        if not values.get("lists"):
            return self.env._("A requirement list confirmed by the customer is missing")
        return self.env._(
            "The customer has not confirmed requirement list %(lists)s",
            lists=values["lists"],
        )
