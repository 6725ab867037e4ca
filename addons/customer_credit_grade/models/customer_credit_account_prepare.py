from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

_MISSING = """
    SELECT DISTINCT p.commercial_partner_id
      FROM res_partner p
     WHERE p.id IN (
           SELECT m.partner_id FROM account_move m
            WHERE m.company_id = ANY(%(companies)s) AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            UNION
           SELECT o.partner_invoice_id FROM sale_order o
            WHERE o.company_id = ANY(%(companies)s) AND o.state = 'sale')
       AND p.commercial_partner_id IS NOT NULL
       AND NOT EXISTS (
           SELECT FROM customer_credit_account a
            WHERE a.company_id = %(root)s AND a.partner_id = p.commercial_partner_id)
"""


class CustomerCreditAccount(models.Model):
    """Accounts of the customers who were there before (installation, initial load)."""

    _inherit = "customer.credit.account"

    @api.model
    def _get_missing_customers(self, company):
        """Return the customers with invoices or confirmed orders and no account."""
        self.env.flush_all()
        company_sudo = company.sudo()
        rows = self.env.execute_query(
            SQL(
                _MISSING,
                companies=company_sudo._credit_get_companies().ids,
                root=company_sudo.root_id.id,
            )
        )
        return self.env["res.partner"].browse(sorted(row[0] for row in rows))

    @api.model
    def _cron_prepare_accounts(self, batch_size=1000):
        """Make the accounts of customers who have none, in batches with progress."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([("parent_id", "=", False)])
        missing = {
            company: self._get_missing_customers(company) for company in companies
        }
        if not cron._commit_progress(remaining=sum(map(len, missing.values()))):
            return
        for company, partners in missing.items():
            for start in range(0, len(partners), batch_size):
                batch = partners[start : start + batch_size].exists()
                self._bump(company, batch)
                if not cron._commit_progress(len(batch)):
                    return

    @api.model
    def _check_initial_load(self, companies):
        """Let limits be set without approval: by whom and when.

        :raise AccessError: for others than credit administrators
        :raise UserError: as soon as a company observes or enforces credit
        """
        if not self.env.user.has_group("customer_credit_grade.group_manager"):
            raise AccessError(
                self.env._(
                    "Only credit administrators set credit without approval, and only "
                    "while credit control is off. Submit the request for approval."
                )
            )
        for company in companies:
            if company._credit_get_mode() != "off":
                raise UserError(
                    self.env._(
                        "%(company)s controls credit already: every change goes "
                        "through approval now. Submit a credit request.",
                        company=company.sudo().name,
                    )
                )
