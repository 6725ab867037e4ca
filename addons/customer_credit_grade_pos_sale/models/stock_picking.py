from odoo import api, models

#: key in the cursor's cache: transfers the point of sale makes and does right now
AT_COUNTER = "customer_credit_grade_pos_sale.at_counter"


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _create_picking_from_pos_order_lines(
        self, location_dest_id, lines, picking_type, partner=False
    ):
        """EXTENDS 'point_of_sale': what is handed over at the counter is not stopped.

        The goods are gone and a refusal would be swallowed: stock would stay wrong.
        """
        self.env.cr.cache[AT_COUNTER] = set()
        try:
            return super()._create_picking_from_pos_order_lines(
                location_dest_id, lines, picking_type, partner
            )
        finally:
            self.env.cr.cache.pop(AT_COUNTER, None)

    def _create_move_from_pos_order_lines(self, lines):
        """EXTENDS 'pos_sale': remember the transfer while it is made and done."""
        at_counter = self.env.cr.cache.get(AT_COUNTER)
        # sudo: whoever closes the sale need not see others
        states = set(lines.sudo().order_id.mapped("state"))
        if at_counter is not None and states <= {"paid", "done"}:
            at_counter.update(self.ids)
        return super()._create_move_from_pos_order_lines(lines)
