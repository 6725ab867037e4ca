import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: rows of the queue that are worked off at once
_BATCH = 2000


class RebateEngine(models.AbstractModel):
    """Keeps ledger and balances what orders, invoices and payments say (DESIGN 5).

    What each source line stands for is derived from the books; the difference to what
    the ledger says is added to it. So it does not matter how often, in which order and
    by whom that is done.
    """

    _name = "rebate.engine"
    _description = "Rebate Engine"

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
        wrong, counted = balances, None
        if any(balances.mapped("has_figures")):
            wrong = self._find_drift(balances)
            counted = SQL("SELECT * FROM checked")
        changed = set()
        if wrong:
            scope = self._get_scope(balances)
            changed = self._write_ledger(scope, SQL("b.id = ANY(%s)", wrong.ids))
        self._write_figures(balances, None if changed else counted)
        return balances.browse(changed)

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
        return changed

    @api.model
    def _cron_derive_all(self):
        """Derive everything anew, each night; there must be nothing to correct.

        What had to be corrected is logged: by a change that was made past Odoo.
        """
        # sudo: as the job
        programmes = self.env["rebate.programme"].sudo().search([])
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
