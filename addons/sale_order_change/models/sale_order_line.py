from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _policy_is_shipped_extra(self):
        """EXTENDS 'sale_order_policy': what a change took out is still the order's.

        Its transfers may have been cancelled, but nobody shipped it in addition.
        """
        return super()._policy_is_shipped_extra() and not self._change_was_ordered()

    def _change_was_ordered(self):
        """Tell whether an applied change named a quantity of this line."""
        self.ensure_one()
        if not self._origin.id:
            return False
        # sudo: requests need not be readable
        lines_sudo = self.env["sale.order.change.line"].sudo()
        return bool(
            lines_sudo.search_count(
                [
                    ("change_id.state", "=", "applied"),
                    "|",
                    ("created_line_id", "=", self._origin.id),
                    "&",
                    ("order_line_id", "=", self._origin.id),
                    ("old_quantity", ">", 0),
                ],
                limit=1,
            )
        )

    def _change_get_moved(self):
        """Return what is reserved and what has left, in the unit of the line.

        What has left counts whether or not the customer has accepted it; what came
        back does not.

        :return: ``{"reserved": quantity, "shipped": quantity}``
        """
        self.ensure_one()
        shipped = 0.0
        reserved = {True: 0.0, False: 0.0}  # by whether it leaves with that move
        for move in self.move_ids:
            if move.state == "cancel" or move.product_id != self.product_id:
                continue
            quantity = move.product_uom._compute_quantity(
                move.quantity, self.product_uom_id, rounding_method="HALF-UP"
            )
            source, target = move.location_id.usage, move.location_dest_id.usage
            leaves = source == "internal" and target in ("customer", "transit")
            if move.state != "done":
                if source == "internal":
                    reserved[leaves] += quantity
            elif leaves:
                shipped += quantity
            elif target == "internal" and source in ("customer", "transit"):
                shipped -= quantity
        # what is being picked leaves with a later move
        return {"reserved": max(reserved.values()), "shipped": max(shipped, 0.0)}
