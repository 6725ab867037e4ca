"""The statements that derive what each source line stands for (DESIGN 5).

Texts of this file are constant; values come in as parameters.
"""

from .rebate_engine_scope import SLOTS
from .rebate_engine_tables import tables

#: An amount of the company's currency in the programme's, at the rate of the day.
_CONVERTED = """
    ROUND({amount}
          * COALESCE((SELECT q.rate FROM res_currency_rate q
                       WHERE q.currency_id = s.currency_id AND q.name <= {day}
                         AND (q.company_id IS NULL OR q.company_id = s.company_id)
                       ORDER BY q.company_id, q.name DESC LIMIT 1), 1)
          / COALESCE((SELECT q.rate FROM res_currency_rate q
                       WHERE q.currency_id = {books}.company_currency_id
                         AND q.name <= {day}
                         AND (q.company_id IS NULL OR q.company_id = s.company_id)
                       ORDER BY q.company_id, q.name DESC LIMIT 1), 1)
          / s.rounding) * s.rounding
"""

_INVOICE_COMPANY_AMOUNT = """
    CASE WHEN NOT s.is_taxed THEN - aml.balance
         WHEN aml.amount_currency = 0 OR mv.currency_id = mv.company_currency_id
         THEN mv.sign * aml.price_total
         ELSE mv.sign * aml.price_total * aml.balance / aml.amount_currency END
"""
_INVOICE_CONVERTED = _CONVERTED.format(
    amount=f"({_INVOICE_COMPANY_AMOUNT})", books="mv", day="d.day"
)
_INVOICE_AMOUNT = f"""
    CASE WHEN mv.currency_id = s.currency_id
         THEN CASE WHEN s.is_taxed THEN mv.sign * aml.price_total
                   ELSE - aml.amount_currency END
         WHEN mv.company_currency_id = s.currency_id
         THEN ROUND(({_INVOICE_COMPANY_AMOUNT}) / s.rounding) * s.rounding
         ELSE {_INVOICE_CONVERTED}
    END
"""

