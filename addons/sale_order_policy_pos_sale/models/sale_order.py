from odoo import models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_confirm(self):
        """EXTENDS 'sale_order_policy': what was sold at the counter is parked.

        The point of sale confirms the order while it books a sale that has taken
        place; a refusal would lose the sale.
        """
        sold = self.filtered(lambda order: order._policy_is_sold_at_counter())
        for order in sold:
            order._approval_confirm_or_park(
                super(SaleOrder, order).action_confirm, "paid"
            )
        if self and self == sold:
            return True
        return super(SaleOrder, self - sold).action_confirm()

    def _action_confirm(self):
        """EXTENDS 'sale_stock': what was handed over already is not shipped again."""
        result = super()._action_confirm()
        self.order_line.filtered(
            # sudo: point of sale need not be readable
            lambda line: line.sudo().pos_order_line_ids
        )._policy_deduct_counter_sales()
        return result

    def _policy_is_sold_at_counter(self):
        """Tell whether a booked sale of the point of sale stands behind this order."""
        self.ensure_one()
        return (
            self.state in ("draft", "sent")
            and self._policy_may_be_parked()
            and self._policy_has_counter_sale()
        )

    def _policy_has_counter_sale(self):
        """Tell whether a sale that was booked at the counter refers to this order."""
        # sudo: whoever confirms the order need not see the point of sale
        lines_sudo = self.env["pos.order.line"].sudo()
        mine = Domain("sale_order_origin_id", "in", self.ids) | Domain(
            "sale_order_line_id", "in", self.order_line.ids
        )
        return bool(
            lines_sudo.search_count(
                mine & Domain("order_id.state", "not in", ("draft", "cancel")), limit=1
            )
        )

    def _approval_is_customer_done(self):
        """EXTENDS 'sale_order_policy': paid at the counter is paid."""
        return super()._approval_is_customer_done() or (
            self.approval_parked_reason == "paid" and self._policy_has_counter_sale()
        )
