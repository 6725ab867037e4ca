from odoo import api, models

_WATCHED = frozenset(
    {
        "quantity",
        "location_id",
        "location_dest_id",
        "product_uom_id",
        "product_id",
        "lot_id",
        "move_id",
        "state",
    }
)


class StockMoveLine(models.Model):
    """Lines of moves that are done already move goods as well (DESIGN 6)."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines.move_id.filtered(lambda move: move.state == "done")
        if done:
            done._handover_check_done()
            done._handover_follow(changed=True)
        return lines

    def write(self, vals):
        if not _WATCHED.intersection(vals):
            return super().write(vals)
        moves = self.move_id.filtered(lambda move: move.state == "done")
        if not moves and not vals.get("move_id"):
            return super().write(vals)
        with self.env["sale.order"]._approval_savepoint():
            result = super().write(vals)
            moves |= self.move_id.filtered(lambda move: move.state == "done")
            moves._handover_check_done()
            moves._handover_follow(changed=True)
        return result
