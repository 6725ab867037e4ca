from odoo import models


class StockRule(models.Model):
    """Goods of orders that require acceptance go to 待签收 first (DESIGN 6).

    Where a move would reach a customer it ends in 待签收 instead and keeps where it
    was meant to go; the rule of the warehouse leads on from there.
    """

    _inherit = "stock.rule"

    def run(self, procurements, raise_user_error=True):
        """EXTENDS 'stock': goods again for what was returned from 待签收."""
        procurements = [
            procurement._replace(location_id=final)
            if (final := procurement.values.get("location_final_id"))
            and procurement.location_id._handover_is_waiting()
            else procurement
            for procurement in procurements
        ]
        return super().run(procurements, raise_user_error=raise_user_error)

    def _get_stock_move_values(
        self,
        product_id,
        product_qty,
        product_uom,
        location_dest_id,
        name,
        origin,
        company_id,
        values,
    ):
        """EXTENDS 'stock'."""
        move_values = super()._get_stock_move_values(
            product_id,
            product_qty,
            product_uom,
            location_dest_id,
            name,
            origin,
            company_id,
            values,
        )
        line_id = move_values.get("sale_line_id")
        if not line_id:
            return move_values
        # sudo: whoever starts a procurement need not read orders
        order_sudo = self.env["sale.order.line"].sudo().browse(line_id).order_id
        waiting = order_sudo._handover_redirect(
            self._handover_get_destination(move_values, location_dest_id)
        )
        if waiting:
            move_values["location_dest_id"] = waiting.id
        return move_values

    def _handover_get_destination(self, move_values, final):
        """Return where Odoo would send a move with these values."""
        locations = self.env["stock.location"]
        if move_values.get("location_dest_id"):
            return locations.browse(move_values["location_dest_id"])
        destination = self.picking_type_id.default_location_dest_id
        if destination and final and final._child_of(destination):
            return final
        return destination or final

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        """EXTENDS 'stock'."""
        values = super()._push_prepare_move_copy_values(move_to_copy, new_date)
        if move_to_copy.location_dest_id._handover_is_waiting():
            return values
        destination = self.env["stock.location"].browse(values["location_dest_id"])
        waiting = move_to_copy._handover_get_order()._handover_redirect(destination)
        if waiting:
            values["location_dest_id"] = waiting.id
            values["location_final_id"] = (
                values.get("location_final_id") or destination.id
            )
        return values