#: Posted invoices of the customers in scope, and which part of each was paid in money.
#: ``%(moves)s`` narrows them. Money is what the paying entry has on liquidity accounts:
#: write-offs, discounts, refunds and exchange differences are none. Shares are taken
#: in the invoice's own currency, which exchange differences do not touch.
INVOICES = """
    mv AS MATERIALIZED (
        SELECT am.id, CASE am.move_type WHEN 'out_refund' THEN -1 ELSE 1 END AS sign,
               COALESCE(am.invoice_date, am.date) AS own_day,
               CASE am.move_type WHEN 'out_refund'
                    THEN COALESCE(orig.invoice_date, orig.date, am.invoice_date,
                                  am.date)
                    ELSE COALESCE(am.invoice_date, am.date) END AS origin_day,
               rp.commercial_partner_id AS partner_id, am.currency_id,
               br.company_id, br.company_currency_id, br.tz
          FROM account_move am
          JOIN branch br ON br.id = am.company_id
          JOIN res_partner rp ON rp.id = am.partner_id
          JOIN slot_partner sp ON sp.partner_id = rp.commercial_partner_id
               AND sp.company_id = br.company_id
     LEFT JOIN account_move orig ON orig.id = am.reversed_entry_id
         WHERE am.state = 'posted' AND am.move_type IN ('out_invoice', 'out_refund')
           AND am.rebate_settlement_id IS NULL AND %(moves)s
    ), recv AS MATERIALIZED (
        SELECT l.id, l.move_id, l.date_maturity, ABS(l.amount_currency) AS amount,
               mv.sign, mv.own_day
          FROM mv
          JOIN account_move_line l ON l.move_id = mv.id
               AND l.display_type = 'payment_term'
    ), part AS MATERIALIZED (
        SELECT r.move_id, r.own_day, r.date_maturity, o.move_id AS other_id,
               p.debit_amount_currency AS amount
          FROM recv r
          JOIN account_partial_reconcile p ON p.debit_move_id = r.id AND r.sign = 1
          JOIN account_move_line o ON o.id = p.credit_move_id
               AND o.parent_state = 'posted'
         UNION ALL
        SELECT r.move_id, r.own_day, r.date_maturity, o.move_id,
               p.credit_amount_currency
          FROM recv r
          JOIN account_partial_reconcile p ON p.credit_move_id = r.id AND r.sign = -1
          JOIN account_move_line o ON o.id = p.debit_move_id
               AND o.parent_state = 'posted'
    ), money AS MATERIALIZED (
        SELECT om.id, om.date AS paid_on,
               LEAST(1, ABS(COALESCE(SUM(ol.balance) FILTER (
                       WHERE ol.account_id IN (j.default_account_id,
                                               ap.outstanding_account_id)
                          OR oa.account_type = 'asset_cash'), 0))
                   / NULLIF(ABS(SUM(ol.balance) FILTER (
                       WHERE oa.account_type = 'asset_receivable')), 0)) AS share
          FROM (SELECT DISTINCT other_id FROM part) x
          JOIN account_move om ON om.id = x.other_id AND om.move_type = 'entry'
          JOIN account_move_line ol ON ol.move_id = om.id
          JOIN account_account oa ON oa.id = ol.account_id
     LEFT JOIN account_journal j ON j.id = om.journal_id
               AND j.type IN ('bank', 'cash', 'credit')
     LEFT JOIN account_payment ap ON ap.id = om.origin_payment_id
         GROUP BY om.id, om.date
    ), total AS (
        SELECT move_id, SUM(amount) AS amount FROM recv GROUP BY move_id
    ), paid AS MATERIALIZED (
        SELECT p.move_id, sv.speed_id,
               SUM(p.amount * m.share) / MIN(t.amount) AS cash_share,
               SUM(p.amount * m.share * CASE WHEN sv.has_speed THEN COALESCE((
                       SELECT e.percent::numeric / 100 FROM rebate_speed e
                        WHERE e.version_id = sv.speed_id
                          AND m.paid_on - CASE sv.speed_from WHEN 'due'
                              THEN p.date_maturity ELSE p.own_day END <= e.days
                        ORDER BY e.days LIMIT 1), 0) ELSE 1 END)
                   / MIN(t.amount) AS paid_share
          FROM part p
          JOIN money m ON m.id = p.other_id AND m.share > 0
          JOIN total t ON t.move_id = p.move_id AND t.amount <> 0
    CROSS JOIN slot_speed sv
         GROUP BY p.move_id, sv.speed_id
    ), down AS MATERIALIZED (
        SELECT l.move_id, r.order_line_id, SUM(l.price_total) AS amount
          FROM mv
          JOIN account_move_line l ON l.move_id = mv.id AND l.is_downpayment
          JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
         WHERE mv.sign = 1
         GROUP BY l.move_id, r.order_line_id
    ), advance AS MATERIALIZED (
        -- what was paid of an invoice before: of the down payments it deducts
        SELECT d.move_id, a.speed_id, - SUM(d.amount) AS amount,
               - SUM(d.amount * a.cash_share) AS cash,
               - SUM(d.amount * a.paid_share) AS paid
          FROM down d
          JOIN (SELECT x.order_line_id, sv.speed_id,
                       SUM(x.amount * COALESCE(pd.cash_share, 0)) / SUM(x.amount)
                           AS cash_share,
                       SUM(x.amount * COALESCE(pd.paid_share, 0)) / SUM(x.amount)
                           AS paid_share
                  FROM down x
            CROSS JOIN slot_speed sv
             LEFT JOIN paid pd ON pd.move_id = x.move_id
                       AND pd.speed_id = sv.speed_id
                 WHERE x.amount > 0
                 GROUP BY x.order_line_id, sv.speed_id
               ) a ON a.order_line_id = d.order_line_id
         WHERE d.amount < 0
         GROUP BY d.move_id, a.speed_id
    ), settled AS MATERIALIZED (
        SELECT mv.*, sv.speed_id,
               COALESCE((COALESCE(t.amount * pd.cash_share, 0) + COALESCE(ad.cash, 0))
                   / NULLIF(COALESCE(t.amount, 0) + COALESCE(ad.amount, 0), 0), 1)
                   AS cash_share,
               COALESCE((COALESCE(t.amount * pd.paid_share, 0) + COALESCE(ad.paid, 0))
                   / NULLIF(COALESCE(t.amount, 0) + COALESCE(ad.amount, 0), 0), 1)
                   AS paid_share
          FROM mv
    CROSS JOIN slot_speed sv
     LEFT JOIN total t ON t.move_id = mv.id
     LEFT JOIN paid pd ON pd.move_id = mv.id AND pd.speed_id = sv.speed_id
     LEFT JOIN advance ad ON ad.move_id = mv.id AND ad.speed_id = sv.speed_id
    ), origin AS MATERIALIZED (
        -- the order line an invoice line comes from, where the order's day counts
        SELECT r.invoice_line_id, MIN(r.order_line_id) AS order_line_id
          FROM sale_order_line_invoice_rel r
         WHERE EXISTS (SELECT FROM slot WHERE stage = 'order') AND %(lines)s
         GROUP BY r.invoice_line_id
    )
"""

