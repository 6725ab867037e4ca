"""Receivables by age, net of credits not yet applied, as SQL (SPEC D6)."""

#: what is taken from posted lines but does not count: by entries that were reset to
#: draft, which keep their reconciliations
GIVEN_BACK = """
    drafts AS (
        SELECT id FROM account_move_line
         WHERE parent_state = 'draft' AND matching_number IS NOT NULL
    ), given_back AS (
        SELECT part.debit_move_id AS line_id, part.amount
          FROM drafts d JOIN account_partial_reconcile part
               ON part.credit_move_id = d.id
     UNION ALL
        SELECT part.credit_move_id, -part.amount
          FROM drafts d JOIN account_partial_reconcile part
               ON part.debit_move_id = d.id
    )
"""
#: as of a day in the past, also by what was reconciled later
GIVEN_BACK_LATER = """
    not_yet AS (
        SELECT debit_move_id, credit_move_id, amount
          FROM account_partial_reconcile part
         WHERE part.max_date > %(day)s OR EXISTS (
               SELECT 1 FROM account_move_line draft
                WHERE draft.id IN (part.debit_move_id, part.credit_move_id)
                  AND draft.parent_state = 'draft'
                  AND draft.matching_number IS NOT NULL)
    ), given_back AS (
        SELECT debit_move_id AS line_id, amount FROM not_yet
     UNION ALL
        SELECT credit_move_id, -amount FROM not_yet
    )
"""
#: the open items of every root company; a line counts once, with all that is open of it
ITEMS = """
    items AS (
        SELECT id, company_id, debtor, SUM(amount) AS amount, MIN(due) AS due
          FROM (
            SELECT l.id, l.company_id, p.commercial_partner_id AS debtor,
                   l.amount_residual AS amount, COALESCE(l.date_maturity, l.date) AS due
              FROM account_move_line l
              JOIN res_partner p ON p.id = l.partner_id
             WHERE l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
               AND l.account_id IN (SELECT id FROM account_account
                                     WHERE account_type = 'asset_receivable')
               AND l.amount_residual <> 0 AND l.date <= %(until)s
         UNION ALL
            SELECT l.id, l.company_id, p.commercial_partner_id, g.amount,
                   COALESCE(l.date_maturity, l.date)
              FROM given_back g
              JOIN account_move_line l ON l.id = g.line_id
              JOIN account_account a ON a.id = l.account_id
                   AND a.account_type = 'asset_receivable'
              JOIN res_partner p ON p.id = l.partner_id
             WHERE l.parent_state = 'posted' AND l.date <= %(until)s
          ) item
      GROUP BY id, company_id, debtor
        HAVING SUM(amount) <> 0
    ), own AS (
        SELECT i.id, i.debtor, i.amount, i.due,
               SPLIT_PART(c.parent_path, '/', 1)::int AS root
          FROM items i JOIN res_company c ON c.id = i.company_id
    )
"""
#: the items of some customers
OPEN_ITEMS = """
    SELECT own.root, own.debtor, own.id, own.amount, own.due
      FROM own
      JOIN UNNEST(%(roots)s::int[], %(debtors)s::int[]) AS wanted (root, debtor)
           USING (root, debtor)
  ORDER BY own.root, own.debtor, own.due, own.id
"""
#: Credits cover what was due first; what is left of them stands in a column of its own.
#: One pass over the items: joined with itself it would take minutes for thousands.
#: A row keeps its id whatever else is owed: a button finds the customer it is for.
REPORT = """
    open AS (
        SELECT o.root, o.debtor, o.amount, %(day)s - o.due AS days,
               SUM(GREATEST(o.amount, 0)) OVER (PARTITION BY o.root, o.debtor
                                                ORDER BY o.due, o.id)
               + SUM(LEAST(o.amount, 0)) OVER (PARTITION BY o.root, o.debtor) AS rest
          FROM own o
    ), uncovered AS (
        SELECT root, debtor, days, amount AS total,
               GREATEST(LEAST(amount, rest), 0) AS amount
          FROM open
    ), debts AS (
        SELECT u.root, u.debtor, SUM(u.total) AS total, SUM(u.amount) AS amount,
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
    )
    SELECT (t.root::bigint << 32) + t.debtor AS id,
           t.root AS company_id, t.debtor AS partner_id,
           account.id AS account_id, p.user_id, p.sale_region_id, account.grade_id,
           co.currency_id,
           COALESCE(t.not_due, 0) AS not_due, COALESCE(t.bucket_1, 0) AS bucket_1,
           COALESCE(t.bucket_2, 0) AS bucket_2, COALESCE(t.bucket_3, 0) AS bucket_3,
           COALESCE(t.bucket_4, 0) AS bucket_4,
           t.total - t.amount AS credit, t.total,
           t.amount - COALESCE(t.not_due, 0) AS overdue,
           COALESCE(t.days, 0) AS overdue_days
      FROM debts t
      JOIN res_partner p ON p.id = t.debtor
      JOIN res_company co ON co.id = t.root
 LEFT JOIN customer_credit_account account
           ON account.company_id = t.root AND account.partner_id = t.debtor
     WHERE t.total <> 0 OR t.amount <> 0
"""
