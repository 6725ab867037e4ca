from odoo import models
from odoo.exceptions import UserError

from ..supply import OUTSIDE


class SaleOrder(models.Model):
    """Transfers follow an applied change, or nothing is applied (SPEC J2)."""

    _inherit = "sale.order"

    def _change_apply(self, change, expected):
        """EXTENDS: what waits and what was shipped is what is ordered, as before.

        Where it was so before. Odoo may fail to see what it made itself, for example
        when the warehouse has changed its steps since.

        :raise UserError: naming the goods whose transfers would not follow
        """
        matching = self._change_get_lines().filtered(
            lambda line: line._change_get_misfit() == 0.0
        )
        result = super()._change_apply(change, expected)
        self.env.flush_all()
        texts = [
            line._change_uncovered_text()
            for line in matching
            if not line._change_is_followed()
        ]
        if texts:
            raise UserError("\n".join(texts))
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _change_get_misfit(self):
        """Return by how much what waits and was shipped is more than what is ordered.

        :return: in the unit of the line; nothing for services and for goods that are
            moved as something else (kits)
        """
        self.ensure_one()
        if not self.move_ids or self.move_ids.product_id != self.product_id:
            return None
        moved = self._change_get_moved()["shipped"] + self._change_get_waiting()
        misfit = moved - self.product_uom_qty
        return 0.0 if self.product_uom_id.is_zero(misfit) else misfit

    def _change_is_followed(self):
        """Tell whether a line that fitted its transfers still does.

        What a vendor sends to the customer has no transfer before he was asked for it.
        """
        self.ensure_one()
        misfit = self._change_get_misfit() or 0.0
        if "supplier" in self.move_ids.location_id.mapped("usage"):
            return misfit <= 0.0
        return misfit == 0.0

    def _change_get_waiting(self):
        """Return what is still to leave for the customer, in the unit of the line.

        A step that another one follows counts once, where it leads to; goods that are
        to come back from the customer count against it.
        """
        self.ensure_one()
        waiting = 0.0
        for move in self.move_ids:
            if move.state in ("done", "cancel") or move.product_id != self.product_id:
                continue
            final = move.location_final_id or move.location_dest_id
            quantity = move.product_uom._compute_quantity(
                move.product_uom_qty, self.product_uom_id, rounding_method="HALF-UP"
            )
            if move.location_id.usage in OUTSIDE:
                if move.location_dest_id.usage == "internal":
                    waiting -= quantity
            elif move.location_dest_id.usage in OUTSIDE or (
                final.usage in OUTSIDE and not move.move_dest_ids
            ):
                waiting += quantity
        return waiting

    def _change_uncovered_text(self):
        """Return in words that the transfers of this line would not follow."""
        self.ensure_one()
        shown = {
            name: f"{quantity:g}"
            for name, quantity in (
                ("ordered", self.product_uom_qty),
                ("shipped", self._change_get_moved()["shipped"]),
                ("waiting", self._change_get_waiting()),
            )
        }
        return self.env._(
            "%(product)s: the transfers would not follow: %(ordered)s %(unit)s "
            "ordered, %(shipped)s shipped, %(waiting)s waiting. Let the warehouse put "
            "the transfers right, then try again.",
            product=self.product_id.display_name,
            unit=self.product_uom_id.name,
            **shown,
        )
