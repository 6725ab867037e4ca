"""Rebates derived, settled, drained, in our way and others: measured inside Odoo."""

from odoo.fields import Command, Domain
from odoo.tools import SQL

from .inside import measured
from .large_data import CATEGORIES, CUSTOMER, GOOD, YEAR
from .rebate_data import FAIR, NAMES

#: the final figures of every balance, in one statement: right for these data, in one
#: currency, where nothing was returned and no customer has terms of his own
FLOOR = """
CREATE TEMPORARY TABLE floor_figure ON COMMIT DROP AS
WITH paid AS (
    SELECT r.move_id, SUM(p.debit_amount_currency) / MIN(r.amount_currency) AS share
      FROM account_partial_reconcile p
      JOIN account_move_line r ON r.id = p.debit_move_id
      JOIN account_move_line o ON o.id = p.credit_move_id
      JOIN account_journal j ON j.id = o.journal_id AND j.type = 'bank'
     GROUP BY r.move_id
), invoice AS (
    SELECT m.id, m.commercial_partner_id AS partner_id, m.invoice_date AS day,
           SUM(- l.balance) AS amount,
           SUM(- l.balance) FILTER (WHERE t.categ_id = %(category)s) AS series
      FROM account_move m
      JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
      JOIN product_product g ON g.id = l.product_id
      JOIN product_template t ON t.id = g.product_tmpl_id
     WHERE m.move_type = 'out_invoice' AND m.state = 'posted'
     GROUP BY m.id
), ordered AS (
    SELECT o.partner_invoice_id AS partner_id, o.date_order::date AS day,
           SUM(l.price_subtotal) AS amount,
           SUM(l.price_subtotal * l.qty_delivered / l.product_uom_qty) AS delivered,
           SUM(l.price_subtotal) FILTER (WHERE t.categ_id = %(category)s) AS series,
           SUM(l.price_subtotal * l.qty_delivered / l.product_uom_qty)
               FILTER (WHERE t.categ_id = %(category)s) AS series_delivered
      FROM sale_order o
      JOIN sale_order_line l ON l.order_id = o.id
      JOIN product_product g ON g.id = l.product_id
      JOIN product_template t ON t.id = g.product_tmpl_id
     WHERE o.state = 'sale'
     GROUP BY o.id
), fact AS (
    SELECT programme_id, partner_id, date_from, SUM(ordered) AS ordered,
           SUM(delivered) AS delivered, SUM(invoiced) AS invoiced, SUM(cash) AS cash
      FROM (
        SELECT %(year)s AS programme_id, partner_id,
               date_trunc('year', day)::date AS date_from, 0 AS ordered,
               0 AS delivered, amount AS invoiced, amount * p.share AS cash
          FROM invoice i LEFT JOIN paid p ON p.move_id = i.id
         UNION ALL
        SELECT %(quarters)s, partner_id, date_trunc('quarter', day)::date, 0, 0, series,
               series * p.share
          FROM invoice i LEFT JOIN paid p ON p.move_id = i.id
         UNION ALL
        SELECT %(fair)s, o.partner_invoice_id, %(fair_from)s, 0, 0, SUM(- i.balance),
               SUM(- i.balance) * MIN(p.share)
          FROM sale_order o
          JOIN sale_order_line l ON l.order_id = o.id
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
          JOIN account_move_line i ON i.id = r.invoice_line_id
               AND i.parent_state = 'posted'
     LEFT JOIN paid p ON p.move_id = i.move_id
         WHERE o.state = 'sale'
           AND o.date_order::date BETWEEN %(fair_from)s AND %(fair_to)s
         GROUP BY i.move_id, o.partner_invoice_id
         UNION ALL
        SELECT %(year)s, partner_id, date_trunc('year', day)::date, amount, delivered,
               0, 0
          FROM ordered
         UNION ALL
        SELECT %(quarters)s, partner_id, date_trunc('quarter', day)::date, series,
               series_delivered, 0, 0
          FROM ordered
         UNION ALL
        SELECT %(fair)s, partner_id, %(fair_from)s, amount, delivered, 0, 0
          FROM ordered WHERE day BETWEEN %(fair_from)s AND %(fair_to)s
    ) f
     GROUP BY programme_id, partner_id, date_from
), term AS (
    SELECT version_id, ARRAY_AGG(low ORDER BY low) AS lows,
           ARRAY_AGG(rate ORDER BY low) AS rates, ARRAY_AGG(below ORDER BY low) AS below
      FROM (
        SELECT *, COALESCE(SUM(part) OVER (PARTITION BY version_id ORDER BY low
                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS below
          FROM (SELECT version_id, value_from AS low, rate, rate * (LEAD(value_from)
                       OVER (PARTITION BY version_id ORDER BY value_from)
                       - value_from) AS part
                  FROM rebate_tier) x
    ) y
     GROUP BY version_id
), figure AS (
    SELECT pe.programme_id, pa.partner_id, pe.date_from,
           COALESCE(f.ordered, 0) AS ordered, COALESCE(f.delivered, 0) AS delivered,
           COALESCE(f.invoiced, 0) AS invoiced, COALESCE(f.cash, 0) AS cash,
           t.*, v.tier_mode, v.execution_rule,
           COALESCE(g.target / 100, 1) AS unit
      FROM rebate_period pe
      JOIN rebate_version v ON v.id = pe.version_id
      JOIN term t ON t.version_id = v.id
      JOIN rebate_participant pa ON pa.programme_id = pe.programme_id
 LEFT JOIN rebate_target g ON g.version_id = v.id AND g.participant_id = pa.id
 LEFT JOIN fact f ON f.programme_id = pe.programme_id AND f.partner_id = pa.partner_id
           AND f.date_from = pe.date_from
)
SELECT f.programme_id, f.partner_id, f.date_from, ROUND(f.ordered, 2) AS ordered,
       ROUND(f.delivered, 2) AS delivered, ROUND(f.invoiced, 2) AS invoiced,
       ROUND(f.cash, 2) AS cash,
       COALESCE(CASE WHEN f.programme_id = %(fair)s THEN f.rates[t.o]
                     ELSE f.rates[t.i] END, 0) AS rate,
       ROUND(x.o, 2) AS provisional, ROUND(x.i, 2) AS earned,
       ROUND(x.i * LEAST(f.cash / NULLIF(f.invoiced, 0),
             CASE WHEN f.execution_rule = 'none' THEN 1
                  ELSE COALESCE(f.delivered / NULLIF(f.ordered, 0), 1) END), 2)
           AS releasable
  FROM figure f
 CROSS JOIN LATERAL (SELECT width_bucket(f.ordered / f.unit, f.lows) AS o,
                            width_bucket(f.invoiced / f.unit, f.lows) AS i) t
 CROSS JOIN LATERAL (
       SELECT CASE WHEN f.tier_mode <> 'marginal' THEN f.ordered * f.rates[t.o]
                   ELSE f.below[t.o] + (f.ordered - f.lows[t.o]) * f.rates[t.o]
              END / 100 AS o,
              CASE WHEN f.tier_mode <> 'marginal' THEN f.invoiced * f.rates[t.i]
                   ELSE f.below[t.i] + (f.invoiced - f.lows[t.i]) * f.rates[t.i]
              END / 100 AS i) x
"""

