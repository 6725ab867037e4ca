from odoo import api, models
from odoo.tools import SQL

from .rebate_engine_sources import DESIRED, INVOICE_LINES, ORDER_LINES, SOURCE_TABLES
from .rebate_ledger import MEASURES

#: all measures of a line in one number that no other line has
_WEIGHTED = """
    hashint8(source_id::bigint * 1000003 + version_id)
    * CASE source_kind WHEN 'o' THEN ordered + ordered_qty * 3 + delivered * 5
           ELSE invoiced + invoiced_qty * 3 + cash * 5 + paid * 7 + reference * 11 END
"""

#: the ids of moves, orders and customers that a change of moves and orders concerns
_NEIGHBOURS = """
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
         WHERE (l.source_kind = 'i'
                AND l.document_id IN (SELECT id FROM moves))
            OR (l.source_kind = 'o'
                AND l.document_id = ANY(%(orders)s::int[]))
    )
    SELECT ARRAY(SELECT id FROM moves), %(orders)s::int[],
           ARRAY(SELECT id FROM partners)
"""

#: what the ledger lacks is added to it
_DELTAS = """
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


class RebateEngine(models.AbstractModel):
    """What source lines stand for, and what the ledger lacks of it (DESIGN 5)."""

    _inherit = "rebate.engine"

    @api.model
    def _get_scope(self, balances):
        """Return SQL that picks these balances ``b`` and those they share with."""
        if any(balances.programme_id.mapped("stack_group")):
            return SQL("b.partner_id = ANY(%s)", balances.partner_id.ids)
        return SQL(
            "b.partner_id = ANY(%s) AND b.programme_id = ANY(%s)",
            balances.partner_id.ids,
            balances.programme_id.ids,
        )

    @api.model
    def _find_drift(self, balances):
        """Return those of these balances whose ledger is not what sources stand for.

        Compares sums, each measure by itself and all of them weighted by source, so
        that what one line has too much and another lacks is found as well. Which lines
        these are is left to :meth:`_write_ledger`: to look at each takes far longer.
        Leaves the sums of the ledger in the table ``checked``.
        """
        derivation = self._get_derivation(
            self._get_picked(
                self._get_scope(balances), SQL("b.id = ANY(%s)", balances.ids)
            )
        )
        sums = SQL(
            "balance_id AS id, %s, SUM(%s) AS weighted",
            SQL(", ".join(f"SUM({name}) AS {name}" for name in MEASURES)),
            SQL(_WEIGHTED),
        )
        ledger = SQL(
            "SELECT %s FROM rebate_ledger WHERE balance_id IN (SELECT balance_id"
            " FROM picked WHERE is_target) GROUP BY balance_id",
            sums,
        )
        self._make_tables({"checked": ledger})
        rows = self.env.execute_query(
            SQL(
                """
                WITH %(derivation)s, wanted AS (
                    SELECT %(sums)s FROM derived GROUP BY balance_id
                )
                SELECT x.balance_id
                  FROM picked x
             LEFT JOIN wanted w ON w.id = x.balance_id
             LEFT JOIN checked c ON c.id = x.balance_id
                 WHERE x.is_target AND (%(different)s)
                """,
                derivation=derivation,
                sums=sums,
                different=SQL(
                    " OR ".join(
                        f"COALESCE(w.{name}, 0) <> COALESCE(c.{name}, 0)"
                        for name in (*MEASURES, "weighted")
                    )
                ),
            )
        )
        return balances.browse(balance_id for (balance_id,) in rows)

    @api.model
    def _derive_documents(self, move_ids, order_ids):
        """Derive what these invoices and orders stand for; the rest stays as it is.

        Takes in what they are matched with, credit notes of the invoices, and invoices
        of the orders: their period or what is paid of them follows from these.
        """
        moves, orders, partners = self._get_neighbours(move_ids, order_ids)
        balances = (
            # sudo: as the job
            self.env["rebate.balance"].sudo().search([("partner_id", "in", partners)])
        )
        if not balances:
            return
        balances._bump()
        changed = self._write_ledger(
            SQL("b.partner_id = ANY(%s)", partners),
            SQL("TRUE"),
            moves=moves,
            orders=orders,
        )
        released = self._get_released_in(moves)
        self._write_figures(balances.browse({*changed, *released}))

    @api.model
    def _get_released_in(self, moves):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT rebate_balance_id FROM account_move_line"
                " WHERE rebate_balance_id IS NOT NULL AND move_id = ANY(%s)",
                moves,
            )
        )
        return {balance_id for (balance_id,) in rows}

    @api.model
    def _get_neighbours(self, move_ids, order_ids):
        """Return the ids of moves, orders and customers that a change concerns."""
        ((moves, orders, partners),) = self.env.execute_query(
            SQL(
                _NEIGHBOURS,
                moves=list(move_ids),
                orders=list(order_ids),
            )
        )
        return moves, orders, partners

    @api.model
    def _get_picked(self, scope, target=None):
        """Return the query of the balances in scope, and the period's version.

        :param scope: SQL that picks balances ``b``
        :param target: SQL that says which of them are written
        """
        return SQL(
            """
            SELECT b.id AS balance_id, b.participant_id, b.partner_id, b.programme_id,
                   pe.version_id, pe.date_from, pe.date_to, %s AS is_target
              FROM rebate_balance b
              JOIN rebate_period pe ON pe.id = b.period_id
             WHERE %s
            """,
            target or SQL("TRUE"),
            scope,
        )

    @api.model
    def _get_derivation(self, picked, moves=None, orders=None):
        """Return the CTEs up to ``derived``: what source lines stand for now.

        They rest on tables made here, ``picked`` among them, and hold until the next
        derivation. Of programmes that share documents, the first one has them.
        """
        which = SQL("TRUE") if moves is None else SQL("am.id = ANY(%s)", moves)
        self._make_tables(
            {"picked": picked}
            | {name: SQL(body, moves=which) for name, body in SOURCE_TABLES.items()}
        )
        is_stacked = self.env.execute_query(
            SQL("SELECT 1 FROM rebate_programme WHERE stack_group > '' LIMIT 1")
        )
        derived = SQL(
            """
            derived AS (
                SELECT * FROM (
                    SELECT *, CASE WHEN COALESCE(stack_group, '') = '' THEN 1
                        ELSE DENSE_RANK() OVER (
                            PARTITION BY stack_group, source_kind, source_id,
                                         is_reference
                            ORDER BY sequence, programme_id) END AS place
                      FROM desired) q
                 WHERE place = 1)
            """
            if is_stacked
            else "derived AS (SELECT * FROM desired)"
        )
        return SQL(
            "%s, %s, %s, %s",
            SQL(INVOICE_LINES),
            SQL(
                ORDER_LINES,
                orders=SQL("TRUE")
                if orders is None
                else SQL("so.id = ANY(%s)", orders),
            ),
            SQL(DESIRED),
            derived,
        )

    @api.model
    def _make_tables(self, bodies, is_analyzed=True):
        """Put intermediate results into tables of this transaction, in one round trip.

        PostgreSQL knows how large they are. Of parts of one large statement it does
        not, and goes through them in loops, row by row.

        :param bodies: SQL of each table by its name, in the order they are made
        :param is_analyzed: whether what is in them matters as well
        """
        steps = [SQL("SET LOCAL work_mem = '256MB'"), SQL("SET LOCAL jit = off")]
        steps += [
            SQL("DROP TABLE IF EXISTS %s", SQL.identifier("pg_temp", name))
            for name in bodies
        ]
        for name, body in bodies.items():
            table = SQL.identifier(name)
            steps.append(
                SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, body)
            )
            if is_analyzed:
                steps.append(SQL("ANALYZE %s", table))
        self.env.cr.execute(SQL("; ").join(steps))

    @api.model
    def _write_ledger(self, scope, target, moves=None, orders=None):
        """Add to the ledger what it lacks, in one statement.

        :param scope: SQL that picks the balances ``b`` that are derived
        :param target: SQL that picks those of them that are written
        :param moves: ids of invoices, or None for all; with ``orders`` alike
        :return: ids of the balances that got a line
        """
        current = SQL("TRUE")
        if moves is not None:
            current = SQL(
                "((l.source_kind = 'i' AND l.document_id = ANY(%s))"
                " OR (l.source_kind = 'o' AND l.document_id = ANY(%s)))",
                moves,
                orders,
            )

        def each(text):
            return SQL(", ".join(text.format(name=name) for name in MEASURES))

        rows = self.env.execute_query(
            SQL(
                _DELTAS,
                derivation=self._get_derivation(
                    self._get_picked(scope, target), moves, orders
                ),
                current=current,
                names=each("{name}"),
                sums=each("SUM(l.{name}) AS {name}"),
                deltas=each("COALESCE(w.{name}, 0) - COALESCE(p.{name}, 0)"),
                zeros=each("0"),
            )
        )
        self.env["rebate.ledger"].invalidate_model(flush=False)
        return {balance_id for (balance_id,) in rows}
