from odoo import models

from .pos_order import AT_COUNTER


class StockMove(models.Model):
    _inherit = "stock.move"

    def write(self, vals):
        """EXTENDS 'order_handover': the counter changes no demand in 待签收."""
        if "product_uom_qty" not in vals:
            return super().write(vals)
        waiting = self._handover_leave_waiting()
        if not waiting:
            return super().write(vals)
        rest = {n: value for n, value in vals.items() if n != "product_uom_qty"}
        if rest:
            super(StockMove, waiting).write(rest)
        return super(StockMove, self - waiting).write(vals)

    def _action_cancel(self):
        """EXTENDS 'stock': the counter cancels nothing in 待签收."""
        return super(StockMove, self - self._handover_leave_waiting())._action_cancel()

    def _handover_leave_waiting(self):
        """Return, while a sale at the counter comes in, the moves it must not touch."""
        left_waiting = self.env.cr.cache.get(AT_COUNTER)
        if left_waiting is None:
            return self.browse()
        waiting = self._handover_get_open_leaving()
        left_waiting.update(waiting.ids)
        return waiting

    def _handover_tell_sold_at_counter(self):
        """Tell in the history of each order what still waits after a sale."""
        for order, moves in self.grouped(lambda m: m._handover_get_order()).items():
            goods = [
                f"{move.product_uom_qty:g} {move.product_uom.name} "
                f"{move.product_id.display_name} "
                f"({move._handover_get_slips()[:1].display_name})"
                for move in moves.sorted("id")
            ]
            order.message_post(
                body=order.env._(
                    "Sold at the counter while goods of this order still wait for the "
                    "customer's acceptance: %(goods)s. Have the slip signed if these "
                    "are the goods that were sold; make a return of the delivery if "
                    "others were handed over.",
                    goods=", ".join(goods),
                )
            )
