from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _update_candidate_moves_list(self, candidate_moves_set):
        """EXTENDS 'stock': a change takes less off what was added last.

        Purchases and production that were added last become less, too; else goods
        would wait for a purchase that does not bring them any more.
        """
        result = super()._update_candidate_moves_list(candidate_moves_set)
        if self.env.context.get("sale_order_change_applied") and all(
            move.product_uom.compare(move.product_uom_qty, 0.0) < 0 for move in self
        ):
            latest_first = [
                moves.sorted("id", reverse=True) for moves in candidate_moves_set
            ]
            candidate_moves_set.clear()
            candidate_moves_set.update(latest_first)
        return result
