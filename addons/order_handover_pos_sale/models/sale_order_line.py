from odoo import models

from .pos_order import AT_COUNTER


class SaleOrderLine(models.Model):
    """At the counter, what waits for acceptance has been shipped (SPEC I1)."""

    _inherit = "sale.order.line"

    def read_converted(self):
        """EXTENDS 'pos_sale': what has been shipped is not offered at the counter.

        As for orders without acceptance, whose shipped goods are delivered.
        """
        rows = super().read_converted()
        for row in rows:
            # sudo: the cashier need not see transfers
            line_sudo = self.browse(row["id"]).sudo()
            if waiting := line_sudo._handover_get_waiting():
                row["qty_delivered"] += self._convert_qty(line_sudo, waiting, "s2p")
        return rows

    def compute_uom_qty(self, new_qty, stock_move, rounding=True):
        """EXTENDS 'sale_stock': what waits need not be shipped once more."""
        if current := self.env.cr.cache.get(AT_COUNTER):
            current[0] = stock_move.id
            # sudo: the cashier need not see transfers
            new_qty = max(new_qty - self.sudo()._handover_get_waiting(), 0.0)
        return super().compute_uom_qty(new_qty, stock_move, rounding)

    def _handover_tell_sold_at_counter(self):
        """Tell the owner of each order what of these lines waits after a sale."""
        waiting = {line: line._handover_get_waiting() for line in self}
        lines = self.filtered(
            lambda line: line.product_uom_id.compare(waiting[line], 0) > 0
        )
        for order, order_lines in lines.grouped("order_id").items():
            goods = ", ".join(
                f"{waiting[line]:g} {line.product_uom_id.name} "
                f"{line.product_id.display_name}"
                for line in order_lines
            )
            order._policy_tell_owner(
                order.env._(
                    "Sold at the counter while %(goods)s of this order wait for the "
                    "customer's acceptance. If these are what was sold, make a return "
                    "of their delivery: the counter has taken the goods off the stock "
                    "once more. If the customer keeps both, have the slip signed; he "
                    "is charged for both.",
                    goods=goods,
                ),
                summary=order.env._("Sold at the counter, and awaiting acceptance"),
                also_note=True,
            )