#: How many units of the product the line has; looked up where it is in others.
_QUANTITY = """
    CASE WHEN {line}.product_uom_id = g.uom_id THEN {line}.{column}
         ELSE {line}.{column}
              * COALESCE((SELECT u.factor / NULLIF(pu.factor, 0)
                            FROM uom_uom u JOIN uom_uom pu ON pu.id = g.uom_id
                           WHERE u.id = {line}.product_uom_id), 1) END
"""
_GOOD = """
          JOIN good g ON g.filter_id = s.filter_id
               AND g.product_id = COALESCE({line}.product_id, 0)
"""
_INVOICE_QUANTITY = _QUANTITY.format(line="aml", column="quantity")

_INVOICE_COLUMNS = f"""
    s.balance_id, s.version_id, 'i' AS source_kind, aml.id AS source_id,
    mv.id AS document_id, d.day AS date, d.day < s.date_from AS is_reference, s.measure,
    {_INVOICE_AMOUNT} AS amount,
    CASE WHEN mv.sign < 0 THEN - ({_INVOICE_QUANTITY}) ELSE {_INVOICE_QUANTITY} END
        AS quantity,
    mv.cash_share, mv.paid_share
"""
_SLOT = """
          JOIN slot s ON s.partner_id = mv.partner_id
               AND s.company_id = mv.company_id AND s.speed_id = mv.speed_id
"""
_INVOICE_LINE = "aml.display_type = 'product' AND aml.is_downpayment IS NOT TRUE"
_IN_WINDOW = """
    ({day} BETWEEN s.date_from AND s.date_to
     OR {day} BETWEEN s.ref_from AND s.ref_to)
"""
_INVOICE_DAY = "CASE s.returns_to WHEN 'own' THEN mv.own_day ELSE mv.origin_day END"
_ORDER_DAY = "(so.date_order AT TIME ZONE 'UTC' AT TIME ZONE {books}.tz)::date"

#: What lines of invoices stand for: by their own dates, or by those of the order.
INVOICE_LINES = f"""
    inv AS (
        SELECT {_INVOICE_COLUMNS}
          FROM settled mv
          {_SLOT}
               AND s.stage = 'invoice' AND {_IN_WINDOW.format(day=_INVOICE_DAY)}
    CROSS JOIN LATERAL (SELECT {_INVOICE_DAY} AS day) d
          JOIN account_move_line aml ON aml.move_id = mv.id AND {_INVOICE_LINE}
          {_GOOD.format(line="aml")}
         UNION ALL
        SELECT {_INVOICE_COLUMNS}
          FROM settled mv
          JOIN account_move_line aml ON aml.move_id = mv.id AND {_INVOICE_LINE}
          JOIN origin og ON og.invoice_line_id = aml.id
          JOIN sale_order_line sol ON sol.id = og.order_line_id
          JOIN sale_order so ON so.id = sol.order_id
    CROSS JOIN LATERAL (SELECT {_ORDER_DAY.format(books="mv")} AS day) d
          {_SLOT}
               AND s.stage = 'order' AND {_IN_WINDOW.format(day="d.day")}
          {_GOOD.format(line="aml")}
    )
"""

_ORDER_LINE_AMOUNT = (
    "CASE WHEN s.is_taxed THEN sol.price_total ELSE sol.price_subtotal END"
)
_ORDER_COMPANY_AMOUNT = (
    f"({_ORDER_LINE_AMOUNT}) / COALESCE(NULLIF(so.currency_rate, 0), 1)"
)
_ORDER_CONVERTED = _CONVERTED.format(
    amount=f"({_ORDER_COMPANY_AMOUNT})", books="br", day="d.day"
)
_ORDER_AMOUNT = f"""
    CASE WHEN so.currency_id = s.currency_id THEN {_ORDER_LINE_AMOUNT}
         WHEN br.company_currency_id = s.currency_id
         THEN ROUND({_ORDER_COMPANY_AMOUNT} / s.rounding) * s.rounding
         ELSE {_ORDER_CONVERTED}
    END
"""

