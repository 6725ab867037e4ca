from odoo import models
from odoo.exceptions import UserError

from odoo.addons.sale_order_change.supply import Supply


class PurchaseOrderLine(models.Model):
    """Purchases for a line of an order that is changed (SPEC J2)."""

    _inherit = "purchase.order.line"

    def _find_candidate(
        self,
        product_id,
        product_qty,
        product_uom,
        location_id,
        name,
        origin,
        company_id,
        values,
    ):
        """EXTENDS 'purchase_stock': less is not taken off what is for another order.

        Where requests to a vendor are collected, Odoo would take it off whatever is
        being collected now, down to less than nothing.
        """
        lines = self
        if product_uom.compare(product_qty, 0.0) < 0:
            waiting = values.get("move_dest_ids") or self.env["stock.move"]
            if less_for := waiting.sale_line_id:
                lines = self.filtered(
                    lambda line: line.move_dest_ids.sale_line_id & less_for
                )
        return super(PurchaseOrderLine, lines)._find_candidate(
            product_id,
            product_qty,
            product_uom,
            location_id,
            name,
            origin,
            company_id,
            values,
        )

    def _change_get_share(self, line):
        """Return how much of this purchase is for ``line``, in the unit of this one."""
        self.ensure_one()
        if self.sale_line_id:
            return self.product_qty if self.sale_line_id == line else 0.0
        awaited = sum(
            move.product_qty
            for move in self._change_get_waiting()
            if move.sale_line_id == line
        )
        unit = self.product_id.uom_id
        return min(
            unit._compute_quantity(awaited, self.product_uom_id), self.product_qty
        )

    def _change_get_waiting(self):
        """Return the moves that wait for what is bought."""
        return self.move_dest_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )

    def _change_is_enough(self):
        """Tell whether all that waits for what is bought would get it."""
        self.ensure_one()
        unit = self.product_id.uom_id
        bought = self.product_uom_id._compute_quantity(self.product_qty, unit)
        needed = sum(self._change_get_waiting().mapped("product_qty"))
        return unit.compare(bought, needed) >= 0

    def _change_check_enough(self):
        """Refuse a change after which somebody would wait for goods not bought.

        :raise UserError: naming the purchase
        """
        for line in self:
            if not line._change_is_enough():
                raise UserError(
                    self.env._(
                        "%(order)s would not bring all the %(product)s that are waited "
                        "for. Let purchasing order it first, then try again.",
                        order=line.order_id.name,
                        product=line.product_id.display_name,
                    )
                )

    def _change_is_open(self):
        """Tell whether something is still to come in."""
        self.ensure_one()
        return self.product_uom_id.compare(self.product_qty, self.qty_received) > 0

    def _change_get_supply(self, fate, left=None):
        """Return this line as something that hangs on a line of a sales order.

        :param str fate: what becomes of it
        :param left: how much is to be bought if it follows, else None
        """
        self.ensure_one()
        order = self.order_id
        return Supply(
            record=order,
            department="purchasing",
            code="purchase",
            values={
                "order": order.name,
                "vendor": order.partner_id.display_name,
                "product": self.product_id.display_name,
                "unit": self.product_uom_id.name,
                "bought": self.product_qty,
                "received": self.qty_received,
                "state": self.state,
                "left": left,
            },
            fate=fate,
            work=self.env._(
                "bought: %(quantity)s %(unit)s %(product)s, %(order)s",
                quantity=f"{self.product_qty:g}",
                unit=self.product_uom_id.name,
                product=self.product_id.display_name,
                order=order.name,
            )
            if self.state == "purchase"
            else "",
        )
