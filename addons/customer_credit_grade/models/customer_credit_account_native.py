from odoo import api, models
from odoo.tools import SQL

#: invoices less credit notes of the trailing months, taxes included
_TURNOVER = """
    SELECT p.commercial_partner_id, SUM(m.amount_total_signed)
      FROM account_move m
      JOIN res_partner p ON p.id = m.commercial_partner_id
     WHERE m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
       AND m.state = 'posted' AND m.company_id = ANY(%(companies)s)
       AND m.partner_id IN (SELECT id FROM res_partner
                             WHERE commercial_partner_id = ANY(%(debtors)s))
       AND m.invoice_date > %(day)s - MAKE_INTERVAL(months => %(months)s)
       AND m.invoice_date <= %(day)s
  GROUP BY p.commercial_partner_id
"""


class CustomerCreditAccount(models.Model):
    """What Odoo itself shows of a customer's credit stays meaningful (DESIGN 4)."""

    _inherit = "customer.credit.account"

    def _propose_limits(self, grade):
        """Return ``{id: limit}`` a grade would give these customers (SPEC D2).

        One statement per company. Company currency; a share of the turnover is of
        posted invoices less credit notes, taxes included, rounded to the currency.
        """
        if grade.limit_method != "turnover":
            amount = grade.limit_amount if grade.limit_method == "fixed" else 0.0
            return dict.fromkeys(self._origin.ids, amount)
        result = {}
        # sudo: the turnover counts for whoever proposes
        for company, accounts in self._origin.sudo().grouped("company_id").items():
            self.env["account.move"].flush_model()
            rows = self.env.execute_query(
                SQL(
                    _TURNOVER,
                    companies=company._credit_get_companies().ids,
                    debtors=accounts.partner_id.ids,
                    day=self._get_today(company),
                    months=grade.turnover_months,
                )
            )
            turnover = dict(rows)
            for account in accounts:
                share = turnover.get(account.partner_id.id) or 0.0
                amount = max(share * grade.turnover_share / 100, 0.0)
                if grade.limit_amount:
                    amount = min(amount, grade.limit_amount)
                result[account.id] = company.currency_id.round(amount)
        return result

    def _credit_grade_changed(self, old_grade):
        """Give the customer the payment terms of his grade; warn when it is worse.

        :param old_grade: the grade before
        """
        self._raise_downgrade(old_grade)
        for account in self.filtered("grade_id.payment_term_id"):
            companies = account.company_id._credit_get_companies()
            for company in companies:
                account.partner_id.with_company(
                    company
                ).property_payment_term_id = account.grade_id.payment_term_id

    @api.model
    def _cron_prepare_accounts(self, batch_size=1000):
        """Make the accounts of customers who have invoices or orders already.

        In batches with progress, for databases with years of history.
        """
        cron = self.env["ir.cron"]
        # sudo: called by a job
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        missing = [
            (company, self._get_customers_without_account(company))
            for company in companies
        ]
        remaining = sum(len(ids) for _company, ids in missing)
        if not cron._commit_progress(remaining=remaining):
            return
        for company, ids in missing:
            for start in range(0, len(ids), batch_size):
                partners = self.env["res.partner"].browse(ids[start:][:batch_size])
                self._bump(company, partners)
                if not cron._commit_progress(len(partners)):
                    return

    @api.model
    def _get_customers_without_account(self, company):
        """Return the ids of commercial partners with business but no account."""
        self.env.flush_all()
        return [
            partner_id
            for (partner_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT p.commercial_partner_id FROM sale_order o
                      JOIN res_partner p ON p.id = o.partner_invoice_id
                     WHERE o.state = 'sale' AND o.company_id = ANY(%(companies)s)
                     UNION
                    SELECT m.commercial_partner_id FROM account_move m
                     WHERE m.move_type IN ('out_invoice', 'out_refund')
                       AND m.state = 'posted' AND m.company_id = ANY(%(companies)s)
                       AND m.commercial_partner_id IS NOT NULL
                    EXCEPT
                    SELECT partner_id FROM customer_credit_account
                     WHERE company_id = %(root)s
                     ORDER BY 1
                    """,
                    companies=company._credit_get_companies().ids,
                    root=company.root_id.id,
                )
            )
        ]
