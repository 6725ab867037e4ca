from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def write(self, vals):
        """EXTENDS 'purchase': queue the handovers of what was bought (SPEC F2)."""
        if vals.get("state") != "purchase":
            return super().write(vals)
        before = self.filtered(lambda purchase: purchase.state == "purchase")
        result = super().write(vals)
        # sudo: buyers need not read sales orders
        (self - before).sudo()._handover_list_queue()
        return result

    def _handover_list_queue(self):
        """Queue one event per purchase order and order it is for."""
        events = self.env["order.handover.event"]
        if self and events._is_used():
            events._queue(
                "purchase_approved",
                [
                    {
                        "order_id": order.id,
                        "key": f"purchase {purchase.id}",
                        "document": purchase.name,
                        "source_model": "purchase.order",
                        "source_ids": purchase.ids,
                    }
                    for purchase in self
                    for order in purchase._handover_list_get_orders()
                ],
            )

    def _handover_list_get_orders(self):
        """Return the sales orders this is bought for."""
        self.ensure_one()
        waiting = self.order_line._handover_list_get_waiting()
        return self._get_sale_orders() | waiting.sale_line_id.order_id

    def _handover_list_get_lines(self, order):
        """Return [(line, quantity in its unit)] of what is bought for ``order``."""
        return [
            (line, quantity)
            for line in self.order_line
            if line.product_id
            and not line.display_type
            and line.product_uom_id.compare(
                quantity := line._handover_list_get_quantity(order), 0.0
            )
            > 0
        ]


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _handover_list_get_waiting(self):
        """Return the moves that wait for what is bought, at any later step."""
        moves = self.move_dest_ids | self.move_ids.move_dest_ids
        return moves.browse(moves._rollup_move_dests())

    def _handover_list_get_quantity(self, order):
        """Return how much of the line is for ``order``, in the unit of the line."""
        self.ensure_one()
        if self.sale_order_id:
            return self.product_qty if self.sale_order_id == order else 0.0
        waiting = self._handover_list_get_waiting()
        if not waiting.sale_line_id:
            is_sold = self.product_id in order.order_line.product_id
            return self.product_qty if is_sold else 0.0
        steps = {}  # one after the other, each of the same goods
        for move in waiting.filtered(lambda move: move.state != "cancel"):
            if move.sale_line_id.order_id == order:
                steps.setdefault(move.location_dest_id, []).append(move.product_qty)
        awaited = max(map(sum, steps.values()), default=0.0)
        unit = self.product_id.uom_id
        return min(
            self.product_qty, unit._compute_quantity(awaited, self.product_uom_id)
        )
