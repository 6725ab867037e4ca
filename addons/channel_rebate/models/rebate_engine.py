import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

from .rebate_engine_figures import FIGURE_TABLES
from .rebate_engine_statements import DELTAS, NEIGHBOURS, POSTED, UPDATE
from .rebate_ledger import MEASURES

_logger = logging.getLogger(__name__)

#: rows of the queue that are worked off at once
_BATCH = 2000

#: stored column of a balance by the column of the statement that computes it
_COLUMNS = {
    "version_id": "version_id",
    "target": "target",
    "prepayment_rate": "prepayment_rate",
    "ordered_amount": "ROUND(ordered, 10)",
    "ordered_qty": "ROUND(ordered_qty, 10)",
    "delivered_amount": "ROUND(ROUND(delivered, 10) / rounding) * rounding",
    "invoiced_amount": "ROUND(invoiced, 10)",
    "invoiced_qty": "ROUND(invoiced_qty, 10)",
    "cash_amount": "ROUND(ROUND(cash, 10) / rounding) * rounding",
    "paid_amount": "ROUND(ROUND(paid, 10) / rounding) * rounding",
    "reference_amount": "ROUND(reference, 10)",
    "provisional_amount": "provisional_amount",
    "earned_amount": "earned_amount",
    "releasable_amount": "releasable_amount",
    "released_amount": "COALESCE(released, 0)",
    "accrued_amount": "COALESCE(accrued, 0)",
    "open_amount": "releasable_amount - COALESCE(released, 0)",
    "tier_rate": "rate",
    "next_tier_distance": "COALESCE(distance, 0)",
    "next_tier_gain": "COALESCE(gain, 0)",
    "target_share": "ROUND(target_share, 4)",
    "paid_share": "ROUND(paid_share * 100, 4)",
    "executed_share": "ROUND(executed_share * 100, 4)",
    "prepayment_expected": "ROUND(ordered * prepayment_rate / 100 / rounding)"
    " * rounding",
}