#: what was found, as a fingerprint
FINGERPRINT = """
SELECT COUNT(*), SUM(ordered), SUM(delivered), SUM(invoiced), SUM(cash), SUM(rate),
       SUM(provisional), SUM(earned), SUM(releasable),
       SUM(earned * (partner_id %% 97)), SUM(releasable * (partner_id %% 89))
"""
#: the same of balances, by the names of the floor
BALANCES = """
(SELECT partner_id, ROUND(ordered_amount, 2) AS ordered,
        ROUND(delivered_amount, 2) AS delivered, ROUND(invoiced_amount, 2) AS invoiced,
        cash_amount AS cash, tier_rate AS rate, provisional_amount AS provisional,
        earned_amount AS earned, releasable_amount AS releasable
   FROM rebate_balance) b
"""


def _programmes(env):
    """Return the programmes, in the order of their names in the data."""
    found = env["rebate.programme"].search([("name", "in", NAMES)])
    return found.sorted(lambda programme: NAMES.index(programme.name))


def forget(env) -> None:
    """Have no ledger and no figures, as before the first derivation."""
    env.cr.execute("TRUNCATE rebate_ledger, rebate_queue, rebate_settlement_line")
    env.cr.commit()
    env.cr.execute("ANALYZE rebate_balance")


def derive(env, way: str) -> dict:
    """Measure deriving all figures: by one statement, for the first time, or nightly.

    The first time is what the job does after a version came into force.
    """
    programmes = _programmes(env)
    if way == "first":
        env["rebate.queue"]._push_programmes(programmes)
    env.flush_all()
    env.invalidate_all()
    # the derivation asks for that much, too
    env.cr.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
    with measured(env) as found:
        if way == "floor":
            env.cr.execute(_floor(env, programmes))
        elif way == "first":
            env["rebate.engine"]._drain()
        else:
            env["rebate.engine"]._cron_derive_all()
        env.flush_all()
    source = "floor_figure" if way == "floor" else BALANCES
    env.cr.execute(f"{FINGERPRINT} FROM {source}", ())
    found["answers"] = [float(round(number, 6)) for number in env.cr.fetchone()]
    if way == "floor":
        env.cr.rollback()
    env.cr.commit()
    return found


