"""The statements that derive what each source line stands for (DESIGN 5).

Texts of this file are constant; values come in as parameters.
"""

from .rebate_engine_tables import tables

#: Balances in scope with the rules that count for them. ``picked`` comes before, with
#: the columns balance_id, participant_id, partner_id, programme_id, version_id,
#: date_from and date_to.
SLOTS = """
    branch AS (
        SELECT c.id, r.id AS root_id, r.currency_id AS root_currency_id,
               COALESCE(p.tz, 'UTC') AS tz
          FROM res_company c
          JOIN res_company r ON r.id = split_part(c.parent_path, '/', 1)::int
          JOIN res_partner p ON p.id = r.partner_id
    ), slot AS MATERIALIZED (
        SELECT x.*, CASE WHEN has_speed THEN v.id ELSE 0 END AS speed_id, has_speed,
               v.stage, v.measure, v.is_taxed, v.returns_to,
               v.speed_from, pr.company_id,
               pr.currency_id, cur.rounding::numeric AS rounding, pr.stack_group,
               pr.sequence,
               EXISTS (SELECT FROM rebate_version_product_rel e
                        WHERE e.version_id = v.id)
               OR EXISTS (SELECT FROM rebate_version_category_rel e
                        WHERE e.version_id = v.id) AS has_filter,
               CASE WHEN v.tier_by = 'growth' THEN CASE v.reference
                    WHEN 'year' THEN (x.date_from - interval '1 year')::date
                    ELSE (x.date_from - age(x.date_to + 1, x.date_from))::date END
               END AS ref_from,
               CASE WHEN v.tier_by = 'growth' THEN CASE v.reference
                    WHEN 'year' THEN (x.date_to + 1 - interval '1 year')::date - 1
                    ELSE x.date_from - 1 END
               END AS ref_to
          FROM picked x
          JOIN rebate_version v ON v.id = x.version_id
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM rebate_speed e
               WHERE e.version_id = v.id) AS has_speed) y
          JOIN rebate_programme pr ON pr.id = x.programme_id
          JOIN res_currency cur ON cur.id = pr.currency_id
    ), slot_version AS MATERIALIZED (
        SELECT DISTINCT version_id FROM slot WHERE has_filter
    ), slot_speed AS MATERIALIZED (
        -- versions for which it matters how soon was paid, and one row for the others
        SELECT DISTINCT speed_id, CASE WHEN has_speed THEN speed_from END AS speed_from,
               has_speed
          FROM slot
    ), slot_partner AS MATERIALIZED (
        SELECT DISTINCT partner_id, company_id FROM slot
    ), slot_product AS MATERIALIZED (
        SELECT s.version_id, pp.id AS product_id
          FROM slot_version s
          JOIN rebate_version_product_rel r ON r.version_id = s.version_id
          JOIN product_product pp ON pp.id = r.product_id
         UNION
        SELECT s.version_id, pp.id
          FROM slot_version s
          JOIN rebate_version_category_rel r ON r.version_id = s.version_id
          JOIN product_category top ON top.id = r.category_id
          JOIN product_category c ON c.parent_path LIKE top.parent_path || '%%'
          JOIN product_template pt ON pt.categ_id = c.id
          JOIN product_product pp ON pp.product_tmpl_id = pt.id
    )
"""

#: An amount of the company's currency in the programme's, at the rate of the day.
_CONVERTED = """
    ROUND({amount}
          * COALESCE((SELECT q.rate FROM res_currency_rate q
                       WHERE q.currency_id = s.currency_id AND q.name <= {day}
                         AND (q.company_id IS NULL OR q.company_id = br.root_id)
                       ORDER BY q.company_id, q.name DESC LIMIT 1), 1)
          / COALESCE((SELECT q.rate FROM res_currency_rate q
                       WHERE q.currency_id = br.root_currency_id AND q.name <= {day}
                         AND (q.company_id IS NULL OR q.company_id = br.root_id)
                       ORDER BY q.company_id, q.name DESC LIMIT 1), 1)
          / s.rounding) * s.rounding
"""

