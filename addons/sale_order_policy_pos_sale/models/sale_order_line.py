from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _policy_deduct_counter_sales(self):
        """Lower the open stock moves by what the point of sale hands over itself.

        It does so when it confirms an order while booking the sale; a parked order
        is confirmed later.
        """
        pickings_sudo = self.env["stock.picking"].sudo()
        for line in self:
            # sudo: whoever confirms need not see the point of sale or the warehouse
            line_sudo = line.sudo()
            rest = max(
                line_sudo.product_uom_qty - line_sudo._policy_get_handed_over(), 0
            )
            moves_sudo = line_sudo.move_ids
            moves_sudo |= moves_sudo.browse(moves_sudo._rollup_move_origs())
            for move_sudo in moves_sudo:
                if move_sudo.state in ("waiting", "confirmed", "assigned"):
                    move_sudo.product_uom_qty = line_sudo.compute_uom_qty(
                        rest, move_sudo, False
                    )
                    pickings_sudo |= move_sudo.picking_id
        for picking_sudo in pickings_sudo:
            if all(
                move.product_uom.is_zero(move.product_uom_qty)
                for move in picking_sudo.move_ids
            ):
                picking_sudo.action_cancel()

    def _policy_get_handed_over(self):
        """Return the quantity sold at the counter, in the unit of the line."""
        self.ensure_one()
        sold = sum(
            self._convert_qty(self, pos_line.qty, "p2s")
            for pos_line in self.pos_order_line_ids
            if pos_line.order_id.state not in ("draft", "cancel")
        )
        return max(sold, self.qty_delivered)
