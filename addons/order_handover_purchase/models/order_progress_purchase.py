from odoo import models
from odoo.tools import SQL

from odoo.addons.order_handover.progress import latest

#: lines of purchases that are made for moves, or that moves come from
_LINES = """
    SELECT made.move_id, made.created_purchase_line_id
      FROM stock_move_created_purchase_line_rel made
     WHERE made.move_id = ANY(%(moves)s)
     UNION
    SELECT m.id, m.purchase_line_id
      FROM stock_move m
     WHERE m.id = ANY(%(moves)s) AND m.purchase_line_id IS NOT NULL
"""


class SaleOrder(models.Model):
    """What is bought for an order, as a step of its progress (SPEC F3, F5)."""

    _inherit = "sale.order"

    def _handover_purchase_lines(self, moves):
        """Return {move_id: lines of purchases} for moves behind orders.

        :param list moves: of :class:`~odoo.addons.order_handover.progress.Move`
        """
        lines = self.env["purchase.order.line"]
        if not moves:
            return {}
        rows = self.env.execute_query(
            SQL(_LINES, moves=list({move.id for move in moves}))
        )
        # sudo: staff sees names and dates of purchases it may not read
        every = lines.sudo().browse(line_id for _move_id, line_id in rows)
        result = {}
        for move_id, line_id in rows:
            line = lines.sudo().browse(line_id).with_prefetch(every.ids)
            result[move_id] = result.get(move_id, lines.sudo()) | line
        return result

    def _handover_get_supply(self, moves):
        """EXTENDS 'order_handover': requests for quotation have no moves yet."""
        supply = super()._handover_get_supply(moves)
        every = [move for its_moves in moves.values() for move in its_moves]
        purchases = self._handover_purchase_lines(every)
        for move in every:
            for line in purchases.get(move.id, ()):
                if line.state in ("draft", "sent", "to approve") and line.date_planned:
                    supply.setdefault(move.line_id, []).append(
                        (line.date_planned, line.order_id.name)
                    )
        return supply

    def _handover_extra_steps(self, facts):
        """EXTENDS 'order_handover': one step for all purchases of an order.

        For staff: customers see when goods come in, not from whom.
        """
        result = super()._handover_extra_steps(facts)
        purchases = self._handover_purchase_lines(
            [move for order in self for move in facts[order.id].moves]
        )
        lines = self.env["purchase.order.line"].sudo()  # sudo: as above
        for order in self:
            bought = lines.union(
                *(
                    purchases[move.id]
                    for move in facts[order.id].moves
                    if move.id in purchases
                )
            ).filtered(lambda line: line.state != "cancel")
            if bought:
                result.setdefault(order.id, []).append(
                    order._handover_step_purchase(bought)
                )
        return result

    def _handover_step_purchase(self, lines):
        """Return the step of the purchases: done when all of them are ordered."""
        self.ensure_one()
        waiting = lines.filtered(lambda line: line.state != "purchase")
        orders = lines.order_id
        words = dict(orders._fields["state"]._description_selection(self.env))
        return self._handover_make_step(
            "purchase",
            self.env._("Ordered from suppliers"),
            sequence=40,
            planned=latest(waiting.order_id.mapped("date_order")),
            actual=None if waiting else latest(orders.mapped("date_approve")),
            share=1 - len(waiting) / len(lines),
            internal="\n".join(
                f"{order.name}: {words[order.state]}" for order in orders
            ),
            audience="staff",
        )
