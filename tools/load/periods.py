"""What must be right on both sides of midnight and of the end of a month; checks as in
:mod:`.invariants`.
"""

from datetime import UTC
from zoneinfo import ZoneInfo

from odoo.tools import SQL

MOST_TOLD = 5
STATEMENTS = {
    "an entry's number is not of its month": """
        SELECT name, date FROM account_move
         WHERE state = 'posted' AND (
               sequence_prefix ~ '/[0-9]{4}/[0-9]{2}/$'
               AND STRPOS(sequence_prefix, TO_CHAR(date, '/YYYY/MM/')) = 0
            OR sequence_prefix ~ '/[0-9]{4}/$'
               AND STRPOS(sequence_prefix, TO_CHAR(date, '/YYYY/')) = 0)
    """,
    "numbers of entries have a gap": """
        SELECT journal_id, sequence_prefix, MIN(sequence_number),
               MAX(sequence_number), COUNT(*)
          FROM account_move WHERE name != '/' AND sequence_number > 0
         GROUP BY journal_id, sequence_prefix
        HAVING MAX(sequence_number) - MIN(sequence_number) + 1 != COUNT(*)
            OR MIN(sequence_number) != 1
    """,
    "a rebate stands in a period its date is not in": """
        SELECT l.id, l.date, p.date_from, p.date_to FROM rebate_ledger l
          JOIN rebate_balance b ON b.id = l.balance_id
          JOIN rebate_period p ON p.id = b.period_id
         WHERE l.date NOT BETWEEN p.date_from AND p.date_to AND l.reference = 0
    """,
    "an invoice counts in another month than its own": """
        SELECT m.name, m.invoice_date, p.date_from FROM rebate_ledger l
          JOIN rebate_balance b ON b.id = l.balance_id
          JOIN rebate_period p ON p.id = b.period_id
          JOIN account_move_line i ON i.id = l.source_id
          JOIN account_move m ON m.id = i.move_id AND m.move_type = 'out_invoice'
         WHERE l.source_kind = 'i'
         GROUP BY m.id, p.id, i.id HAVING ABS(SUM(l.invoiced)) > 0.005
           AND m.invoice_date NOT BETWEEN p.date_from AND p.date_to
    """,
    "an order counts in another month than its own": """
        SELECT o.name, o.date_order, p.date_from FROM rebate_ledger l
          JOIN rebate_balance b ON b.id = l.balance_id
          JOIN rebate_period p ON p.id = b.period_id
          JOIN sale_order_line i ON i.id = l.source_id
          JOIN sale_order o ON o.id = i.order_id
          JOIN res_company c ON c.id = o.company_id
          JOIN res_partner r ON r.id = c.partner_id
         WHERE l.source_kind = 'o'
         GROUP BY o.id, p.id, i.id, r.tz HAVING ABS(SUM(l.ordered)) > 0.005
           AND (o.date_order AT TIME ZONE 'UTC'
                AT TIME ZONE COALESCE(r.tz, 'UTC'))::date
               NOT BETWEEN p.date_from AND p.date_to
    """,
    "a shipping notice is not due at the end of the next day": """
        SELECT n.id, n.date, n.deadline FROM order_shipping_notice n
          JOIN res_company c ON c.id = n.company_id
          JOIN res_partner r ON r.id = c.partner_id
         WHERE n.deadline != (DATE_TRUNC('day', n.date AT TIME ZONE 'UTC'
                                  AT TIME ZONE COALESCE(r.tz, 'UTC'))
                              + INTERVAL '2 days') AT TIME ZONE COALESCE(r.tz, 'UTC')
                              AT TIME ZONE 'UTC' - INTERVAL '1 second'
    """,
}


def over_limit(env, setting: dict) -> list[str]:
    """Return customers who owe more than they might when something was last confirmed.

    A temporary limit that has ended leaves them over their limit, and nothing more may
    be confirmed then.
    """
    company = env.ref("base.main_company")
    customers = env["res.partner"].browse(setting["customers"])
    accounts = env["customer.credit.account"].search(
        [("partner_id", "in", customers.ids), ("company_id", "=", company.id)]
    )
    figures = env["customer.credit.exposure"]._get_exposures(company, customers)
    last = _last_confirmed(env, company)
    excused = _excused(env, accounts)
    wrong = []
    for account in accounts.filtered(lambda one: one.partner_id not in excused):
        parts = account._get_limit_parts(last.get(account.partner_id.id))
        limit = sum(parts.get(account.id, ()))
        exposure = figures[account.partner_id.id].exposure
        if exposure > limit + 0.005:
            wrong.append(f"{account.partner_id.name}: {exposure} of {limit}")
    return wrong


def _excused(env, accounts):
    """Return the customers somebody has released, or let be over their limit."""
    released = env["customer.credit.hold"].search(
        [("account_id", "in", accounts.ids), ("release_ids", "!=", False)]
    )
    # who agrees to an order that is over the limit releases it
    granted = env["document.approval.finding"].search(
        [
            ("code", "=like", "credit%"),
            ("round_id.state", "=", "approved"),
            ("round_id.res_model", "=", "sale.order"),
        ]
    )
    orders = env["sale.order"].browse(granted.round_id.mapped("res_id"))
    return released.account_id.partner_id | orders.partner_id


def _last_confirmed(env, company) -> dict:
    """Return {customer id: day of the last confirmation, where the company is}."""
    zone = ZoneInfo(company.partner_id.tz or "UTC")
    rows = env.execute_query(
        SQL(
            "SELECT partner_id, MAX(date_order) FROM sale_order WHERE state = 'sale'"
            " GROUP BY partner_id"
        )
    )
    return {
        partner: moment.replace(tzinfo=UTC).astimezone(zone).date()
        for partner, moment in rows
    }


def count_around(env, moment: str) -> str:
    """Tell how much was entered, confirmed and booked before a moment and after it."""
    told = []
    for what, query in (
        ("orders entered", "SELECT create_date FROM sale_order"),
        ("confirmed", "SELECT date_order FROM sale_order WHERE state = 'sale'"),
        ("entries", "SELECT create_date FROM account_move WHERE state = 'posted'"),
    ):
        ((before, after),) = env.execute_query(
            SQL(
                "WITH rows(moment) AS (%s) SELECT"
                " COUNT(*) FILTER (WHERE moment < %s),"
                " COUNT(*) FILTER (WHERE moment >= %s) FROM rows",
                *(SQL(query), moment, moment),
            )
        )
        told.append(f"{what} {before} and {after}")
    return ", ".join(told)
