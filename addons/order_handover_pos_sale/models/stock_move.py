from odoo import models

from .pos_order import AT_COUNTER


class StockMove(models.Model):
    _inherit = "stock.move"

    def write(self, vals):
        """EXTENDS 'order_handover': the counter changes no demand in 待签收.

        It hands the demand of one move on to the others of the order: what stays as it
        is, is not handed on either.
        """
        current = self.env.cr.cache.get(AT_COUNTER)
        if not current or set(vals) != {"product_uom_qty"}:
            return super().write(vals)
        if self.browse(current)._handover_get_untouchable():
            return True
        return super(StockMove, self - self._handover_get_untouchable()).write(vals)

    def _action_cancel(self):
        """EXTENDS 'stock': the counter cancels nothing in 待签收."""
        return super(
            StockMove, self - self._handover_get_untouchable()
        )._action_cancel()

    def _handover_get_untouchable(self):
        """Return which of these moves a sale at the counter must leave alone."""
        if not self.env.cr.cache.get(AT_COUNTER):
            return self.browse()
        return self._handover_get_open_leaving()
