"""What a customer owes and has ordered, asked for in three ways: measured inside Odoo.

"floor" is the least statement that gives the right answer for these data, written by
hand; "ours" is our add-on; "peer" is OCA's `sale_financial_risk`.
"""

from odoo.fields import Command, Date
from odoo.tools import SQL

from .credit_data import CUSTOMERS, LIMIT, LINES, some_customers
from .inside import measured
from .shop import confirm

#: customers asked for one by one in a run
AT_ONCE = 20
#: what posted items and orders leave open, one row per customer; "which" says of whom
FLOOR = """
    WITH owed AS (
        SELECT p.commercial_partner_id AS debtor, SUM(i.amount_residual) AS amount
          FROM account_move_line i
          JOIN res_partner p ON p.id = i.partner_id
         WHERE i.parent_state = 'posted' AND i.reconciled IS NOT TRUE
           AND i.account_id IN (SELECT id FROM account_account
                                 WHERE account_type = 'asset_receivable')
           AND i.company_id = %(company)s AND {which}
      GROUP BY p.commercial_partner_id
    ), ordered AS (
        SELECT l.debtor, SUM(ROUND(l.amount / l.rate, 2)) AS amount
          FROM (
            SELECT p.commercial_partner_id AS debtor, o.currency_rate AS rate,
                   SUM(ROUND(CASE WHEN l.is_downpayment THEN -COALESCE(b.total, 0)
                       ELSE (GREATEST(l.product_uom_qty, l.qty_delivered)
                             - COALESCE(b.quantity, 0))
                            * l.price_total / l.product_uom_qty END, 2)) AS amount
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_invoice_id
              JOIN sale_order_line l ON l.order_id = o.id
         LEFT JOIN LATERAL (
                   SELECT SUM(i.quantity) AS quantity, SUM(i.price_total) AS total
                     FROM sale_order_line_invoice_rel r
                     JOIN account_move_line i ON i.id = r.invoice_line_id
                      AND i.parent_state = 'posted'
                    WHERE r.order_line_id = l.id) b ON TRUE
             WHERE o.state = 'sale' AND o.company_id = %(company)s
               AND l.display_type IS NULL AND {which}
          GROUP BY o.id, p.commercial_partner_id
          ) l
      GROUP BY l.debtor
    ), granted AS (
        SELECT a.partner_id AS debtor, SUM(e.amount) AS amount
          FROM customer_credit_account a
          JOIN res_partner p ON p.id = a.partner_id
          JOIN customer_credit_entitlement e ON e.account_id = a.id
         WHERE a.mode = 'limited' AND a.company_id = %(company)s
           AND e.date_ended IS NULL AND COALESCE(e.date_from, %(day)s) <= %(day)s
           AND COALESCE(e.date_to, %(day)s) >= %(day)s AND {which}
      GROUP BY a.partner_id
    )
    SELECT g.debtor, COALESCE(w.amount, 0) + COALESCE(o.amount, 0) AS exposure,
           g.amount AS granted
      FROM granted g
 LEFT JOIN owed w ON w.debtor = g.debtor
 LEFT JOIN ordered o ON o.debtor = g.debtor
"""


def floor_of(env, customer_id: int) -> float:
    """Return what one customer's exposure is, by the hand-written statement."""
    statement = FLOOR.format(which="p.commercial_partner_id = %(debtor)s")
    return float(_run(env, statement, debtor=customer_id)[0][1])


def floor_over(env) -> set[int]:
    """Return who is over his limit, by the hand-written statement."""
    statement = f"SELECT debtor FROM ({FLOOR.format(which='TRUE')}) found"
    rows = _run(env, f"{statement} WHERE exposure > granted")
    return {debtor for (debtor,) in rows}


def _run(env, statement: str, **values) -> list[tuple]:
    company = env.company.id
    return env.execute_query(
        SQL(statement, company=company, day=Date.today(), **values)
    )


def ours_of(env, account_id: int) -> float:
    """Return one customer's exposure, with limits and all the other figures."""
    account = env["customer.credit.account"].browse(account_id)
    return account._get_figures()[account_id].exposure