def _floor(env, programmes) -> SQL:
    year, quarters, fair = programmes.ids
    category = env["product.category"].search([("name", "=", CATEGORIES[0])])
    return SQL(
        FLOOR,
        category=category.id,
        year=year,
        quarters=quarters,
        fair=fair,
        fair_from=SQL("DATE %s", FAIR[0]),
        fair_to=SQL("DATE %s", FAIR[1]),
    )


def settle(env) -> dict:
    """Measure filling in a settlement of the year's programme: derive, list."""
    year = _programmes(env)[0]
    settlement = env["rebate.settlement"].create(
        {"period_ids": [Command.set(year.period_ids.ids)]}
    )
    env.flush_all()
    env.invalidate_all()
    with measured(env) as found:
        settlement._fill()
        env.flush_all()
    found["answers"] = [settlement.line_count, settlement.amount]
    env.cr.rollback()
    return found


def _make_invoice(env, number: int, lines: int):
    """Enter an invoice of one of the participants."""
    goods = env["product.product"].search([("name", "=like", f"{GOOD}%")])
    customer = env["res.partner"].search(
        [("name", "=", f"{CUSTOMER}{number}")], limit=1
    )
    return env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": YEAR[1],
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": goods[line % len(goods)].id,
                        "quantity": 1 + line,
                        "price_unit": 10,
                        "tax_ids": [Command.clear()],
                    }
                )
                for line in range(lines)
            ],
        }
    )


def post(env, number: int, lines: int) -> dict:
    """Measure posting an invoice; it is rolled back."""
    move = _make_invoice(env, number, lines)
    env.flush_all()
    env.invalidate_all()
    env.user.read(["name"])
    env.company.currency_id.read(["name"])
    with measured(env) as found:
        move.action_post()
        env.flush_all()
        env.cr.precommit.run()
    found["answers"] = [move.amount_total]
    env.cr.rollback()
    return found


def drain(env, invoices: int) -> dict:
    """Measure counting changed invoices anew; they are rolled back.

    Half of them are reset to draft, past Odoo: half of the work is correcting.
    """
    moves = env["account.move"].search(
        Domain("name", "=like", "BENCH/2026/%"), order="id DESC", limit=invoices
    )
    env.cr.execute(
        "UPDATE account_move SET state = 'draft' WHERE id = ANY(%s)",
        [moves[: invoices // 2].ids],
    )
    env["rebate.queue"]._push_moves(moves)
    env.flush_all()
    env.invalidate_all()
    with measured(env) as found:
        done = env["rebate.engine"]._drain()
        env.flush_all()
    found["answers"] = [done, len(moves.line_ids)]
    env.cr.rollback()
    return found
