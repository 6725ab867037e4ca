import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

#: days after which a proposal nobody applied is forgotten
KEPT_DAYS = 30


class StockAllocationRun(models.Model):
    _inherit = "stock.allocation.run"

    @api.model
    def _cron_allocate(self):
        """Propose for every company that wants it, and apply where it wants that.

        Run again on one day it does nothing for companies that are done. A company
        that fails is logged and tried again the next time; the others get theirs.
        """
        companies = self.env["res.company"].search(
            [("allocation_schedule", "!=", "off")]
        )
        cron = self.env["ir.cron"]
        due = companies.filtered(self._is_allocation_due)
        if not cron._commit_progress(remaining=len(due)):
            return
        for company in due:
            try:
                self.with_company(company)._allocate_daily(company)
                self.env.flush_all()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Daily allocation of company %s failed", company.id)
            if not cron._commit_progress(1):
                return

    @api.model
    def _is_allocation_due(self, company):
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        return not self.search_count(
            [
                ("company_id", "=", company.id),
                ("create_uid", "=", self.env.uid),
                ("create_date", ">=", today),
            ],
            limit=1,
        )

    @api.model
    def _allocate_daily(self, company):
        run = self.create({"company_id": company.id})
        run._propose()
        if company.allocation_schedule == "apply":
            try:
                with self.env.cr.savepoint():
                    run._apply()
            except UserError:  # nothing to change, or nothing left as it was
                run.invalidate_recordset()
        return run

    @api.autovacuum
    def _gc_proposals(self):
        """Forget proposals that nobody applied."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search(
            [("state", "!=", "applied"), ("create_date", "<", before)], limit=1000
        ).unlink()