#: What lines of confirmed orders stand for. Services need no delivery.
#: ``%(orders)s`` narrows them.
ORDER_LINES = f"""
    ord AS (
        SELECT s.balance_id, s.version_id, 'o' AS source_kind, sol.id AS source_id,
               so.id AS document_id, d.day AS date, FALSE AS is_reference,
               {_ORDER_AMOUNT} AS amount,
               {_QUANTITY.format(line="sol", column="product_uom_qty")} AS quantity,
               CASE WHEN g.is_service THEN 1
                    ELSE LEAST(1, GREATEST(0, COALESCE(sol.qty_delivered
                         / NULLIF(sol.product_uom_qty, 0), 0))) END AS delivered_share
          FROM sale_order so
          JOIN branch br ON br.id = so.company_id
          JOIN res_partner rp ON rp.id = so.partner_invoice_id
    CROSS JOIN LATERAL (SELECT {_ORDER_DAY.format(books="br")} AS day) d
          JOIN slot s ON s.partner_id = rp.commercial_partner_id
               AND s.company_id = br.company_id
               AND d.day BETWEEN s.date_from AND s.date_to
          JOIN sale_order_line sol ON sol.order_id = so.id
               AND sol.display_type IS NULL AND sol.is_downpayment IS NOT TRUE
          {_GOOD.format(line="sol")}
         WHERE so.state = 'sale' AND %(orders)s
    )
"""

_CASH, _PAID = (
    f"CASE WHEN {share} = 1 THEN amount ELSE ROUND(amount * {share}, 10) END"
    for share in ("cash_share", "paid_share")
)
_REFERENCE = "CASE WHEN measure = 'quantity' THEN quantity ELSE amount END"

#: what each measure counts for where all of a line are put into one number: another
#: where one measure has too much of what another lacks
WEIGHTS = {
    "ordered": 3,
    "ordered_qty": 1,
    "delivered": 5,
    "invoiced": 3,
    "invoiced_qty": 1,
    "cash": 5,
    "paid": 2,
    "reference": 7,
}


def total(**measures):
    """Return the text of that number.

    :param str measures: SQL of the measures that are not 0
    """
    return " + ".join(
        f"({text})" + f" * {WEIGHTS[name]}" * (WEIGHTS[name] > 1)
        for name, text in measures.items()
    )


_ORDER_TOTAL = total(
    ordered="amount", ordered_qty="quantity", delivered="amount * delivered_share"
)
_INVOICED_TOTAL = total(invoiced="amount", invoiced_qty="quantity")
_INVOICE_TOTAL = f"""
    {_INVOICED_TOTAL}
    + CASE WHEN paid_share = cash_share
           THEN ({_CASH}) * {WEIGHTS["cash"] + WEIGHTS["paid"]}
           ELSE {total(cash=_CASH, paid=_PAID)} END
"""
_REFERENCE_TOTAL = total(reference=_REFERENCE)

#: One row per balance and source line, with what the ledger is to add up to.
DESIRED = f"""
    desired AS (
        SELECT balance_id, version_id, source_kind, source_id, document_id, date,
               amount AS ordered, quantity AS ordered_qty,
               amount * delivered_share AS delivered, 0::numeric AS invoiced,
               0::numeric AS invoiced_qty, 0::numeric AS cash, 0::numeric AS paid,
               0::numeric AS reference, is_reference,
               {_ORDER_TOTAL} AS total
          FROM ord
         UNION ALL
        SELECT balance_id, version_id, source_kind, source_id, document_id, date,
               0::numeric, 0::numeric, 0::numeric,
               CASE WHEN is_reference THEN 0 ELSE amount END,
               CASE WHEN is_reference THEN 0 ELSE quantity END,
               CASE WHEN is_reference THEN 0 ELSE {_CASH} END,
               CASE WHEN is_reference THEN 0 ELSE {_PAID} END,
               CASE WHEN is_reference THEN {_REFERENCE} ELSE 0 END, is_reference,
               CASE WHEN is_reference THEN {_REFERENCE_TOTAL} ELSE {_INVOICE_TOTAL} END
          FROM inv
    )
"""

#: what lines are joined with, each by its name, in the order they are made
SOURCE_TABLES = tables(SLOTS + INVOICES)