_INVOICE_COMPANY_AMOUNT = """
    CASE WHEN NOT s.is_taxed THEN - aml.balance
         WHEN aml.amount_currency = 0 OR am.currency_id = br.root_currency_id
         THEN mv.sign * aml.price_total
         ELSE mv.sign * aml.price_total * aml.balance / aml.amount_currency END
"""
_INVOICE_AMOUNT = f"""
    CASE WHEN am.currency_id = s.currency_id
         THEN CASE WHEN s.is_taxed THEN mv.sign * aml.price_total
                   ELSE - aml.amount_currency END
         WHEN br.root_currency_id = s.currency_id
         THEN ROUND(({_INVOICE_COMPANY_AMOUNT}) / s.rounding) * s.rounding
         ELSE {_CONVERTED.format(amount=f"({_INVOICE_COMPANY_AMOUNT})", day="d.day")}
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
               rp.commercial_partner_id AS partner_id, br.root_id AS company_id
          FROM account_move am
          JOIN branch br ON br.id = am.company_id
          JOIN res_partner rp ON rp.id = am.partner_id
          JOIN slot_partner sp ON sp.partner_id = rp.commercial_partner_id
               AND sp.company_id = br.root_id
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
        SELECT mv.id AS move_id, sv.speed_id,
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
        SELECT l.id AS invoice_line_id, MIN(r.order_line_id) AS order_line_id
          FROM mv
          JOIN account_move_line l ON l.move_id = mv.id
          JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
         WHERE EXISTS (SELECT FROM slot WHERE stage = 'order')
         GROUP BY l.id
    )
"""

#: How many units of the product one of the line is; looked up where it is another.
_UNITS = """
    CASE WHEN {line}.product_uom_id = pt.uom_id THEN 1
         ELSE COALESCE((SELECT u.factor / NULLIF(pu.factor, 0)
                          FROM uom_uom u JOIN uom_uom pu ON pu.id = pt.uom_id
                         WHERE u.id = {line}.product_uom_id), 1) END
"""

_INVOICE_COLUMNS = f"""
    s.balance_id, s.version_id, 'i' AS source_kind, aml.id AS source_id,
    am.id AS document_id, d.day AS date, s.stack_group, s.sequence, s.programme_id,
    d.day < s.date_from AS is_reference, s.measure,
    {_INVOICE_AMOUNT} AS amount,
    mv.sign * aml.quantity * {_UNITS.format(line="aml")} AS quantity,
    st.cash_share, st.paid_share
"""
_INVOICE_JOINS = """
     LEFT JOIN product_product pp ON pp.id = aml.product_id
     LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
     LEFT JOIN slot_product f ON s.has_filter AND f.version_id = s.version_id
               AND f.product_id = aml.product_id
          JOIN settled st ON st.move_id = mv.id AND st.speed_id = s.speed_id
"""
_IN_WINDOW = """
    ({day} BETWEEN s.date_from AND s.date_to
     OR {day} BETWEEN s.ref_from AND s.ref_to)
"""
_INVOICE_DAY = "CASE s.returns_to WHEN 'own' THEN mv.own_day ELSE mv.origin_day END"
_ORDER_DAY = "(so.date_order AT TIME ZONE 'UTC' AT TIME ZONE br.tz)::date"

#: What lines of invoices stand for: by their own dates, or by those of the order.
INVOICE_LINES = f"""
    inv AS (
        SELECT {_INVOICE_COLUMNS}
          FROM mv
          JOIN slot s ON s.partner_id = mv.partner_id
               AND s.company_id = mv.company_id AND s.stage = 'invoice'
               AND {_IN_WINDOW.format(day=_INVOICE_DAY)}
    CROSS JOIN LATERAL (SELECT {_INVOICE_DAY} AS day) d
          JOIN account_move am ON am.id = mv.id
          JOIN branch br ON br.id = am.company_id
          JOIN account_move_line aml ON aml.move_id = mv.id
               AND aml.display_type = 'product'
               AND aml.is_downpayment IS NOT TRUE
        {_INVOICE_JOINS}
         WHERE NOT s.has_filter OR f.product_id IS NOT NULL
         UNION ALL
        SELECT {_INVOICE_COLUMNS}
          FROM mv
          JOIN account_move am ON am.id = mv.id
          JOIN branch br ON br.id = am.company_id
          JOIN account_move_line aml ON aml.move_id = mv.id
               AND aml.display_type = 'product'
               AND aml.is_downpayment IS NOT TRUE
          JOIN origin og ON og.invoice_line_id = aml.id
          JOIN sale_order_line sol ON sol.id = og.order_line_id
          JOIN sale_order so ON so.id = sol.order_id
    CROSS JOIN LATERAL (SELECT {_ORDER_DAY} AS day) d
          JOIN slot s ON s.partner_id = mv.partner_id
               AND s.company_id = mv.company_id AND s.stage = 'order'
               AND {_IN_WINDOW.format(day="d.day")}
        {_INVOICE_JOINS}
         WHERE NOT s.has_filter OR f.product_id IS NOT NULL
    )
"""

