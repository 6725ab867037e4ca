from odoo import models
from odoo.tools import float_compare


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _sale_prepare_sale_line_values(self, order, price):
        """EXTENDS 'sale': keep which bill line a re-invoiced order line comes from."""
        return {
            **super()._sale_prepare_sale_line_values(order, price),
            "policy_reinvoiced_line_id": self.id,
        }

    def _policy_allows_reinvoiced(self, order_line):
        """Tell whether this bill line accounts for an order line in every respect.

        Compared with the bill itself, so that writing the link on another line is
        of no use: the product, quantity and price are the bill's, and the bill is
        spent once. A draft counts: Odoo adds the order line just before it posts.
        """
        self.ensure_one()
        order = order_line.order_id
        twins = order_line.search_count(
            [("policy_reinvoiced_line_id", "=", self.id), ("id", "!=", order_line.id)],
            limit=1,
        )
        move = self.move_id
        if (
            twins
            or move.state == "cancel"
            or not (move.is_purchase_document() or move.move_type == "entry")
            or self.product_id.expense_policy in (False, "no")
        ):
            return False
        due = self._sale_prepare_sale_line_values(
            order, self._sale_get_invoice_price(order)
        )
        return (
            due["product_id"] == order_line.product_id.id
            and float_compare(due["product_uom_qty"], order_line.product_uom_qty, 6)
            == 0
            and float_compare(due["price_unit"], order_line._policy_get_net_price(), 6)
            <= 0
        )
