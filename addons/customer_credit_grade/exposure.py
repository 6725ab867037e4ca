"""What customers owe and have ordered, as one SQL statement (DESIGN 4).

Parts are put together in ``customer.credit.exposure``; those about orders are in
``exposure_orders.py``. Everything of an order is computed in its own currency and
converted at the rate stored on the order; posted entries count with the amounts they
were booked at; online payments at today's rate.

Every part joins from ``parties``, so the work for one customer depends on that
customer's documents alone; for all customers the same text becomes a few scans.
"""

import re

_PART = re.compile(r"\b(\w+) AS \(")


def keep(parts):
    """Return the text of parts as one whose results are kept (MATERIALIZED).

    PostgreSQL plans each by itself then, in half the time; what it finds for a few
    customers fits into memory.

    :param str parts: the parts of a ``WITH``
    """
    return _PART.sub(r"\1 AS MATERIALIZED (", parts)


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
#: Open items of receivable accounts. An entry reset to draft keeps its
#: reconciliations: what it took from a posted entry is given back to that, in a row of
#: its own. Such drafts are few; they have an index of their own.
ENTRIES = """
    entries AS (
        SELECT x.debtor, l.id AS line_id, l.amount_residual AS amount,
               COALESCE(l.date_maturity, l.date) AS due
          FROM parties x
          JOIN account_move_line l ON l.partner_id = x.id
         WHERE l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
           AND l.account_id = ANY(ARRAY(
               SELECT id FROM account_account
                WHERE account_type = 'asset_receivable'))
           AND l.company_id = ANY(%(companies)s) AND l.amount_residual <> 0
     UNION ALL
        SELECT x.debtor, posted.id, part.amount,
               COALESCE(posted.date_maturity, posted.date)
          FROM account_move_line draft
    CROSS JOIN LATERAL (
               SELECT credit_move_id AS line_id, -amount AS amount
                 FROM account_partial_reconcile WHERE debit_move_id = draft.id
            UNION ALL
               SELECT debit_move_id, amount
                 FROM account_partial_reconcile WHERE credit_move_id = draft.id
               ) part
          JOIN account_move_line posted ON posted.id = part.line_id
          JOIN account_account a ON a.id = posted.account_id
               AND a.account_type = 'asset_receivable'
          JOIN parties x ON x.id = posted.partner_id
         WHERE draft.parent_state = 'draft' AND draft.matching_number IS NOT NULL
           AND posted.parent_state = 'posted'
           AND posted.company_id = ANY(%(companies)s)
    )
"""
#: Credits not yet applied cover the items due first, so what is overdue is what is late
#: less all credits; only how old that is takes looking at one item after the other.
RECEIVABLES = """
    receivables AS (
        SELECT debtor, SUM(amount) AS total,
               COALESCE(-SUM(amount) FILTER (WHERE amount < 0), 0) AS unapplied,
               COALESCE(SUM(amount) FILTER (
                   WHERE amount > 0 AND due < %(day)s), 0) AS late,
               MIN(due) FILTER (WHERE amount > 0 AND due < %(day)s) AS oldest
          FROM entries GROUP BY debtor
    ), partly_covered AS (
        SELECT debtor, MIN(due) AS oldest
          FROM (
            SELECT e.debtor, e.due,
                   SUM(e.amount) OVER (PARTITION BY e.debtor ORDER BY e.due)
                   - r.unapplied AS rest
              FROM receivables r JOIN entries e USING (debtor)
             WHERE r.unapplied > 0 AND r.late > r.unapplied
               AND e.amount > 0 AND e.due < %(day)s
          ) item
         WHERE rest > 0 GROUP BY debtor
    )
"""
#: one by one: what is open of each item, and what credits leave of it
ITEMS = """
    items AS (
        SELECT debtor, line_id, SUM(amount) AS amount, MIN(due) AS due
          FROM entries GROUP BY debtor, line_id
        HAVING SUM(amount) <> 0
    ), uncovered AS (
        SELECT debtor, line_id, due, amount,
               SUM(GREATEST(amount, 0)) OVER (PARTITION BY debtor
                                              ORDER BY due, line_id)
               + SUM(LEAST(amount, 0)) OVER (PARTITION BY debtor) AS rest
          FROM items
    )
"""
#: Money the ledger does not know yet: authorised or done, and not booked. It belongs to
#: whose order or invoice it pays, else to whoever pays. What was captured or given up
#: of an authorisation is a transaction of its own. Once there is a payment its entry
#: counts, or nothing when that is cancelled; one without entry (Enterprise) counts here
#: until the bank statement books it.
ONLINE = """
    candidates AS (
        SELECT x.debtor, r.transaction_id
          FROM parties x
          JOIN sale_order o ON o.partner_invoice_id = x.id
          JOIN sale_order_transaction_rel r ON r.sale_order_id = o.id
         WHERE NOT EXISTS (
               SELECT 1 FROM sale_order_transaction_rel r2
                WHERE r2.transaction_id = r.transaction_id
                  AND r2.sale_order_id < r.sale_order_id)
     UNION
        SELECT x.debtor, t.id
          FROM parties x
          JOIN payment_transaction t ON t.partner_id = x.id
               AND t.state IN ('authorized', 'done')
         WHERE NOT EXISTS (SELECT 1 FROM sale_order_transaction_rel r
                            WHERE r.transaction_id = t.id)
           AND (t.payment_id IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM account_invoice_transaction_rel r
                 WHERE r.transaction_id = t.id))
     UNION
        SELECT x.debtor, r.transaction_id
          FROM payment_transaction t
          JOIN account_invoice_transaction_rel r ON r.transaction_id = t.id
          JOIN account_move v ON v.id = r.invoice_id
          JOIN parties x ON x.id = v.partner_id
         WHERE t.state IN ('authorized', 'done') AND t.payment_id IS NULL
           AND NOT EXISTS (SELECT 1 FROM sale_order_transaction_rel r2
                            WHERE r2.transaction_id = t.id)
           AND NOT EXISTS (SELECT 1 FROM account_invoice_transaction_rel r2
                            WHERE r2.transaction_id = t.id
                              AND r2.invoice_id < r.invoice_id)
    ), transactions AS (
        SELECT c.debtor, t.id, t.currency_id,
               t.amount - COALESCE((
                   SELECT SUM(child.amount) FROM payment_transaction child
                    WHERE child.source_transaction_id = t.id
                      AND child.operation = t.operation
                      AND child.state IN ('done', 'cancel')), 0) AS amount
          FROM candidates c
          JOIN payment_transaction t ON t.id = c.transaction_id
     LEFT JOIN account_payment paid ON paid.id = t.payment_id
         WHERE t.state IN ('authorized', 'done')
           AND COALESCE(t.operation, '') <> 'validation'
           AND (paid.id IS NULL
                OR paid.move_id IS NULL AND paid.state IN ('draft', 'in_process'))
           AND t.company_id = ANY(%(companies)s)
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
                   THEN GREATEST(LEAST(SUM(l.balance), COALESCE(SUM(l.balance) FILTER (
                        WHERE l.balance > 0
                          AND COALESCE(l.date_maturity, %(day)s) >= %(day)s), 0)), 0)
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
        SELECT debtor, total AS receivable, unapplied,
               GREATEST(late - unapplied, 0) AS overdue,
               CASE WHEN unapplied = 0 THEN oldest END AS oldest,
               NULL::numeric AS ordered, NULL::numeric AS prepay_need,
               NULL::numeric AS shipped, NULL::numeric AS online,
               NULL::numeric AS extra
          FROM receivables
     UNION ALL
        SELECT debtor, NULL, NULL, NULL, oldest, NULL, NULL, NULL, NULL, NULL
          FROM partly_covered
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
