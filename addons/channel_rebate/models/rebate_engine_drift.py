import logging

from odoo import api, models
from odoo.tools import SQL

from .rebate_engine_sources import total
from .rebate_ledger import MEASURES

_logger = logging.getLogger(__name__)

#: All a line adds to its balance, times a number that no other line has: sums differ
#: where one line, or one measure, has too much of what another lacks.
_WEIGHTED = (
    "SUM(hashint8(source_id::bigint * 1000003 + version_id) * ({total})) AS weighted"
)
_LEDGER_TOTAL = "CASE source_kind WHEN 'o' THEN {} ELSE {} END".format(
    *(total(**{name: name for name in names}) for names in (MEASURES[:3], MEASURES[3:]))
)


class RebateEngine(models.AbstractModel):
    """Finds what the ledger lacks, without looking at each line (DESIGN 5)."""

    _inherit = "rebate.engine"

    @api.model
    def _cron_derive_all(self):
        """Derive everything anew, each night; there must be nothing to correct.

        What had to be corrected is logged: by a change that was made past Odoo.
        """
        programmes = (
            self.env["rebate.programme"]
            .sudo()  # sudo: as the job
            .search([("version_ids.state", "=", "active")])
        )
        for company, group in programmes.grouped("company_id").items():
            group._prepare_periods()
            group._prepare_balances()
            changed = self._check_balances(group)
            if changed:
                _logger.warning(
                    "%s: the ledger of %s balances was corrected, of %s first",
                    company.name,
                    len(changed),
                    changed[:20].ids,
                )
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _check_balances(self, programmes):
        """Derive everything anew, and write only where something is to be corrected.

        :return: balances whose ledger had to be corrected
        """
        self.env.flush_all()
        stacked = self._get_stacked(programmes)
        ((is_most,),) = self.env.execute_query(
            SQL(
                "SELECT 2 * COUNT(*) FILTER (WHERE programme_id = ANY(%s)) > COUNT(*)"
                " FROM rebate_balance",
                programmes.ids,
            )
        )
        wrong = self._find_drift(
            SQL("b.programme_id = ANY(%s)", stacked.ids),
            SQL("b.programme_id = ANY(%s)", programmes.ids),
            is_most,
        )
        if not wrong:
            self._write_counted()
            self._drop_tables()
            return wrong
        changed = self._derive_balances(wrong)
        right = [("programme_id", "in", programmes.ids), ("id", "not in", wrong.ids)]
        self._write_figures(wrong.search(right))
        self._drop_tables()
        return changed

    @api.model
    def _find_drift(self, scope, target, is_most=False):
        """Return balances whose ledger is not what sources stand for.

        Compares one number per balance that every measure of every line is in. Which
        lines they are is left to :meth:`_write_ledger`: to look at each takes far
        longer. Leaves the balances in ``picked``, the ledger's sums in ``counted``.

        :param scope: SQL that picks these balances ``b`` and those they share with
        :param target: SQL that says which of them are looked at
        :param is_most: whether these are most of all balances: then the whole ledger
            is added up, which is faster than to look for each line whether it counts
        """
        derivation = self._get_derivation(self._get_picked(scope, target))
        in_ledger = SQL(_WEIGHTED.format(total=_LEDGER_TOTAL))
        which = SQL("balance_id IN (SELECT balance_id FROM picked WHERE is_target)")
        if is_most:
            which = SQL("TRUE")
        self._make_tables({"counted": self._get_counted(which, in_ledger)})
        rows = self.env.execute_query(
            SQL(
                """
                WITH %(derivation)s, wanted AS (
                    SELECT balance_id AS id, %(weighted)s
                      FROM derived
                     GROUP BY balance_id
                )
                SELECT x.balance_id
                  FROM picked x
             LEFT JOIN wanted w ON w.id = x.balance_id
             LEFT JOIN counted c ON c.id = x.balance_id
                 WHERE x.is_target
                   AND COALESCE(w.weighted, 0) <> COALESCE(c.weighted, 0)
                """,
                derivation=derivation,
                weighted=SQL(_WEIGHTED.format(total="total")),
            )
        )
        # sudo: as the job, or whoever settles: as they are
        return self.env["rebate.balance"].sudo().browse(row for (row,) in rows)
