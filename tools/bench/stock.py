"""Sharing out scarce stock, asked for in two ways: measured inside Odoo."""

from odoo.fields import Datetime
from odoo.tools import SQL

from .inside import measured

#: who gets what and the lines that say so, in one statement: right for these data,
#: where no order ships complete, nothing is picked, and places do not overlap
FLOOR = """
WITH held AS (
    SELECT move_id, SUM(quantity_product_uom) AS quantity FROM stock_move_line
     WHERE state IN ('assigned', 'partially_available') GROUP BY move_id
), claim AS (
    SELECT m.id, m.product_id, m.location_id, s.warehouse_id, l.order_id,
           o.partner_invoice_id, a.grade_id, m.date_deadline::date AS due,
           o.date_order, m.product_qty, COALESCE(h.quantity, 0) AS held,
           CASE WHEN m.priority = '1' THEN '1'
                WHEN m.date_deadline::date <= %(soon)s THEN '2'
                ELSE '3' END AS urgency,
           g.shipping_priority
      FROM stock_move m
      JOIN stock_location s ON s.id = m.location_id AND s.usage = 'internal'
      JOIN stock_location d ON d.id = m.location_dest_id AND d.usage = 'customer'
      JOIN sale_order_line l ON l.id = m.sale_line_id
      JOIN sale_order o ON o.id = l.order_id
 LEFT JOIN customer_credit_account a ON a.partner_id = o.partner_invoice_id
 LEFT JOIN customer_credit_grade g ON g.id = a.grade_id
 LEFT JOIN held h ON h.move_id = m.id
     WHERE m.state IN ('confirmed', 'partially_available', 'assigned')
       AND m.company_id = %(company)s
), ranked AS (
    SELECT c.*, ROW_NUMBER() OVER w AS rank,
           SUM(product_qty) OVER (PARTITION BY product_id, location_id ORDER BY urgency,
               shipping_priority NULLS LAST, due, date_order, id) AS used,
           SUM(held) OVER (PARTITION BY product_id, location_id) AS freed
      FROM claim c
    WINDOW w AS (ORDER BY urgency, shipping_priority NULLS LAST, due, date_order, id)
), stock AS (
    SELECT product_id, location_id, SUM(quantity - reserved_quantity) AS free
      FROM stock_quant GROUP BY product_id, location_id
)
INSERT INTO stock_allocation_line (
       run_id, company_id, move_id, rank, product_id, location_id, warehouse_id,
       order_id, partner_id, grade_id, urgency, date_due, date_confirmed, is_whole,
       qty_needed, qty_held, qty_proposed, qty_change, outcome,
       create_uid, create_date, write_uid, write_date)
SELECT %(run)s, %(company)s, r.id, r.rank, r.product_id, r.location_id, r.warehouse_id,
       r.order_id, r.partner_invoice_id, r.grade_id, r.urgency, r.due, r.date_order,
       FALSE, r.product_qty, r.held, v.gets, v.gets - r.held,
       CASE WHEN v.gets = r.product_qty THEN 'full' WHEN v.gets > 0 THEN 'part'
            ELSE 'none' END, 1, NOW(), 1, NOW()
  FROM ranked r
  JOIN stock k ON k.product_id = r.product_id AND k.location_id = r.location_id
 CROSS JOIN LATERAL (SELECT GREATEST(LEAST(r.product_qty,
       k.free + r.freed - r.used + r.product_qty), 0) AS gets) v
"""


def count(env) -> dict[str, int]:
    """Return how many there are of what matters."""
    env.cr.execute(
        """SELECT COUNT(*), COUNT(DISTINCT product_id), COUNT(DISTINCT location_id)
             FROM stock_move WHERE state IN ('confirmed', 'partially_available',
                  'assigned') AND product_id IN (SELECT p.id FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE t.name->>'en_US' LIKE 'Scarce goods%')"""
    )
    names = ("open moves", "products", "warehouses")
    return dict(zip(names, env.cr.fetchone(), strict=True))


def propose(env, way: str) -> dict:
    """Measure one proposal; tell what it gave, as a fingerprint."""
    run = env["stock.allocation.run"].create({})
    env.flush_all()
    env.invalidate_all()
    with measured(env) as found:
        if way == "ours":
            run.action_propose()
            env.flush_all()
        else:
            _propose_plainly(env, run)
    env.cr.execute(
        """SELECT COUNT(*), SUM(qty_proposed), SUM(qty_proposed * (move_id %% 97)),
                  COUNT(*) FILTER (WHERE qty_change <> 0)
             FROM stock_allocation_line WHERE run_id = %s""",
        [run.id],
    )
    found["answers"] = [float(number) for number in env.cr.fetchone()]
    env.cr.rollback()
    return found


def _propose_plainly(env, run) -> None:
    run.env["stock.allocation.line"].flush_model()
    soon = env["customer.credit.account"]._get_today(run.company_id)
    days = run.company_id.allocation_soon_days
    env.cr.execute(
        SQL(
            FLOOR,
            run=run.id,
            company=run.company_id.id,
            soon=Datetime.add(soon, days=days),
        )
    )


def apply(env, way: str, changes: int) -> dict:
    """Measure changing so many reservations, as the allocation or by Odoo's buttons."""
    run = env["stock.allocation.run"].create({})
    run.action_propose()
    env.cr.execute(
        """DELETE FROM stock_allocation_line WHERE run_id = %(run)s
              AND product_id NOT IN (
                  SELECT product_id FROM (
                      SELECT product_id, SUM(COUNT(*)) OVER (ORDER BY product_id) AS n
                        FROM stock_allocation_line
                       WHERE run_id = %(run)s AND qty_change <> 0
                    GROUP BY product_id) p WHERE n <= %(changes)s)""",
        {"run": run.id, "changes": changes},
    )
    env.invalidate_all()
    lines = run.line_ids.filtered("qty_change").sorted("rank")
    moves, losers = lines.move_id, lines.filtered(lambda line: line.qty_change < 0)
    losers = losers.move_id
    env.flush_all()
    env.invalidate_all()
    with measured(env) as found:
        if way == "ours":
            run.action_apply()
        else:
            losers._do_unreserve()
            (moves - losers)._action_assign()
            losers._action_assign()
        env.flush_all()
    held = {line.move_id: line.quantity for line in moves.move_line_ids}
    found["answers"] = [len(moves), sum(held.values())]
    env.cr.rollback()
    return found