class RebateEngine(models.AbstractModel):
    """Keeps ledger and balances what orders, invoices and payments say (DESIGN 5).

    What each source line stands for is derived from the books; the difference to what
    the ledger says is added to it. So it does not matter how often, in which order and
    by whom that is done.
    """

    _name = "rebate.engine"
    _description = "Rebate Engine"

    # Queue -------------------------------------------------------------------------

    @api.model
    def _cron_drain(self):
        """Count anew what has changed, in batches (DESIGN 7)."""
        queue = self.env["rebate.queue"]
        while True:
            try:
                done = self._drain(_BATCH)
                self.env.flush_all()
            except OperationalError as error:  # a rival was faster: next run
                self.env.cr.rollback()
                _logger.info("rebate queue: next run, %s", error)
                queue.sudo()._wake()  # sudo: as the job
                return
            left = queue.sudo().search_count([], limit=1)  # sudo: as the job
            if not self.env["ir.cron"]._commit_progress(done, remaining=left):
                return
            if not left:
                return

    @api.model
    def _drain(self, limit=None):
        """Work off the queue in this transaction.

        :return: the number of documents counted anew
        """
        self.env.flush_all()
        taken = self.env["rebate.queue"]._take(limit or 10**9)
        balances = self.env["rebate.balance"].sudo()  # sudo: as the job
        if programmes := taken.get("programme"):
            whole = self.env["rebate.programme"].sudo().browse(programmes).exists()
            whole._prepare_balances()
            stacked = self._get_stacked(whole)
            self._derive_balances(
                balances.search([("programme_id", "in", stacked.ids)])
            )
        if partners := taken.get("partner"):
            participants = self.env["rebate.participant"].sudo()  # sudo: as the job
            participants.search(
                [("partner_id", "in", [*partners])]
            ).programme_id._prepare_balances()
            self._derive_balances(balances.search([("partner_id", "in", [*partners])]))
        moves, orders = taken.get("move", set()), taken.get("order", set())
        if moves or orders:
            self._derive_documents(moves, orders)
        return sum(map(len, taken.values()))

    @api.model
    def _get_stacked(self, programmes):
        """Return these programmes and those that share documents with them."""
        groups = set(filter(None, programmes.mapped("stack_group")))
        if not groups:
            return programmes
        return programmes | programmes.with_context(active_test=False).search(
            [
                ("stack_group", "in", [*groups]),
                ("company_id", "in", programmes.company_id.ids),
            ]
        )

    # Derivation ----------------------------------------------------------------------

    @api.model
    def _derive_balances(self, balances):
        """Derive everything these balances rest on, and their figures.

        :param balances: of whole programmes, or of whole customers
        :return: balances whose ledger had to be corrected
        """
        if not balances:
            return balances
        self.env.flush_all()
        balances._bump()
        scope, wrong = self._get_scope(balances), balances
        if any(balances.mapped("has_figures")):
            wrong = self._find_drift(scope, SQL("b.id = ANY(%s)", balances.ids))
        changed = set()
        if wrong:
            changed = self._write_ledger(scope, SQL("b.id = ANY(%s)", wrong.ids))
            self._write_figures(balances)
        else:
            self._write_counted()
        self._drop_tables()
        return balances.browse(changed)

    @api.model
    def _get_scope(self, balances):
        """Return SQL that picks these balances ``b`` and those they share with."""
        among = SQL("FROM rebate_balance o WHERE o.id = ANY(%s)", balances.ids)
        programmes = [
            programme_id
            for (programme_id,) in self.env.execute_query(
                SQL("SELECT DISTINCT o.programme_id %s", among)
            )
        ]
        scope = SQL("b.partner_id IN (SELECT o.partner_id %s)", among)
        # sudo: whoever settles, programmes are counted as they are
        programmes_sudo = self.env["rebate.programme"].sudo().browse(programmes)
        if not any(programmes_sudo.mapped("stack_group")):
            scope = SQL("%s AND b.programme_id = ANY(%s)", scope, programmes)
        return scope

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
        self._drop_tables()

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
                NEIGHBOURS,
                moves=list(move_ids),
                orders=list(order_ids),
            )
        )
        return moves, orders, partners

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
                DELTAS,
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

    # Figures -------------------------------------------------------------------------

    @api.model
    def _write_figures(self, balances):
        """Compute the figures of these balances from the ledger."""
        if not balances:
            return
        self._write_counted(
            {
                "picked": self._get_picked(SQL("b.id = ANY(%s)", balances.ids)),
                "counted": self._get_counted(SQL("balance_id = ANY(%s)", balances.ids)),
            }
        )

    @api.model
    def _get_counted(self, which, *more):
        """Return the query of the ledger's sums, by ``id`` of the balance.

        :param which: SQL that picks lines of the ledger
        :param more: SQL of further columns
        """
        sums = [SQL(f"SUM({name}) AS {name}") for name in MEASURES]
        return SQL(
            "SELECT balance_id AS id, %s FROM rebate_ledger WHERE %s"
            " GROUP BY balance_id",
            SQL(", ").join([*sums, *more]),
            which,
        )

    @api.model
    def _write_counted(self, made=None):
        """Compute the figures of the balances in ``picked``, in one statement.

        :param made: what ``picked`` and ``counted`` are to be made of
        """
        self._make_figures({**(made or {}), "posted": SQL(POSTED)})
        names = list(_COLUMNS)
        self.env.execute_query(
            SQL(
                UPDATE,
                values=SQL(
                    ", ".join(f"{text} AS {name}" for name, text in _COLUMNS.items())
                ),
                sets=SQL(", ".join(f"{name} = c.{name}" for name in names)),
                old=SQL(", ".join(f"b.{name}" for name in names)),
                new=SQL(", ".join(f"c.{name}" for name in names)),
            )
        )
        self.env["rebate.balance"].invalidate_model(flush=False)

    @api.model
    def _make_figures(self, made):
        """Make the table ``figure`` of :mod:`rebate_engine_figures`.

        It rests on ``picked``, see :meth:`_get_picked`, and on ``counted``, the sums of
        the measures by ``id`` of the balance.

        :param made: queries of tables that are made before
        """
        self._make_tables(
            made | {name: SQL(body) for name, body in FIGURE_TABLES.items()}
        )