_ORDER_LINE_AMOUNT = (
    "CASE WHEN s.is_taxed THEN sol.price_total ELSE sol.price_subtotal END"
)
_ORDER_COMPANY_AMOUNT = (
    f"({_ORDER_LINE_AMOUNT}) / COALESCE(NULLIF(so.currency_rate, 0), 1)"
)
_ORDER_AMOUNT = f"""
    CASE WHEN so.currency_id = s.currency_id THEN {_ORDER_LINE_AMOUNT}
         WHEN br.root_currency_id = s.currency_id
         THEN ROUND({_ORDER_COMPANY_AMOUNT} / s.rounding) * s.rounding
         ELSE {_CONVERTED.format(amount=f"({_ORDER_COMPANY_AMOUNT})", day="d.day")}
    END
"""

#: What lines of confirmed orders stand for. Services need no delivery.
#: ``%(orders)s`` narrows them.
ORDER_LINES = f"""
    ord AS (
        SELECT s.balance_id, s.version_id, 'o' AS source_kind, sol.id AS source_id,
               so.id AS document_id, d.day AS date, s.stack_group, s.sequence,
               s.programme_id, FALSE AS is_reference,
               {_ORDER_AMOUNT} AS amount,
               sol.product_uom_qty * {_UNITS.format(line="sol")} AS quantity,
               CASE WHEN pt.type = 'service' OR sol.product_id IS NULL THEN 1
                    ELSE LEAST(1, GREATEST(0, COALESCE(sol.qty_delivered
                         / NULLIF(sol.product_uom_qty, 0), 0))) END AS delivered_share
          FROM sale_order so
          JOIN branch br ON br.id = so.company_id
          JOIN res_partner rp ON rp.id = so.partner_invoice_id
    CROSS JOIN LATERAL (SELECT {_ORDER_DAY} AS day) d
          JOIN slot s ON s.partner_id = rp.commercial_partner_id
               AND s.company_id = br.root_id
               AND d.day BETWEEN s.date_from AND s.date_to
          JOIN sale_order_line sol ON sol.order_id = so.id
               AND sol.display_type IS NULL AND sol.is_downpayment IS NOT TRUE
     LEFT JOIN product_product pp ON pp.id = sol.product_id
     LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
     LEFT JOIN slot_product f ON s.has_filter AND f.version_id = s.version_id
               AND f.product_id = sol.product_id
         WHERE so.state = 'sale' AND %(orders)s
           AND (NOT s.has_filter OR f.product_id IS NOT NULL)
    )
"""

#: One row per balance and source line, with what the ledger is to add up to.
DESIRED = """
    desired AS (
        SELECT balance_id, version_id, source_kind, source_id, document_id, date,
               amount AS ordered, quantity AS ordered_qty,
               amount * delivered_share AS delivered, 0 AS invoiced,
               0 AS invoiced_qty, 0 AS cash, 0 AS paid, 0 AS reference,
               stack_group, sequence, programme_id, is_reference
          FROM ord
         UNION ALL
        SELECT balance_id, version_id, source_kind, source_id, document_id, date,
               0, 0, 0,
               CASE WHEN is_reference THEN 0 ELSE amount END,
               CASE WHEN is_reference THEN 0 ELSE quantity END,
               CASE WHEN is_reference THEN 0 WHEN cash_share = 1 THEN amount
                    ELSE ROUND(amount * cash_share, 10) END,
               CASE WHEN is_reference THEN 0 WHEN paid_share = 1 THEN amount
                    ELSE ROUND(amount * paid_share, 10) END,
               CASE WHEN NOT is_reference THEN 0
                    WHEN measure = 'quantity' THEN quantity ELSE amount END,
               stack_group, sequence, programme_id, is_reference
          FROM inv
    )
"""

#: what lines are joined with, each by its name, in the order they are made
SOURCE_TABLES = tables(SLOTS + INVOICES)
