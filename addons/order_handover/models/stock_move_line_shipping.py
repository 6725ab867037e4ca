from odoo import api, models


class StockMoveLine(models.Model):
    """More goods on a delivery that is done leave as well; who picks is kept."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._handover_check_done()
        lines.move_id._handover_note_preparer()
        return lines

    def write(self, vals):
        touched = {"quantity", "picked", "lot_id", "lot_name", "location_id"}
        moved = {"quantity", "location_dest_id", "product_uom_id", "move_id"}
        result = (
            self._handover_write(vals) if moved & set(vals) else super().write(vals)
        )
        if touched & set(vals):
            self.move_id._handover_note_preparer()
        return result

    def _handover_write(self, vals):
        """Write, and check lines of done moves by which more leaves than before."""
        done = self.filtered(lambda line: line.move_id.state == "done")
        if not done or not self.env["sale.order.type"]._handover_is_controlled():
            return super().write(vals)
        before = {line: line.quantity_product_uom for line in done}
        left = done.move_id.filtered(lambda move: move._handover_leaves())
        headers = (done.move_id - left).picking_id._handover_get_headers()
        with self.env["sale.order"]._approval_savepoint():
            result = super().write(vals)
            grown = done.filtered(
                lambda line: (
                    line.quantity_product_uom > before[line] + 1e-9
                    or line.move_id not in left
                    or "move_id" in vals
                )
            )
            grown._handover_check_done(headers)
        return result

    def _handover_check_done(self, headers=None):
        """Hold lines of moves that are done already against what was confirmed."""
        moves = self.move_id.filtered(lambda move: move.state == "done")
        if moves and self.env["sale.order.type"]._handover_is_controlled():
            moves._handover_check_shipped(headers)
