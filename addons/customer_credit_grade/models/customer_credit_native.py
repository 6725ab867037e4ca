from odoo import api, fields, models
from odoo.tools import SQL

_REMEMBER = """
    INSERT INTO customer_credit_native (
        company_id, partner_id, had_value, credit_limit,
        create_uid, create_date, write_uid, write_date)
    SELECT c.id, p.id, COALESCE(p.credit_limit, '{}'::jsonb) ? c.id::text,
           (p.credit_limit->>c.id::text)::float8,
           %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
      FROM res_partner p, res_company c
     WHERE p.id = ANY(%(partners)s) AND c.id = ANY(%(companies)s)
        ON CONFLICT (company_id, partner_id) DO NOTHING
 RETURNING id
"""
_WRITE = """
    UPDATE res_partner p SET credit_limit = new.value
      FROM (SELECT q.id, COALESCE(q.credit_limit, '{}'::jsonb) || jsonb_object_agg(
                       c.id::text, t.amount) AS value
              FROM res_partner q
              JOIN unnest(%(partners)s::int[], %(amounts)s::float8[])
                AS t(id, amount) ON t.id = q.id
             CROSS JOIN res_company c
             WHERE c.id = ANY(%(companies)s)
          GROUP BY q.id, q.credit_limit) new
     WHERE p.id = new.id AND p.credit_limit IS DISTINCT FROM new.value
 RETURNING p.id
"""
_RESTORE = """
    UPDATE res_partner p SET credit_limit = NULLIF(
           (COALESCE(p.credit_limit, '{}'::jsonb) - n.companies) || n.kept, '{}')
      FROM (SELECT partner_id, array_agg(company_id::text) AS companies,
                   COALESCE(jsonb_object_agg(company_id::text, credit_limit)
                            FILTER (WHERE had_value), '{}'::jsonb) AS kept
              FROM customer_credit_native
             WHERE id = ANY(%(rows)s)
          GROUP BY partner_id) n
     WHERE p.id = n.partner_id
 RETURNING p.id
"""


class CustomerCreditNative(models.Model):
    """Odoo's own credit limit of a customer as it was before this add-on wrote it.

    One per company or branch and customer. Read when the customer is not limited
    any more and when the add-on is uninstalled.
    """

    _name = "customer.credit.native"
    _description = "Odoo's Credit Limit Before"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, ondelete="cascade"
    )
    had_value = fields.Boolean(help="A limit of his own, not the company's default.")
    credit_limit = fields.Float()

    _partner_uniq = models.UniqueIndex("(company_id, partner_id)")

    @api.model
    def _apply_limits(self, company, limits):
        """Write ``{partner id: limit}`` into Odoo's field, branches too.

        :return: ids of the customers whose limit was another before
        """
        if not limits:
            return []
        partners = sorted(limits)
        values = {
            "uid": self.env.uid,
            "partners": partners,
            "amounts": [float(limits[partner]) for partner in partners],
            "companies": company._credit_get_companies().ids,
        }
        self.env.flush_all()
        self.env.execute_query(SQL(_REMEMBER, **values))
        changed = self.env.execute_query(SQL(_WRITE, **values))
        self.env["res.partner"].invalidate_model(["credit_limit"], flush=False)
        return [partner for (partner,) in changed]

    def _restore(self):
        """Put back what was there before; the rows are used up by that."""
        if not self:
            return
        self.env.flush_all()
        self.env.execute_query(SQL(_RESTORE, rows=self.ids))
        self.env["res.partner"].invalidate_model(["credit_limit"], flush=False)
        self.unlink()


class CustomerCreditAccount(models.Model):
    _inherit = "customer.credit.account"

    def _credit_refresh_native(self):
        """Have Odoo's own credit fields say what these accounts allow (DESIGN 4).

        :return: the customers whose limit changed
        """
        native_sudo = self.env["customer.credit.native"].sudo()
        changed = self.env["res.partner"]
        for company, accounts in self.sudo().grouped("company_id").items():
            limited = accounts.filtered(lambda account: account.mode == "limited")
            parts = limited._get_limit_parts()
            changed += changed.browse(
                native_sudo._apply_limits(
                    company,
                    {
                        account.partner_id.id: sum(parts.get(account.id, (0.0,)))
                        for account in limited
                    },
                )
            )
            native_sudo.search(
                [
                    ("company_id", "in", company._credit_get_companies().ids),
                    ("partner_id", "in", (accounts - limited).partner_id.ids),
                ]
            )._restore()
        return changed

    @api.model
    def _cron_refresh_native(self, batch_size=1000):
        """Follow limits that began or ended by the day; mend what others wrote."""
        # sudo: called by a job
        accounts = self.sudo().search([("mode", "=", "limited")], order="id")
        cron = self.env["ir.cron"]
        if not cron._commit_progress(remaining=len(accounts)):
            return
        holds = self.env["customer.credit.hold"]
        for start in range(0, len(accounts), batch_size):
            batch = accounts[start : start + batch_size].exists()
            for company, own in batch.grouped("company_id").items():
                if changed := own._credit_refresh_native():
                    holds._reconsider(company, changed)
            if not cron._commit_progress(len(batch)):
                return
