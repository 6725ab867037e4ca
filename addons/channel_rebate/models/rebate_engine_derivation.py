from odoo import api, models
from odoo.tools import SQL

from .rebate_engine_figures import FIGURE_TABLES
from .rebate_engine_scope import LINES, PRODUCTS
from .rebate_engine_sources import DESIRED, INVOICE_LINES, ORDER_LINES, SOURCE_TABLES

#: those of the tables of which PostgreSQL should know what is in them, too
_ANALYZED = frozenset({"picked", *SOURCE_TABLES})
#: everything that :meth:`RebateEngine._make_tables` is asked to make
_TABLES = (
    *("picked", "counted", "posted"),
    *SOURCE_TABLES,
    *FIGURE_TABLES,
)


class RebateEngine(models.AbstractModel):
    """Derives what each source line stands for (DESIGN 5)."""

    _inherit = "rebate.engine"

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
        which = dict.fromkeys(("moves", "orders", "products", "lines"), SQL("TRUE"))
        if moves is not None:
            which = {
                "moves": SQL("am.id = ANY(%s)", moves),
                "orders": SQL("so.id = ANY(%s)", orders),
                "products": SQL(PRODUCTS, moves=moves, orders=orders),
                "lines": SQL(LINES, moves=moves),
            }
        self._make_tables(
            {"picked": picked}
            | {name: SQL(body, **which) for name, body in SOURCE_TABLES.items()}
        )
        is_stacked = self.env.execute_query(
            SQL("SELECT 1 FROM rebate_programme WHERE stack_group > '' LIMIT 1")
        )
        derived = SQL(
            """
            derived AS (
                SELECT * FROM (
                    SELECT d.*, CASE WHEN COALESCE(s.stack_group, '') = '' THEN 1
                        ELSE DENSE_RANK() OVER (
                            PARTITION BY s.stack_group, d.source_kind, d.source_id,
                                         d.is_reference
                            ORDER BY s.sequence, s.programme_id) END AS place
                      FROM desired d
                      JOIN slot s ON s.balance_id = d.balance_id) q
                 WHERE place = 1)
            """
            if is_stacked
            else "derived AS (SELECT * FROM desired)"
        )
        return SQL(
            "%s, %s, %s, %s",
            SQL(INVOICE_LINES),
            SQL(ORDER_LINES, orders=which["orders"]),
            SQL(DESIRED),
            derived,
        )

    @api.model
    def _make_tables(self, bodies):
        """Put intermediate results into tables of this transaction, in one round trip.

        PostgreSQL knows how large they are. Of parts of one large statement it does
        not, and goes through them in loops, row by row.

        :param bodies: SQL of each table by its name, in the order they are made
        """
        steps = [
            SQL("SET LOCAL work_mem = '256MB'"),
            SQL("SET LOCAL jit = off"),
            # a tenth of the rows that are looked at otherwise is enough
            SQL("SET LOCAL default_statistics_target = 10"),
        ]
        steps += [
            SQL("DROP TABLE IF EXISTS %s", SQL.identifier("pg_temp", name))
            for name in bodies
        ]
        for name, body in bodies.items():
            table = SQL.identifier(name)
            steps.append(
                SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, body)
            )
            if name in _ANALYZED:
                steps.append(SQL("ANALYZE %s", table))
        self.env.cr.execute(SQL("; ").join(steps))

    @api.model
    def _drop_tables(self):
        """Take the tables of a derivation away, whose names are as short as others'."""
        self.env.cr.execute(
            SQL(
                "DROP TABLE IF EXISTS %s",
                SQL(", ").join(SQL.identifier("pg_temp", name) for name in _TABLES),
            )
        )
