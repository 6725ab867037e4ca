from collections import defaultdict

from odoo import models


class StockMove(models.Model):
    """Goods that are bought, picked, issued or accepted for an order (SPEC F2)."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """EXTENDS 'stock': queue the handovers of what was moved for orders."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        # sudo: stock users need not read orders
        moves.sudo()._handover_list_queue()
        return moves

    def _handover_list_queue(self):
        """Queue one event per order, kind and transfer, in a few statements."""
        events = self.env["order.handover.event"]
        moves = self.exists().filtered(lambda move: move.state == "done")
        if not moves or not events._is_used():
            return
        waiting = self.company_id._handover_get_issue_locations()
        moves._rollup_move_dests_fetch()
        groups = defaultdict(lambda: self.browse())
        for move in moves:
            kind = move._handover_list_get_kind(waiting)
            for order in move._handover_get_orders(kind) if kind else ():
                groups[kind, order, move.picking_id] |= move
        entries = defaultdict(list)
        for (kind, order, picking), done in groups.items():
            entries[kind].append(
                {
                    "order_id": order.id,
                    # a move is done once
                    "key": f"move {min(done.ids)}",
                    "document": picking.name or done[0].reference,
                    "source_model": "stock.move",
                    "source_ids": done.ids,
                }
            )
        for kind, kind_entries in entries.items():
            events._queue(kind, kind_entries)

    def _handover_list_get_kind(self, waiting):
        """Return which event of a stage a done move is, or None.

        :param waiting: where goods wait for the customer's signature
        """
        self.ensure_one()
        source, target = self.location_id, self.location_dest_id
        if target.usage == "customer" and source in waiting:
            return "goods_accepted"
        if source.usage == "customer" or source in waiting:
            return None  # comes back
        if target.usage == "customer" or target in waiting:
            return "goods_issued"
        if source.usage == "supplier":
            return "goods_received"
        if self.sale_line_id and self._handover_list_reaches_output():
            return "goods_picked"
        return None

    def _handover_list_reaches_output(self):
        """Tell whether this brings goods to where the warehouse ships from.

        Of several steps within the house only the last one does.
        """
        self.ensure_one()
        output = self.location_dest_id.warehouse_id.wh_output_stock_loc_id
        return (
            bool(output)
            and self.location_id.usage == "internal"
            and self.location_dest_id._child_of(output)
            and not self.location_id._child_of(output)
        )

    def _handover_get_orders(self, kind):
        """Return the orders a done move is for; bought goods are for who waits."""
        self.ensure_one()
        if kind == "goods_received":
            return self._get_sale_order_lines().order_id
        return self.sale_line_id.order_id

    def _handover_get_awaited(self, order):
        """Return how much of this move ``order`` waits for, in the product's unit."""
        self.ensure_one()
        following = self.browse(self._rollup_move_dests()) - self
        steps = defaultdict(float)  # one after the other, each of the same goods
        for move in following:
            if move.sale_line_id.order_id == order and move.state != "cancel":
                steps[move.location_dest_id] += move.product_qty
        return max(steps.values(), default=0.0)
