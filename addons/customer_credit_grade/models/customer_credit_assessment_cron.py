from odoo import api, models
from odoo.tools import SQL

#: reviews that are due, and customers with business whom nobody has assessed. Not
#: those being assessed, waiting for the approval of it, or given up a short while ago.
_DUE = """
    SELECT account.id
      FROM customer_credit_account account
     WHERE account.company_id = %(company)s AND account.active
       AND CASE WHEN account.next_review IS NOT NULL
                THEN account.next_review <= %(day)s::date + %(days)s
                ELSE NOT EXISTS (
                    SELECT 1 FROM customer_credit_assessment done
                     WHERE done.account_id = account.id AND done.state = 'done')
                AND (EXISTS (
                    SELECT 1 FROM res_partner p
                      JOIN account_move m ON m.partner_id = p.id
                     WHERE p.commercial_partner_id = account.partner_id
                       AND m.company_id = ANY(%(companies)s) AND m.state = 'posted'
                       AND m.move_type = 'out_invoice'
                       AND m.invoice_date > %(day)s::date - interval '12 months')
                  OR EXISTS (
                    SELECT 1 FROM res_partner p
                      JOIN sale_order o ON o.partner_invoice_id = p.id
                     WHERE p.commercial_partner_id = account.partner_id
                       AND o.company_id = ANY(%(companies)s) AND o.state = 'sale'
                       AND o.invoice_status <> 'invoiced'))
           END
       AND NOT EXISTS (
           SELECT 1 FROM customer_credit_assessment other
        LEFT JOIN customer_credit_request request ON request.id = other.request_id
            WHERE other.account_id = account.id
              AND (other.state = 'draft'
                   OR other.state = 'done' AND request.state = 'draft'
                   OR other.state = 'cancelled' AND other.date > %(day)s::date - 30))
  ORDER BY account.next_review NULLS LAST, account.id
"""


class CustomerCreditAssessment(models.Model):
    """The job that prepares what is due (SPEC D1: at intervals)."""

    _inherit = "customer.credit.assessment"

    @api.model
    def _cron_prepare_reassessments(self, batch_size=200):
        """Prepare due assessments with their figures, in batches with progress.

        Run again it prepares nothing twice. The officer of the company gets one
        activity for all of them.
        """
        companies = self.env["res.company"].search(
            [("parent_id", "=", False), ("credit_mode", "!=", "off")]
        )
        cards = self.env["customer.credit.scorecard"]
        due = {
            company: self._get_due_accounts(company)
            for company in companies
            if cards._get_active(company)
        }
        cron = self.env["ir.cron"]
        if not cron._commit_progress(remaining=sum(map(len, due.values()))):
            return
        for company, accounts in due.items():
            for start in range(0, len(accounts), batch_size):
                batch = accounts[start : start + batch_size]
                self._prepare_reassessments(company, batch)
                if not cron._commit_progress(len(batch)):
                    return

    @api.model
    def _get_due_accounts(self, company):
        """Return the accounts of a root company that are to be assessed; one query."""
        self.env.flush_all()
        accounts = self.env["customer.credit.account"]
        rows = self.env.execute_query(
            SQL(
                _DUE,
                company=company.id,
                companies=company._credit_get_companies().ids,
                day=accounts._get_today(company),
                days=company.credit_review_days,
            )
        )
        return accounts.browse([account_id for (account_id,) in rows])

    @api.model
    def _prepare_reassessments(self, company, accounts):
        """Return new drafts of these accounts, computed, and tell the officer."""
        officer = company.credit_officer_id
        today = self.env["customer.credit.account"]._get_today(company)
        quiet = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        drafts = quiet.create(
            [
                {"account_id": account.id, "user_id": officer.id, "date": today}
                for account in accounts
            ]
        )
        drafts._fill()
        if officer and drafts:
            drafts._tell_officer(company, officer, today)
        return drafts

    def _tell_officer(self, company, officer, today):
        """Give the officer one activity, or bring the open one up to date."""
        kind = self.env.ref("customer_credit_grade.mail_activity_type_reassess")
        count = self.search_count(
            [("company_id", "=", company.id), ("state", "=", "draft")]
        )
        summary = self.with_context(lang=officer.lang).env._(
            "%(count)s customers of %(company)s are to be assessed",
            count=count,
            company=company.name,
        )
        activities = self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", kind.id),
                ("user_id", "=", officer.id),
                ("res_model", "=", self._name),
            ]
        )
        ids = activities.mapped("res_id")
        same = self.browse(ids).exists().filtered(lambda r: r.company_id == company)
        open_one = activities.filtered(lambda act: act.res_id in same.ids)[:1]
        if open_one:
            open_one.summary = summary
            return
        self[:1].with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type_id=kind.id,
            summary=summary,
            user_id=officer.id,
            date_deadline=today,
        )
