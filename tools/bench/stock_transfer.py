"""Transfers between regions and an order's timeline: measured inside Odoo."""

from odoo.tools import SQL

from .inside import measured

#: who gives what to whom, in one statement: right for these data, where nothing was
#: sold, nothing is on its way, no stock is kept and no product comes in sizes
FLOOR = """
WITH place AS (
    SELECT l.id, w.id AS warehouse_id, w.rank
      FROM (SELECT id, view_location_id, ROW_NUMBER() OVER (ORDER BY sequence, id)
                   AS rank
              FROM stock_warehouse WHERE company_id = %(company)s AND active) w
      JOIN stock_location r ON r.id = w.view_location_id
      JOIN stock_location l ON l.parent_path LIKE r.parent_path || '%%'
       AND l.usage = 'internal'
), fact AS (
    SELECT product_id, warehouse_id, MIN(rank) AS rank, MIN(due) AS due,
           SUM(on_hand) - SUM(demand) AS free
      FROM (SELECT q.product_id, p.warehouse_id, p.rank, NULL AS due,
                   q.quantity AS on_hand, 0 AS demand
              FROM stock_quant q JOIN place p ON p.id = q.location_id
         UNION ALL
            SELECT m.product_id, p.warehouse_id, p.rank, m.date_deadline,
                   0, m.product_qty
              FROM stock_move m JOIN place p ON p.id = m.location_id
             WHERE m.state IN ('confirmed', 'partially_available', 'assigned')) x
  GROUP BY product_id, warehouse_id
), need AS (
    SELECT product_id, warehouse_id, -free AS quantity, SUM(-free) OVER (
               PARTITION BY product_id ORDER BY due, free, rank) AS upto
      FROM fact WHERE free < 0
), spare AS (
    SELECT product_id, warehouse_id, free AS quantity, SUM(free) OVER (
               PARTITION BY product_id ORDER BY free DESC, rank) AS upto
      FROM fact WHERE free > 0
)
SELECT n.product_id, s.warehouse_id, n.warehouse_id,
       LEAST(n.upto, s.upto) - GREATEST(n.upto - n.quantity, s.upto - s.quantity)
  FROM need n
  JOIN spare s ON s.product_id = n.product_id
   AND n.upto - n.quantity < s.upto AND s.upto - s.quantity < n.upto
"""


def give(env) -> int:
    """Put stock that nobody there needs into other warehouses; return the products.

    The next warehouse has up to six pieces, the one after it up to four.
    """
    env.cr.execute(
        """WITH place AS (
               SELECT lot_stock_id, company_id, COUNT(*) OVER () AS all_of_them,
                      ROW_NUMBER() OVER (ORDER BY id) - 1 AS n
                 FROM stock_warehouse WHERE code LIKE 'R_'),
           short AS (
               SELECT DISTINCT m.product_id, p.n FROM stock_move m
                 JOIN place p ON p.lot_stock_id = m.location_id
                WHERE m.state IN ('confirmed', 'partially_available', 'assigned'))
           INSERT INTO stock_quant (product_id, location_id, company_id, quantity,
                  reserved_quantity, in_date)
           SELECT s.product_id, p.lot_stock_id, p.company_id,
                  (s.product_id + d.step) % (9 - 2 * d.step), 0,
                  NOW() AT TIME ZONE 'UTC'
             FROM short s
             JOIN (VALUES (1), (2)) d (step) ON TRUE
             JOIN place p ON p.n = (s.n + d.step) % p.all_of_them
            WHERE (s.product_id + d.step) % (9 - 2 * d.step) > 0"""
    )
    env.cr.commit()
    env.cr.execute("ANALYZE stock_quant")
    env.cr.execute("SELECT COUNT(DISTINCT product_id) FROM stock_quant")
    return env.cr.fetchone()[0]


def plan(env, way: str) -> dict:
    """Measure one plan of transfers; tell what it says, as a fingerprint."""
    company = env.ref("base.main_company")
    env.invalidate_all()
    with measured(env) as found:
        if way == "ours":
            proposals = env["stock.region.transfer.plan"]._plan(company)
            moves = [
                (
                    proposal["product_id"],
                    proposal["from_warehouse_id"],
                    proposal["to_warehouse_id"],
                    proposal["quantity"],
                )
                for proposal in proposals
            ]
        else:
            moves = env.execute_query(SQL(FLOOR, company=company.id))
    found["answers"] = [
        len({move[:3] for move in moves}),
        float(sum(move[3] for move in moves)),
        float(sum(move[3] * (move[0] * move[1] % 97) for move in moves)),
    ]
    env.cr.rollback()
    return found


def timeline(env) -> dict:
    """Measure what the portal page and its data interface show of one order."""
    order = env["sale.order"].search(
        [("state", "=", "sale"), ("order_line.product_id.name", "like", "Scarce")],
        order="id DESC",
        limit=1,
    )
    env.invalidate_all()
    with measured(env) as found:
        steps = order._handover_get_public_progress()[order.id]
        order._handover_timeline_values(steps)
    found["answers"] = [len(steps)]
    env.cr.rollback()
    return found
