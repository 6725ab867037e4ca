"""What customers owe and have ordered, as one SQL statement (DESIGN 4).

Parts are put together in ``customer.credit.exposure``. Everything of an order is
computed in its own currency and converted at the rate stored on the order; posted
entries count with the amounts they were booked at; online payments at today's rate.
Quantities are in the unit of the order line.

Every part joins from ``parties``, so the work for one customer depends on that
customer's documents alone; for all customers the same text becomes a few scans.
"""

PARTIES_OF = """
    parties AS (
        SELECT id, commercial_partner_id AS debtor
          FROM res_partner
         WHERE commercial_partner_id = ANY(%(debtors)s)
    )
"""
PARTIES_ALL = """
    parties AS (
        SELECT id, commercial_partner_id AS debtor
          FROM res_partner
         WHERE commercial_partner_id IS NOT NULL
    )
"""
#: open items of receivable accounts. An entry reset to draft keeps its
#: reconciliations: what it took from a posted entry is given back to that.
ITEMS = """
    items AS (
        SELECT x.debtor, l.id AS line_id, l.amount_residual AS amount,
               COALESCE(l.date_maturity, l.date) AS due
          FROM parties x
          JOIN account_move_line l ON l.partner_id = x.id
         WHERE l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
           AND l.account_id = ANY(ARRAY(
               SELECT id FROM account_account WHERE account_type = 'asset_receivable'))
           AND l.company_id = ANY(%(companies)s) AND l.amount_residual <> 0
     UNION ALL
        SELECT x.debtor, posted.id,
               CASE WHEN part.debit_move_id = draft.id THEN -part.amount
                    ELSE part.amount END,
               COALESCE(posted.date_maturity, posted.date)
          FROM parties x
          JOIN account_move_line draft ON draft.partner_id = x.id
          JOIN account_account a ON a.id = draft.account_id
               AND a.account_type = 'asset_receivable'
          JOIN account_partial_reconcile part
               ON draft.id IN (part.debit_move_id, part.credit_move_id)
          JOIN account_move_line posted
               ON posted.id = CASE WHEN part.debit_move_id = draft.id
                                   THEN part.credit_move_id
                                   ELSE part.debit_move_id END
         WHERE draft.parent_state = 'draft' AND posted.parent_state = 'posted'
           AND draft.company_id = ANY(%(companies)s)
    )
"""
#: credits not yet applied cover the items due first
RECEIVABLES = """
    credits AS (
        SELECT debtor, -SUM(amount) AS amount FROM items
         WHERE amount < 0 GROUP BY debtor
    ), uncovered AS (
        SELECT i.debtor, i.line_id, i.due, i.amount,
               SUM(i.amount) OVER (PARTITION BY i.debtor ORDER BY i.due, i.line_id)
               - COALESCE(c.amount, 0) AS rest
          FROM items i LEFT JOIN credits c USING (debtor)
         WHERE i.amount > 0
    ), receivables AS (
        SELECT i.debtor, SUM(i.amount) AS total
          FROM items i GROUP BY i.debtor
    ), overdue AS (
        SELECT debtor, SUM(LEAST(amount, rest)) AS amount, MIN(due) AS oldest
          FROM uncovered WHERE rest > 0 AND due < %(day)s GROUP BY debtor
    )
"""
ORDERS_OF_PARTIES = """
    orders AS (
        SELECT o.id, x.debtor, o.amount_total, o.currency_id,
               COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS rate
          FROM parties x
          JOIN sale_order o ON o.partner_invoice_id = x.id
         WHERE o.state = 'sale' AND o.company_id = ANY(%(companies)s)
    )
"""
#: orders by their ids, as if they were confirmed
ORDERS_BY_ID = """
    orders AS (
        SELECT o.id, p.commercial_partner_id AS debtor, o.amount_total, o.currency_id,
               COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS rate
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_invoice_id
         WHERE o.id = ANY(%(orders)s)
    )
"""
#: what is open of each order. ``committed`` is what will have been invoiced in the
#: end: as ordered, or for lines invoiced by delivery what was delivered and what is
#: still to be, which waits at any step on its way to the customer.
LINES = """
    lines AS (
        SELECT l.id, l.order_id, l.product_id, l.product_uom_id,
               COALESCE(l.product_uom_qty, 0) AS ordered,
               COALESCE(l.qty_delivered, 0) AS delivered,
               COALESCE(l.price_total, 0) AS price_total,
               COALESCE(l.price_subtotal, 0) AS price_subtotal,
               COALESCE(l.price_unit, 0) AS price_unit,
               COALESCE(l.discount, 0) AS discount,
               t.invoice_policy = 'delivery' AS by_delivery, t.uom_id, o.currency_id
          FROM orders o
          JOIN sale_order_line l ON l.order_id = o.id
     LEFT JOIN product_product p ON p.id = l.product_id
     LEFT JOIN product_template t ON t.id = p.product_tmpl_id
         WHERE l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
    ), demand AS (
        SELECT l.id AS line_id,
               SUM(m.product_qty * unit.factor / line_unit.factor) FILTER (
                   WHERE m.state NOT IN ('done', 'cancel')
                     AND m.product_id = l.product_id) AS open,
               BOOL_OR(m.state NOT IN ('done', 'cancel')
                   AND m.product_id <> l.product_id) AS part_is_open
          FROM lines l
          JOIN stock_move m ON m.sale_line_id = l.id
          JOIN stock_location dest ON dest.id = m.location_dest_id
     LEFT JOIN stock_location final ON final.id = m.location_final_id
     LEFT JOIN uom_uom unit ON unit.id = l.uom_id
     LEFT JOIN uom_uom line_unit ON line_unit.id = l.product_uom_id
         WHERE l.by_delivery
           AND (dest.usage = 'customer' OR final.usage = 'customer' AND NOT EXISTS (
                SELECT 1 FROM stock_move_move_rel r WHERE r.move_orig_id = m.id))
      GROUP BY l.id
    ), billed AS (
        SELECT line_id, SUM(quantity) AS quantity
          FROM (%(billed_sources)s) source GROUP BY line_id
    ), rest AS (
        SELECT l.order_id, l.id AS line_id, l.ordered, l.price_total, c.committed,
               u.price,
               COALESCE(b.quantity, 0) AS billed,
               CASE WHEN c.committed >= 0
                    THEN GREATEST(c.committed - COALESCE(b.quantity, 0), 0)
                    ELSE LEAST(c.committed - COALESCE(b.quantity, 0), 0)
               END AS quantity,
               GREATEST(l.delivered - COALESCE(b.quantity, 0), 0) AS shipped
          FROM lines l
     LEFT JOIN demand d ON d.line_id = l.id
     LEFT JOIN billed b ON b.line_id = l.id
    CROSS JOIN LATERAL (
               SELECT CASE WHEN NOT COALESCE(l.by_delivery, FALSE) OR l.ordered < 0
                           THEN l.ordered
                           WHEN d.line_id IS NULL OR d.part_is_open
                           THEN GREATEST(l.ordered, l.delivered)
                           ELSE l.delivered + COALESCE(d.open, 0)
                      END AS committed) c
    CROSS JOIN LATERAL (
               SELECT CASE WHEN l.ordered <> 0 THEN l.price_total / l.ordered
                      ELSE l.price_unit * (1 - l.discount / 100) * (1 + COALESCE((
                           SELECT SUM(tax.amount) / 100
                             FROM account_tax_sale_order_line_rel r
                             JOIN account_tax tax ON tax.id = r.account_tax_id
                            WHERE r.sale_order_line_id = l.id
                              AND tax.amount_type = 'percent'
                              AND COALESCE(tax.price_include_override, '')
                                  <> 'tax_included'), 0))
                      END AS price) u
    ), order_sums AS (
        SELECT o.id, o.debtor, o.rate,
               CASE WHEN BOOL_AND(r.quantity = r.ordered) THEN o.amount_total
                    ELSE SUM(ROUND(r.quantity * r.price, cur.decimal_places))
               END AS gross,
               CASE WHEN BOOL_AND(r.committed = r.ordered) THEN o.amount_total
                    ELSE SUM(ROUND(r.committed * r.price, cur.decimal_places))
               END AS committed,
               SUM(ROUND(r.shipped * r.price, cur.decimal_places)) AS shipped
          FROM orders o
          JOIN rest r ON r.order_id = o.id
          JOIN (SELECT id, CASE WHEN rounding >= 1 THEN 0
                           ELSE CEIL(-LOG(rounding)) END::int AS decimal_places
                  FROM res_currency) cur ON cur.id = o.currency_id
      GROUP BY o.id, o.debtor, o.rate, o.amount_total
    ), deposits AS (
        SELECT order_id, SUM(amount) AS amount
          FROM (%(deposit_sources)s) source GROUP BY order_id
    )
"""
#: down payments that posted invoices ask for, in the currency of the order
DEPOSITS_BY_INVOICES = """
        SELECT l.order_id,
               CASE WHEN v.move_type = 'out_refund' THEN -1 ELSE 1 END
               * i.price_total
               * CASE WHEN v.currency_id = o.currency_id THEN 1
                 ELSE o.rate / COALESCE(NULLIF(v.invoice_currency_rate, 0), 1)
                 END::numeric AS amount
          FROM orders o
          JOIN sale_order_line l ON l.order_id = o.id AND l.is_downpayment
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
          JOIN account_move_line i ON i.id = r.invoice_line_id
               AND i.parent_state = 'posted'
          JOIN account_move v ON v.id = i.move_id
         WHERE l.display_type IS NULL
"""
#: What posted invoices bill of the lines. A refund opens a line again by the quantity
#: it takes back, to be billed anew; one at another price than was billed is an
#: allowance and opens nothing.
BILLED_BY_INVOICES = """
        SELECT l.id AS line_id,
               CASE WHEN v.move_type = 'out_refund' THEN -1 ELSE 1 END
               * i.quantity
               * COALESCE(unit.factor, 1) / COALESCE(line_unit.factor, 1) AS quantity
          FROM lines l
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
          JOIN account_move_line i ON i.id = r.invoice_line_id
               AND i.parent_state = 'posted'
          JOIN account_move v ON v.id = i.move_id
     LEFT JOIN uom_uom unit ON unit.id = i.product_uom_id
     LEFT JOIN uom_uom line_unit ON line_unit.id = l.product_uom_id
         WHERE v.move_type <> 'out_refund' OR i.quantity = 0
            OR v.currency_id <> l.currency_id
            OR l.ordered = 0
            OR ABS(i.price_subtotal / i.quantity
                   * COALESCE(line_unit.factor, 1) / COALESCE(unit.factor, 1))
               >= ABS(l.price_subtotal / l.ordered) * 0.99
            OR EXISTS (
                SELECT 1 FROM sale_order_line_invoice_rel r2
                  JOIN account_move_line i2 ON i2.id = r2.invoice_line_id
                 WHERE r2.order_line_id = l.id AND i2.move_id = v.reversed_entry_id
                   AND i2.quantity <> 0
                   AND ABS(i.price_subtotal / i.quantity)
                       >= ABS(i2.price_subtotal / i2.quantity) * 0.99)
"""
#: the share of an order that has to be prepaid, by the customer's grade
OPEN_ORDERS = """
    open_orders AS (
        SELECT s.id, s.debtor,
               ROUND(s.committed / s.rate, %(digits)s) AS committed,
               ROUND(GREATEST(s.gross - COALESCE(d.amount, 0), 0) / s.rate, %(digits)s)
                   AS amount,
               ROUND(GREATEST(s.gross * CASE a.mode
                   WHEN 'prepay' THEN COALESCE(NULLIF(g.prepayment_share, 0), 100)
                   WHEN 'limited' THEN COALESCE(g.prepayment_share, 0)
                   ELSE 0 END::numeric / 100 - COALESCE(d.amount, 0), 0) / s.rate,
                   %(digits)s) AS prepay_need,
               ROUND(GREATEST(s.shipped - COALESCE(d.amount, 0), 0) / s.rate,
                   %(digits)s) AS shipped
          FROM order_sums s
     LEFT JOIN deposits d ON d.order_id = s.id
     LEFT JOIN customer_credit_account a
               ON a.company_id = %(root)s AND a.partner_id = s.debtor
     LEFT JOIN customer_credit_grade g ON g.id = a.grade_id
    )
"""
#: authorised or done, and not booked: money the ledger does not know yet
ONLINE = """
    transactions AS (
        SELECT DISTINCT ON (t.id) x.debtor, t.id, t.amount, t.currency_id
          FROM parties x
          JOIN sale_order o ON o.partner_invoice_id = x.id
          JOIN sale_order_transaction_rel r ON r.sale_order_id = o.id
          JOIN payment_transaction t ON t.id = r.transaction_id
     LEFT JOIN account_payment paid ON paid.id = t.payment_id
     LEFT JOIN account_move entry ON entry.id = paid.move_id
         WHERE t.state IN ('authorized', 'done')
           AND COALESCE(t.operation, '') <> 'validation'
           AND entry.state IS DISTINCT FROM 'posted'
           AND t.company_id = ANY(%(companies)s)
     UNION
        SELECT x.debtor, t.id, t.amount, t.currency_id
          FROM parties x
          JOIN payment_transaction t ON t.partner_id = x.id
     LEFT JOIN account_payment paid ON paid.id = t.payment_id
     LEFT JOIN account_move entry ON entry.id = paid.move_id
         WHERE t.state IN ('authorized', 'done')
           AND COALESCE(t.operation, '') <> 'validation'
           AND entry.state IS DISTINCT FROM 'posted'
           AND t.company_id = ANY(%(companies)s)
           AND NOT EXISTS (SELECT 1 FROM sale_order_transaction_rel r
                            WHERE r.transaction_id = t.id)
    ), online AS (
        SELECT t.debtor, SUM(ROUND(t.amount / rate.rate, %(digits)s)) AS amount
          FROM transactions t
          JOIN (SELECT * FROM JSONB_EACH_TEXT(%(rates)s::jsonb))
               AS known (currency_id, text) ON known.currency_id = t.currency_id::text
    CROSS JOIN LATERAL (SELECT known.text::numeric AS rate) rate
      GROUP BY t.debtor
    )
"""
#: weighted balances; bills count no more than what is not due yet
EXTRA = """
    extra AS (
        SELECT debtor, SUM(ROUND(amount, %(digits)s)) AS amount
          FROM (
            SELECT x.debtor,
                   e.weight::numeric / 100 * CASE WHEN e.until_maturity
                   THEN GREATEST(LEAST(SUM(l.balance), SUM(l.balance) FILTER (
                        WHERE l.balance > 0
                          AND COALESCE(l.date_maturity, %(day)s) >= %(day)s)), 0)
                   ELSE SUM(l.balance) END AS amount
              FROM customer_credit_extra_account e
              JOIN account_move_line l ON l.account_id = e.account_id
                   AND l.parent_state = 'posted' AND l.company_id = ANY(%(companies)s)
              JOIN parties x ON x.id = l.partner_id
             WHERE e.company_id = %(root)s
          GROUP BY x.debtor, e.id, e.weight, e.until_maturity
          ) per_account
      GROUP BY debtor
    )
"""
FIGURES = """
    SELECT debtor,
           COALESCE(SUM(receivable), 0), COALESCE(SUM(unapplied), 0),
           COALESCE(SUM(overdue), 0), MIN(oldest),
           COALESCE(SUM(ordered), 0), COALESCE(SUM(prepay_need), 0),
           COALESCE(SUM(shipped), 0), COALESCE(SUM(online), 0),
           COALESCE(SUM(extra), 0)
      FROM (
        SELECT debtor, total AS receivable, NULL::numeric AS unapplied,
               NULL::numeric AS overdue, NULL::date AS oldest,
               NULL::numeric AS ordered, NULL::numeric AS prepay_need,
               NULL::numeric AS shipped, NULL::numeric AS online,
               NULL::numeric AS extra
          FROM receivables
     UNION ALL
        SELECT debtor, NULL, amount, NULL, NULL, NULL, NULL, NULL, NULL, NULL
          FROM credits
     UNION ALL
        SELECT debtor, NULL, NULL, amount, oldest, NULL, NULL, NULL, NULL, NULL
          FROM overdue
     UNION ALL
        SELECT debtor, NULL, NULL, NULL, NULL, amount, prepay_need, shipped, NULL, NULL
          FROM open_orders
     UNION ALL
        SELECT debtor, NULL, NULL, NULL, NULL, NULL, NULL, NULL, amount, NULL
          FROM online
     UNION ALL
        SELECT debtor, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, amount
          FROM extra
      ) part
  GROUP BY debtor
"""
