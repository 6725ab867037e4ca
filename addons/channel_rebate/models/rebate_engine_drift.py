import logging

from odoo import api, models
from odoo.tools import SQL

from .rebate_ledger import MEASURES

_logger = logging.getLogger(__name__)

#: All a line adds to its balance, times a number that no other line has: sums differ
#: where one line, or one measure, has too much of what another lacks.
_WEIGHTED = """
    hashint8(source_id::bigint * 1000003 + version_id)
    * CASE source_kind WHEN 'o' THEN ordered * 3 + ordered_qty + delivered * 5
           ELSE invoiced * 3 + invoiced_qty + cash * 5 + paid + reference END
"""


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
            changed = self._check_balances(
                self.env["rebate.balance"]
                .sudo()  # sudo: as the job
                .search([("programme_id", "in", group.ids)])
            )
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
    def _check_balances(self, balances):
        """Derive everything anew, and write only where something is to be corrected.

        :return: balances whose ledger had to be corrected
        """
        if not balances:
            return balances
        self.env.flush_all()
        wrong = self._find_drift(balances)
        changed = self._derive_balances(wrong)
        self._write_figures(
            balances - wrong, None if wrong else SQL("SELECT * FROM checked")
        )
        self._drop_tables()
        return changed

    @api.model
    def _find_drift(self, balances):
        """Return those of these balances whose ledger is not what sources stand for.

        Compares one number per balance that every measure of every line is in. Which
        lines they are is left to :meth:`_write_ledger`: to look at each takes far
        longer. Leaves the sums of the ledger in the table ``checked``.
        """
        derivation = self._get_derivation(
            self._get_picked(
                self._get_scope(balances), SQL("b.id = ANY(%s)", balances.ids)
            )
        )
        weighted = SQL("balance_id AS id, SUM(%s) AS weighted", SQL(_WEIGHTED))
        ledger = SQL(
            "SELECT %s, %s FROM rebate_ledger WHERE balance_id IN (SELECT balance_id"
            " FROM picked WHERE is_target) GROUP BY balance_id",
            weighted,
            SQL(", ".join(f"SUM({name}) AS {name}" for name in MEASURES)),
        )
        self._make_tables({"checked": ledger})
        rows = self.env.execute_query(
            SQL(
                """
                WITH %(derivation)s, wanted AS (
                    SELECT %(weighted)s FROM derived GROUP BY balance_id
                )
                SELECT x.balance_id
                  FROM picked x
             LEFT JOIN wanted w ON w.id = x.balance_id
             LEFT JOIN checked c ON c.id = x.balance_id
                 WHERE x.is_target
                   AND COALESCE(w.weighted, 0) <> COALESCE(c.weighted, 0)
                """,
                derivation=derivation,
                weighted=weighted,
            )
        )
        return balances.browse(balance_id for (balance_id,) in rows)
