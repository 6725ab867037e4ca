"""Receivables by age, net of credits not yet applied, as SQL (SPEC D6)."""

#: what is open today, with what entries reset to draft took from posted ones
ITEMS_TODAY = """
    items AS (
        SELECT l.id, l.company_id, p.commercial_partner_id AS debtor,
               l.amount_residual AS amount, COALESCE(l.date_maturity, l.date) AS due
          FROM account_move_line l
          JOIN res_partner p ON p.id = l.partner_id
         WHERE l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
           AND l.account_id IN (SELECT id FROM account_account
                                 WHERE account_type = 'asset_receivable')
           AND l.amount_residual <> 0
     UNION ALL
        SELECT posted.id, posted.company_id, p.commercial_partner_id,
               CASE WHEN part.debit_move_id = draft.id THEN -part.amount
                    ELSE part.amount END,
               COALESCE(posted.date_maturity, posted.date)
          FROM account_move_line draft
          JOIN account_account a ON a.id = draft.account_id
               AND a.account_type = 'asset_receivable'
          JOIN res_partner p ON p.id = draft.partner_id
          JOIN account_partial_reconcile part
               ON draft.id IN (part.debit_move_id, part.credit_move_id)
          JOIN account_move_line posted
               ON posted.id = CASE WHEN part.debit_move_id = draft.id
                                   THEN part.credit_move_id
                                   ELSE part.debit_move_id END
         WHERE draft.parent_state = 'draft' AND posted.parent_state = 'posted'
    )
"""
#: what was open at the end of a day in the past: entries of later days, and what was
#: reconciled later, are left out
ITEMS_PAST = """
    items AS (
        SELECT l.id, l.company_id, p.commercial_partner_id AS debtor,
               l.balance - COALESCE(d.amount, 0) + COALESCE(c.amount, 0) AS amount,
               COALESCE(l.date_maturity, l.date) AS due
          FROM account_move_line l
          JOIN res_partner p ON p.id = l.partner_id
     LEFT JOIN LATERAL (
               SELECT SUM(part.amount) AS amount
                 FROM account_partial_reconcile part
                 JOIN account_move_line o ON o.id = part.credit_move_id
                WHERE part.debit_move_id = l.id AND part.max_date <= %(day)s
                  AND o.parent_state = 'posted') d ON TRUE
     LEFT JOIN LATERAL (
               SELECT SUM(part.amount) AS amount
                 FROM account_partial_reconcile part
                 JOIN account_move_line o ON o.id = part.debit_move_id
                WHERE part.credit_move_id = l.id AND part.max_date <= %(day)s
                  AND o.parent_state = 'posted') c ON TRUE
         WHERE l.parent_state = 'posted' AND l.date <= %(day)s
           AND l.account_id IN (SELECT id FROM account_account
                                 WHERE account_type = 'asset_receivable')
    )
"""
#: credits cover what was due first; what is left of them stands in a column of its own
REPORT = """
    own AS (
        SELECT i.id, i.debtor, i.amount, i.due,
               SPLIT_PART(c.parent_path, '/', 1)::int AS root
          FROM items i JOIN res_company c ON c.id = i.company_id
         WHERE i.amount <> 0
    ), credits AS (
        SELECT root, debtor, -SUM(amount) AS amount FROM own
         WHERE amount < 0 GROUP BY root, debtor
    ), open AS (
        SELECT o.root, o.debtor, o.amount, %(day)s - o.due AS days,
               SUM(o.amount) OVER (PARTITION BY o.root, o.debtor ORDER BY o.due, o.id)
               - COALESCE(c.amount, 0) AS rest
          FROM own o LEFT JOIN credits c USING (root, debtor)
         WHERE o.amount > 0
    ), uncovered AS (
        SELECT root, debtor, days, LEAST(amount, GREATEST(rest, 0)) AS amount FROM open
    ), debts AS (
        SELECT u.root, u.debtor, SUM(u.amount) AS amount,
               SUM(u.amount) FILTER (WHERE u.days <= 0) AS not_due,
               SUM(u.amount) FILTER (WHERE u.days BETWEEN 1 AND b.first) AS bucket_1,
               SUM(u.amount) FILTER (
                   WHERE u.days > b.first AND u.days <= b.second) AS bucket_2,
               SUM(u.amount) FILTER (
                   WHERE u.days > b.second AND u.days <= b.third) AS bucket_3,
               SUM(u.amount) FILTER (WHERE u.days > b.third) AS bucket_4,
               MAX(u.days) FILTER (WHERE u.days > 0 AND u.amount > 0) AS days
          FROM uncovered u
          JOIN (SELECT id, SPLIT_PART(credit_ageing_bounds, ',', 1)::int AS first,
                       SPLIT_PART(credit_ageing_bounds, ',', 2)::int AS second,
                       SPLIT_PART(credit_ageing_bounds, ',', 3)::int AS third
                  FROM res_company) b ON b.id = u.root
      GROUP BY u.root, u.debtor
    ), both_sides AS (
        SELECT root, debtor, SUM(amount) AS total FROM own GROUP BY root, debtor
    )
    SELECT ROW_NUMBER() OVER (ORDER BY t.root, t.debtor) AS id,
           t.root AS company_id, t.debtor AS partner_id,
           account.id AS account_id, p.user_id, p.sale_region_id, account.grade_id,
           co.currency_id,
           COALESCE(d.not_due, 0) AS not_due, COALESCE(d.bucket_1, 0) AS bucket_1,
           COALESCE(d.bucket_2, 0) AS bucket_2, COALESCE(d.bucket_3, 0) AS bucket_3,
           COALESCE(d.bucket_4, 0) AS bucket_4,
           t.total - COALESCE(d.amount, 0) AS credit, t.total,
           COALESCE(d.amount, 0) - COALESCE(d.not_due, 0) AS overdue,
           COALESCE(d.days, 0) AS overdue_days
      FROM both_sides t
 LEFT JOIN debts d USING (root, debtor)
      JOIN res_partner p ON p.id = t.debtor
      JOIN res_company co ON co.id = t.root
 LEFT JOIN customer_credit_account account
           ON account.company_id = t.root AND account.partner_id = t.debtor
     WHERE t.total <> 0 OR COALESCE(d.amount, 0) <> 0
"""