def ours_over(env) -> set[int]:
    """Return who is over his limit: the filter of the list of customers."""
    accounts = env["customer.credit.account"].search([("is_over_limit", "=", True)])
    return set(accounts.partner_id.ids)


def peer_of(env, customer_id: int) -> float:
    """Return what OCA's add-on computes as the risk."""
    return env["res.partner"].browse(customer_id).risk_total


def peer_over(env) -> set[int]:
    """Return who OCA's add-on says is over his limit."""
    return set(env["res.partner"].search([("risk_exception", "=", True)]).ids)


WAYS = {
    "floor": (floor_of, floor_over),
    "ours": (ours_of, ours_over),
    "peer": (peer_of, peer_over),
}


def one(env, way: str, first: bool = False) -> dict:
    """Measure the exposure of one customer: the mean of AT_ONCE.

    As at the start of a request: nothing is in the caches but who and where one is.

    :param first: no statement is planned yet, either
    """
    function = WAYS[way][0]
    customers = some_customers(env, AT_ONCE)
    if way == "ours":
        accounts = env["customer.credit.account"].search([])
        by_customer = {account.partner_id.id: account.id for account in accounts}
        customers = [by_customer[customer_id] for customer_id in customers]
    runs, answers = [], []
    for customer_id in customers:
        env.invalidate_all()
        env.user.read(["name"])
        env.company.currency_id.read(["name"])
        if first:
            env.cr.execute("DEALLOCATE ALL")
        with measured(env) as found:
            answers.append(round(function(env, customer_id), 2))
        runs.append(found)
    mean = {
        key: sum(run[key] for run in runs) / AT_ONCE
        for key in ("ms", "work", "queries")
    }
    return {
        **mean,
        "queries": round(mean["queries"]),
        "memory": max(run["memory"] or 0 for run in runs),
        "answers": answers,
    }


def over(env, way: str) -> dict:
    """Measure finding all customers over their limit; the answer is their number."""
    function = WAYS[way][1]
    env.invalidate_all()
    with measured(env) as found:
        customers = function(env)
    return {**found, "answers": len(customers)}


def prepare_orders(env, count: int, lines: int) -> dict:
    """Enter orders of customers within their limit, to be confirmed."""
    customers = [
        customer_id
        for customer_id in some_customers(env, 3 * CUSTOMERS)
        if _limit_of(env, customer_id) == LIMIT
    ]
    product = env["product.product"].search([("name", "=like", "Credit goods order%")])
    orders = env["sale.order"].create(
        [
            {
                "partner_id": customers[number % len(customers)],
                "order_line": [
                    Command.create({"product_id": product[line % LINES].id})
                    for line in range(lines)
                ],
            }
            for number in range(count)
        ]
    )
    env.cr.commit()
    return {"seller": env.user.id, "orders": orders.ids}


def _limit_of(env, customer_id: int) -> float:
    account = env["customer.credit.account"].search([("partner_id", "=", customer_id)])
    return account.limit


def confirm_with(env, setting: dict, mode: str, count: int) -> dict:
    """Measure confirming orders, credit control switched to `mode`."""
    env.company.credit_mode = mode
    env.flush_all()
    return confirm(env, setting, setting["orders"][:count])


def allow_peer(env) -> None:
    """Have OCA's add-on count what ours counts, with the same limits."""
    included = ("invoice_open", "invoice_unpaid", "account_amount")
    included += ("account_amount_unpaid", "sale_order")
    columns = SQL(", ").join(
        SQL("%s = TRUE", SQL.identifier(f"risk_{name}_include")) for name in included
    )
    env.cr.execute(
        SQL(
            "UPDATE res_partner p"
            " SET %s, credit_limit = jsonb_build_object(%s, e.amount)"
            " FROM customer_credit_account a"
            " JOIN customer_credit_entitlement e ON e.account_id = a.id"
            " WHERE p.id = a.partner_id",
            columns,
            str(env.company.id),
        )
    )
