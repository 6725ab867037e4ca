from odoo import api, fields, models
from odoo.tools import SQL


class CustomerCreditAccount(models.Model):
    """What the customer owes and may owe, computed when it is looked at (DESIGN 4).

    All amounts in the company's currency, taxes included.
    """

    _inherit = "customer.credit.account"

    standing_limit = fields.Monetary(compute="_compute_limits")
    temporary_limit = fields.Monetary(compute="_compute_limits")
    guarantee_limit = fields.Monetary(
        string="Guarantees",
        compute="_compute_limits",
        help="Covered share of valid guarantees and insurances.",
    )
    limit = fields.Monetary(
        string="Credit Limit",
        compute="_compute_limits",
        help="Standing limit, valid temporary limits, guarantees and insurances.",
    )
    receivable = fields.Monetary(
        string="Receivables",
        compute="_compute_figures",
        help="Posted and unpaid, less credits and payments not yet applied.",
    )
    ordered = fields.Monetary(
        string="Confirmed Orders",
        compute="_compute_figures",
        help="Confirmed and not yet invoiced, less down payments invoiced.",
    )
    online = fields.Monetary(
        string="Online Payments",
        compute="_compute_figures",
        help="Authorised or done, not yet booked; lowers the exposure.",
    )
    extra = fields.Monetary(
        string="Bills and Advances",
        compute="_compute_figures",
        help="Weighted balances of the extra accounts.",
    )
    exposure = fields.Monetary(compute="_compute_figures")
    headroom = fields.Monetary(
        compute="_compute_figures",
        help="What may still be ordered; the group's headroom where that is less.",
    )
    use_percent = fields.Float(string="Used (%)", compute="_compute_figures")
    unapplied = fields.Monetary(
        string="Unapplied Credits",
        compute="_compute_figures",
        help="Payments and credit notes not yet reconciled, as a positive amount.",
    )
    overdue = fields.Monetary(
        compute="_compute_figures",
        help="Overdue receivables, less unapplied credits.",
    )
    overdue_days = fields.Integer(string="Days Overdue", compute="_compute_figures")

    @api.depends("entitlement_ids", "mode")
    def _compute_limits(self):
        parts = self._get_limit_parts()
        for account in self:
            standing, temporary, guarantee = parts.get(account._origin.id, (0, 0, 0))
            account.standing_limit = standing
            account.temporary_limit = temporary
            account.guarantee_limit = guarantee
            account.limit = standing + temporary + guarantee

    @api.depends("entitlement_ids", "mode", "group_id")
    def _compute_figures(self):
        figures = self._origin._get_figures()
        for account in self:
            found = figures.get(account._origin.id)
            for name in (
                "receivable",
                "ordered",
                "online",
                "extra",
                "exposure",
                "headroom",
                "use_percent",
                "unapplied",
                "overdue",
                "overdue_days",
            ):
                account[name] = getattr(found, name) if found else 0

    def _get_limit_parts(self, date=None):
        """Return ``{id: (standing, temporary, guarantees)}`` valid on a day.

        :param date: a day in the time zone of the company; today there by default
        """
        if not self.ids:
            return {}
        entitlements = self.env["customer.credit.entitlement"]
        entitlements.flush_model()
        result = {}
        # sudo: who may see an account may see what its limit is made of
        for company, accounts in self.sudo().grouped("company_id").items():
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT account_id,
                           SUM(amount) FILTER (WHERE kind = 'standing'),
                           SUM(amount) FILTER (WHERE kind = 'temporary'),
                           SUM(ROUND(amount * cover::numeric / 100, %(digits)s))
                               FILTER (WHERE kind IN ('guarantee', 'insurance'))
                      FROM customer_credit_entitlement
                     WHERE account_id = ANY(%(accounts)s) AND date_ended IS NULL
                       AND COALESCE(date_from, %(day)s) <= %(day)s
                       AND COALESCE(date_to, %(day)s) >= %(day)s
                  GROUP BY account_id
                    """,
                    digits=company.currency_id.decimal_places,
                    accounts=accounts.ids,
                    day=date or accounts._get_today(company),
                )
            )
            for account_id, *parts in rows:
                result[account_id] = tuple(float(part or 0) for part in parts)
        return result

    @api.model
    def _get_today(self, company):
        """Return the day it is in the time zone of the company."""
        # sudo: the same day for whoever asks
        partner_sudo = company.sudo().partner_id
        partner_sudo.fetch(["tz"])
        zone = partner_sudo.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    def _get_figures(self, **options):
        """Return ``{id: Figures}``; one statement per company (``exposure.py``).

        :param options: as for ``customer.credit.exposure._get_exposures``
        """
        result = {}
        # sudo: the same figures for whoever may see the account
        for company, accounts in self.sudo().grouped("company_id").items():
            exposures = self.env["customer.credit.exposure"]._get_exposures(
                company, accounts.partner_id, **options
            )
            limits = accounts._get_limit_parts()
            groups = accounts.group_id._get_headrooms()
            for account in accounts:
                figures = exposures[account.partner_id.id]
                figures.set_limit(
                    sum(limits.get(account.id, (0,))),
                    account.mode,
                    groups.get(account.group_id.id),
                )
                result[account.id] = figures
        return result
