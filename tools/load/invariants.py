"""What must be true whatever happened; each check returns what is wrong, in words.

The statements see everything, also what was written past Odoo. What can only be
computed (fingerprints, exposures, ledgers) is computed inside Odoo.
"""

from collections import Counter

from odoo.tools import SQL

from . import kept, periods

#: what lies where, and how much of it open transfers hold. Odoo makes a second row of a
#: locked one and puts them together by a daily task, which may leave too much reserved;
#: goods that are marked as scarce are spared that
_STOCK = """
        SELECT * FROM (
            SELECT q.product_id, q.location_id, q.quantity, q.reserved,
                   COALESCE(l.held, 0) AS held,
                   COALESCE(t.handover_is_scarce, FALSE) AS is_scarce
              FROM (SELECT product_id, location_id, SUM(quantity) AS quantity,
                           SUM(reserved_quantity) AS reserved
                      FROM stock_quant GROUP BY product_id, location_id) q
              JOIN stock_location p ON p.id = q.location_id AND p.usage = 'internal'
              JOIN product_product g ON g.id = q.product_id
              JOIN product_template t ON t.id = g.product_tmpl_id
         LEFT JOIN (SELECT product_id, location_id, SUM(quantity_product_uom) AS held
                      FROM stock_move_line
                     WHERE state NOT IN ('done', 'cancel', 'draft')
                     GROUP BY product_id, location_id) l
                   ON l.product_id = q.product_id AND l.location_id = q.location_id) s
"""
#: what is wrong: statement; its rows are told, a few of them
STATEMENTS = {
    "a seat has more than one decision": """
        SELECT seat_id, COUNT(*) FROM document_approval_decision
         WHERE kind IN ('approve', 'refuse') AND seat_id IS NOT NULL
         GROUP BY seat_id HAVING COUNT(*) > 1
    """,
    "a document has two rounds under review": """
        SELECT res_model, res_id FROM document_approval_round WHERE state = 'pending'
         GROUP BY res_model, res_id HAVING COUNT(*) > 1
    """,
    "an approved round has an open seat": """
        SELECT r.id FROM document_approval_round r
          JOIN document_approval_seat s ON s.round_id = r.id AND s.state = 'open'
         WHERE r.state = 'approved'
    """,
    "an order is confirmed without an approved round": """
        SELECT o.name FROM sale_order o
     LEFT JOIN document_approval_round r ON r.id = o.approval_round_id
         WHERE o.state = 'sale' AND r.state IS DISTINCT FROM 'approved'
    """,
    "two documents have the same number": """
        SELECT name FROM sale_order GROUP BY name, company_id HAVING COUNT(*) > 1
         UNION ALL
        SELECT name FROM stock_picking GROUP BY name, company_id HAVING COUNT(*) > 1
         UNION ALL
        SELECT name FROM account_move WHERE state = 'posted'
         GROUP BY name, journal_id HAVING COUNT(*) > 1
    """,
    "more is reserved than there is": f"""
        {_STOCK} WHERE held > quantity + 0.0001
                    OR is_scarce AND reserved > quantity + 0.0001
    """,
    "what is reserved is not what the transfers hold": f"""
        {_STOCK} WHERE reserved < held - 0.0001
                    OR is_scarce AND reserved > held + 0.0001
    """,
    "more was shipped than was there": f"{_STOCK} WHERE quantity < -0.0001",
    "a rebate was released in two lines of one settlement": """
        SELECT settlement_id, balance_id FROM rebate_settlement_line
         WHERE state = 'posted' GROUP BY settlement_id, balance_id HAVING COUNT(*) > 1
    """,
    "more of a rebate was released than was earned": """
        SELECT id, earned_amount, released_amount FROM rebate_balance
         WHERE released_amount > earned_amount + 0.005
    """,
    "what the books say was released is not what the balance says": """
        SELECT b.id, b.released_amount, SUM(l.rebate_released)
          FROM rebate_balance b
          JOIN account_move_line l ON l.rebate_balance_id = b.id
               AND l.parent_state = 'posted'
         GROUP BY b.id HAVING ABS(b.released_amount - SUM(l.rebate_released)) > 0.005
    """,
    "orders took more of a concession than it allows": """
        SELECT c.name, SUM(l.product_uom_qty), MIN(c.max_quantity)
          FROM sale_price_concession c
          JOIN sale_order_line l ON l.price_concession_id = c.id
          JOIN sale_order o ON o.id = l.order_id AND o.state = 'sale'
         WHERE c.max_quantity > 0
         GROUP BY c.id HAVING SUM(l.product_uom_qty) > MIN(c.max_quantity) + 0.0001
    """,
    "an entry does not balance": """
        SELECT move_id FROM account_move_line WHERE parent_state = 'posted'
         GROUP BY move_id HAVING ABS(SUM(balance)) > 0.005
    """,
}
#: what was promised to somebody: statement that returns the broken ones of them
PROMISES = {
    "entered": "SELECT id FROM sale_order WHERE id = ANY(%s)",
    "confirmed": "SELECT id FROM sale_order WHERE id = ANY(%s) AND state = 'sale'",
    "shipped": "SELECT id FROM stock_picking WHERE id = ANY(%s) AND state = 'done'",
    "posted": "SELECT id FROM account_move WHERE id = ANY(%s) AND state = 'posted'",
    "signed": "SELECT id FROM order_acceptance WHERE id = ANY(%s)"
    " AND state = 'signed'",
}
#: how often an invoice was paid, whatever the money was reconciled with
_PAYMENTS = """
    SELECT l.invoice_id, COUNT(*) FROM account_move__account_payment l
      JOIN account_payment p ON p.id = l.payment_id
       AND p.state IN ('in_process', 'paid')
     WHERE l.invoice_id = ANY(%s) GROUP BY l.invoice_id
"""
MOST_TOLD = 5


