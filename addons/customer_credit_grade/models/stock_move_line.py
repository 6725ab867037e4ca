from odoo import api, models


class StockMoveLine(models.Model):
    """More goods on a transfer that is done are a shipment too (SPEC H1)."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._credit_check_done()
        return lines

    def write(self, vals):
        if not {"quantity", "location_dest_id", "product_uom_id", "move_id"} & set(
            vals
        ):
            return super().write(vals)
        done = self.filtered(lambda line: line.move_id.state == "done")
        if not done or not self.env["sale.order"]._credit_is_controlled():
            return super().write(vals)
        before = {line: line.quantity_product_uom for line in done}
        reached = done.move_id.filtered(lambda move: move._credit_reaches_customer())
        with self.env["sale.order"]._approval_savepoint():
            result = super().write(vals)
            grown = done.filtered(
                lambda line: (
                    line.quantity_product_uom > before[line] + 1e-9
                    or line.move_id not in reached
                    or "move_id" in vals
                )
            )
            grown._credit_check_done()
        return result

    def _credit_check_done(self):
        """Hold lines of moves that are done already against the credit."""
        moves = self.move_id.filtered(lambda move: move.state == "done")
        if moves and self.env["sale.order"]._credit_is_controlled():
            moves._credit_get_leaving()._credit_check_shipped()
