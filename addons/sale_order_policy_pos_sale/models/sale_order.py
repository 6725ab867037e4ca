from odoo import models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_confirm(self):
        """EXTENDS 'sale_order_policy': what was sold at the counter is parked.

        The point of sale confirms the order while it books a sale that has taken
        place; a refusal would lose the sale.
        """
        sold = self._policy_get_sold_at_counter()
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

    def _policy_get_sold_at_counter(self):
        """Return orders that a booked sale of the point of sale stands behind."""
        return self.filtered(
            lambda order: (
                order.state in ("draft", "sent") and order._policy_may_be_parked()
            )
        )._policy_get_with_counter_sale()

    def _policy_get_with_counter_sale(self):
        """Return those that a sale booked at the counter refers to."""
        if not self:
            return self
        # sudo: whoever confirms the order need not see the point of sale
        lines_sudo = (
            self.env["pos.order.line"]
            .sudo()
            .search(
                (
                    Domain("sale_order_origin_id", "in", self.ids)
                    | Domain("sale_order_line_id", "in", self.order_line.ids)
                )
                & Domain("order_id.state", "not in", ("draft", "cancel"))
            )
        )
        found = lines_sudo.sale_order_origin_id | lines_sudo.sale_order_line_id.order_id
        return self.filtered(lambda order: order.id in found._ids)

    def _approval_is_customer_done(self):
        """EXTENDS 'sale_order_policy': paid at the counter is paid."""
        return super()._approval_is_customer_done() or (
            self.approval_parked_reason == "paid"
            and bool(self._policy_get_with_counter_sale())
        )
