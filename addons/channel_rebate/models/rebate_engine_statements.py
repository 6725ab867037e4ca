"""The statements of the engine that write. Texts of this file are constant."""

#: ids of the moves, orders and customers that a change of moves and orders concerns
NEIGHBOURS = """
    WITH RECURSIVE near AS (
        SELECT unnest(%(moves)s::int[]) AS id
         UNION
        SELECT id FROM account_move
         WHERE reversed_entry_id = ANY(%(moves)s::int[])
         UNION
        SELECT aml.move_id
          FROM sale_order_line sol
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = sol.id
          JOIN account_move_line aml ON aml.id = r.invoice_line_id
         WHERE sol.order_id = ANY(%(orders)s::int[])
         UNION
        SELECT o.move_id
          FROM account_move_line l
          JOIN account_partial_reconcile p ON p.credit_move_id = l.id
          JOIN account_move_line o ON o.id = p.debit_move_id
         WHERE l.move_id = ANY(%(moves)s::int[])
         UNION
        SELECT o.move_id
          FROM account_move_line l
          JOIN account_partial_reconcile p ON p.debit_move_id = l.id
          JOIN account_move_line o ON o.id = p.credit_move_id
         WHERE l.move_id = ANY(%(moves)s::int[])
    ), moves AS (
        -- down payments with the invoices they are deducted from
        SELECT id FROM near
         UNION
        SELECT o.move_id
          FROM moves m
          JOIN account_move_line l ON l.move_id = m.id AND l.is_downpayment
          JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
          JOIN sale_order_line_invoice_rel q
               ON q.order_line_id = r.order_line_id
          JOIN account_move_line o ON o.id = q.invoice_line_id
    ), partners AS (
        SELECT rp.commercial_partner_id AS id
          FROM moves
          JOIN account_move am ON am.id = moves.id
          JOIN res_partner rp ON rp.id = am.partner_id
         UNION
        SELECT rp.commercial_partner_id
          FROM sale_order so
          JOIN res_partner rp ON rp.id = so.partner_invoice_id
         WHERE so.id = ANY(%(orders)s::int[])
         UNION
        SELECT b.partner_id
          FROM rebate_ledger l
          JOIN rebate_balance b ON b.id = l.balance_id
         WHERE l.source_kind = 'i'
           AND l.document_id = ANY(ARRAY(SELECT id FROM moves))
         UNION
        SELECT b.partner_id
          FROM rebate_ledger l
          JOIN rebate_balance b ON b.id = l.balance_id
         WHERE l.source_kind = 'o' AND l.document_id = ANY(%(orders)s::int[])
    )
    SELECT ARRAY(SELECT id FROM moves), %(orders)s::int[],
           ARRAY(SELECT id FROM partners)
"""

#: what the ledger lacks is added to it
DELTAS = """
       WITH %(derivation)s, present AS (
           SELECT l.balance_id, l.version_id, l.source_kind, l.source_id,
                  MAX(l.document_id) AS document_id, MAX(l.date) AS date,
                  %(sums)s
             FROM rebate_ledger l
             JOIN picked x ON x.balance_id = l.balance_id AND x.is_target
            WHERE %(current)s
            GROUP BY l.balance_id, l.version_id, l.source_kind, l.source_id
       ), wanted AS (
           SELECT d.* FROM derived d
             JOIN picked x ON x.balance_id = d.balance_id AND x.is_target
       )
       INSERT INTO rebate_ledger (balance_id, version_id, source_kind,
              source_id, document_id, date, create_date, %(names)s)
       SELECT balance_id, version_id, source_kind, source_id,
              COALESCE(w.document_id, p.document_id),
              COALESCE(w.date, p.date), now() AT TIME ZONE 'UTC', %(deltas)s
         FROM wanted w
         FULL JOIN present p
              USING (balance_id, version_id, source_kind, source_id)
        WHERE (%(deltas)s) <> (%(zeros)s)
    RETURNING balance_id
"""

#: what was released and accrued of each balance in ``picked``
POSTED = """
    SELECT x.balance_id AS id, SUM(l.rebate_released) AS released,
           SUM(l.rebate_accrued) AS accrued
      FROM picked x
      JOIN account_move_line l ON l.rebate_balance_id = x.balance_id
           AND l.parent_state = 'posted'
     WHERE x.is_target
     GROUP BY x.balance_id
"""

#: figures that differ are written
UPDATE = """
       WITH computed AS (
           SELECT f.id, %(values)s
             FROM figure f
        LEFT JOIN posted USING (id)
       )
       UPDATE rebate_balance b
          SET %(sets)s, has_figures = b.has_figures OR EXISTS (
              SELECT FROM rebate_ledger l WHERE l.balance_id = b.id)
         FROM computed c
        WHERE c.id = b.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
    RETURNING b.id
"""
