from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..progress import Move

#: moves of the orders' lines and all that lead up to them; UNION ends any circle
_CHAIN = """
    WITH RECURSIVE chain AS (
        SELECT l.order_id, l.id AS line_id, m.id AS move_id
          FROM sale_order_line l
          JOIN stock_move m ON m.sale_line_id = l.id
         WHERE l.order_id = ANY(%(orders)s) AND m.state <> 'cancel'
         UNION
        SELECT c.order_id, c.line_id, r.move_orig_id
          FROM chain c
          JOIN stock_move_move_rel r ON r.move_dest_id = c.move_id
    )
    SELECT c.order_id, c.line_id, m.id, COALESCE(m.sale_line_id = c.line_id, FALSE),
           source.id, source.usage, goal.id, goal.usage, m.state, m.date,
           m.date_deadline, m.product_id, m.quantity, m.product_uom_qty, m.product_uom,
           m.picking_id, m.reference
      FROM chain c
      JOIN stock_move m ON m.id = c.move_id AND m.state <> 'cancel'
      JOIN stock_location source ON source.id = m.location_id
      JOIN stock_location goal ON goal.id = m.location_dest_id
     ORDER BY m.date, m.id
"""
#: when what is on its way will cover the open demand of the moves' products and
#: warehouses, first come first served; what was ordered for somebody is not counted
_FORECAST = """
    WITH asked AS (
        SELECT DISTINCT m.product_id, place.warehouse_id
          FROM stock_move m
          JOIN stock_location place ON place.id = m.location_id
         WHERE m.id = ANY(%(moves)s) AND place.warehouse_id IS NOT NULL
    ), free AS (
        SELECT q.product_id, place.warehouse_id,
               SUM(q.quantity - q.reserved_quantity) AS quantity
          FROM stock_quant q
          JOIN stock_location place ON place.id = q.location_id
               AND place.usage = 'internal'
          JOIN asked a ON a.product_id = q.product_id
               AND a.warehouse_id = place.warehouse_id
         GROUP BY q.product_id, place.warehouse_id
    ), demand AS (
        SELECT m.id, m.product_id, place.warehouse_id,
               SUM(m.product_qty - m.quantity * used.factor / kept.factor) OVER (
                   PARTITION BY m.product_id, place.warehouse_id
                   ORDER BY m.priority DESC, m.date, m.id) AS quantity
          FROM stock_move m
          JOIN stock_location place ON place.id = m.location_id
          JOIN stock_location goal ON goal.id = m.location_dest_id
          JOIN asked a ON a.product_id = m.product_id
               AND a.warehouse_id = place.warehouse_id
          JOIN product_product p ON p.id = m.product_id
          JOIN product_template t ON t.id = p.product_tmpl_id
          JOIN uom_uom used ON used.id = m.product_uom
          JOIN uom_uom kept ON kept.id = t.uom_id
         WHERE m.state IN ('confirmed', 'partially_available')
           AND m.procure_method = 'make_to_stock'
           AND (goal.warehouse_id IS DISTINCT FROM place.warehouse_id
                OR m.sale_line_id IS NOT NULL)
    ), supply AS (
        SELECT m.product_id, goal.warehouse_id, m.date, m.reference,
               SUM(m.product_qty) OVER (
                   PARTITION BY m.product_id, goal.warehouse_id
                   ORDER BY m.date, m.id) AS quantity
          FROM stock_move m
          JOIN stock_location place ON place.id = m.location_id
          JOIN stock_location goal ON goal.id = m.location_dest_id
          JOIN asked a ON a.product_id = m.product_id
               AND a.warehouse_id = goal.warehouse_id
         WHERE m.state NOT IN ('done', 'cancel', 'draft')
           AND place.warehouse_id IS DISTINCT FROM goal.warehouse_id
           AND NOT EXISTS (
               SELECT FROM stock_move_move_rel r
                 JOIN stock_move later ON later.id = r.move_dest_id
                WHERE r.move_orig_id = m.id AND later.procure_method = 'make_to_order')
    )
    SELECT DISTINCT ON (d.id) d.id, s.date, s.reference
      FROM demand d
 LEFT JOIN free f USING (product_id, warehouse_id)
      JOIN supply s ON s.product_id = d.product_id AND s.warehouse_id = d.warehouse_id
           AND COALESCE(f.quantity, 0) + s.quantity >= d.quantity - 0.00001
     WHERE d.id = ANY(%(moves)s) AND d.quantity > COALESCE(f.quantity, 0) + 0.00001
     ORDER BY d.id, s.date
"""


class OrderProgressMoves(models.AbstractModel):
    """Reads the moves behind orders, for any number of orders in one statement.

    Raw values without access rights: whoever calls it decides who may see what.
    """

    _name = "order.progress.moves"
    _description = "Moves Behind Orders"

    @api.model
    def _get_moves(self, orders):
        """Return {order_id: [Move]} of all moves that serve the orders, by date.

        Of several steps and several companies too; without cancelled ones.
        """
        result = defaultdict(list)
        if not orders:
            return result
        self.env.flush_all()
        awaiting = set(orders.company_id._handover_acceptance_locations().ids)
        rows = self.env.execute_query(SQL(_CHAIN, orders=list(orders.ids)))
        for order_id, line_id, move_id, own, src, usage, dst, goal, *rest in rows:
            awaits = dst in awaiting
            kind = self._get_kind(src in awaiting, usage, awaits, goal)
            result[order_id].append(
                Move(order_id, line_id, move_id, own, kind, awaits, *rest)
            )
        return result

    @api.model
    def _get_kind(self, from_awaiting, usage, to_awaiting, goal):
        """Return what a move does for an order: one of ``progress.KINDS``."""
        if goal == "customer":
            return "accept" if from_awaiting else "ship"
        if to_awaiting and usage != "customer":
            return "ship"
        if usage == "customer" or from_awaiting:
            return "return"
        return {"supplier": "in", "production": "make"}.get(usage, "pick")

    @api.model
    def _get_forecasts(self, moves):
        """Return {move_id: (datetime, reference)} of moves that wait for goods.

        Only moves from stock for which something is on its way; one statement, whose
        cost depends on the open moves of their products alone.

        :param list moves: of :class:`~.progress.Move`
        """
        waiting = [
            move.id
            for move in moves
            if move.is_own and move.state in ("confirmed", "partially_available")
        ]
        if not waiting:
            return {}
        rows = self.env.execute_query(SQL(_FORECAST, moves=waiting))
        return {move_id: (date, reference) for move_id, date, reference in rows}