def check(env, setting: dict, promises: list, taken: list | None = None) -> dict:
    """Return what is wrong by the name of each check; nothing is an empty list.

    What waits for the job of rebates is counted first, so that all is at rest.

    :param promises: [what, id, user] of what the server said was done
    :param taken: [message id, address] of what the mail server took; None: there is
        none
    """
    env["rebate.engine"]._drain()
    statements = {**STATEMENTS, **kept.STATEMENTS, **periods.STATEMENTS}
    found = {
        name: _tell(env.execute_query(SQL(statement)))
        for name, statement in statements.items()
    }
    found["a promise was broken"] = _broken_promises(env, promises)
    found["a payment is there twice"] = _double_payments(env, promises)
    found["an order is not what was approved"] = _changed_orders(env)
    found["a customer is over the limit without a release"] = periods.over_limit(
        env, setting
    )
    found["the rebates' ledger had to be corrected"] = _drift(env, setting)
    found["a file is not what was kept"] = kept.broken_files(env)
    if taken is not None:
        found["a mail that was sent did not arrive"] = kept.missing_mails(env, taken)
    return found


def _tell(rows) -> list[str]:
    told = [" ".join(map(str, row)) for row in rows[:MOST_TOLD]]
    return told + [f"... {len(rows)} in all"] * (len(rows) > MOST_TOLD)


def _broken_promises(env, promises: list) -> list[str]:
    broken = []
    for what, statement in PROMISES.items():
        wanted = {number for kind, number, _uid in promises if kind == what}
        kept = {row[0] for row in env.execute_query(SQL(statement, [*wanted]))}
        broken += [f"{what} {number}" for number in sorted(wanted - kept)]
    decided = {(number, uid) for kind, number, uid in promises if kind == "decided"}
    rows = env.execute_query(
        SQL("SELECT seat_id, user_id FROM document_approval_decision")
    )
    broken += [f"decided {seat} by {uid}" for seat, uid in sorted(decided - {*rows})]
    paid, found = _count_payments(env, promises, ("paid",))
    return broken + [
        f"paid {number}: {count} times, found {found.get(number, 0)}"
        for number, count in sorted(paid.items())
        if found.get(number, 0) < count
    ]


def _count_payments(env, promises: list, kinds: tuple) -> tuple[Counter, dict]:
    """Return how often invoices were promised to be paid, and how often they were."""
    said = Counter(number for kind, number, _uid in promises if kind in kinds)
    return said, dict(env.execute_query(SQL(_PAYMENTS, [*said])))


def _double_payments(env, promises: list) -> list[str]:
    """Return invoices with more payments than somebody asked for.

    Where the answer was lost with the connection, there may be one or not.
    """
    said, found = _count_payments(env, promises, ("paid", "perhaps paid"))
    return [
        f"{number}: asked {count} times, found {found[number]}"
        for number, count in sorted(said.items())
        if found.get(number, 0) > count
    ][:MOST_TOLD]


def _changed_orders(env) -> list[str]:
    orders = env["sale.order"].search([("state", "=", "sale")])
    prints = orders._approval_fingerprints()
    return [
        order.name
        for order in orders
        if prints[order.id] != order.approval_round_id.fingerprint
    ][:MOST_TOLD]


def _drift(env, setting: dict) -> list[str]:
    programme = env["rebate.programme"].browse(setting["programme"])
    wrong = env["rebate.engine"]._check_balances(programme)
    return [f"{balance.partner_id.name}" for balance in wrong]
