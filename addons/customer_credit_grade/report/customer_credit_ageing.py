from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import ageing


class CustomerCreditAgeing(models.Model):
    """What customers owe, by how long it is overdue (SPEC D6).

    One row per root company and customer, in the company's currency, net of credits
    not yet applied, which cover what was due first. As of today, or of the day in the
    context key ``ageing_date``: that day's entries and reconciliations, no later ones.
    """

    _name = "customer.credit.ageing"
    _description = "Ageing of Receivables"
    _auto = False
    _order = "overdue desc, total desc, id"
    _rec_name = "partner_id"
    _depends = {
        "account.move.line": [
            "account_id",
            "amount_residual",
            "balance",
            "company_id",
            "date",
            "date_maturity",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "account.account": ["account_type"],
        "account.partial.reconcile": ["amount", "max_date"],
        "res.partner": ["commercial_partner_id", "user_id", "sale_region_id"],
        "res.company": ["credit_ageing_bounds", "parent_path"],
        "customer.credit.account": ["company_id", "grade_id", "partner_id"],
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    account_id = fields.Many2one(
        comodel_name="customer.credit.account", string="Credit", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    sale_region_id = fields.Many2one(
        comodel_name="sales.region", string="Region", readonly=True
    )
    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade", string="Grade", readonly=True
    )
    not_due = fields.Monetary(readonly=True)
    bucket_1 = fields.Monetary(string="1st Period", readonly=True)
    bucket_2 = fields.Monetary(string="2nd Period", readonly=True)
    bucket_3 = fields.Monetary(string="3rd Period", readonly=True)
    bucket_4 = fields.Monetary(string="Older", readonly=True)
    credit = fields.Monetary(
        string="Credits Left",
        readonly=True,
        help="Payments and credit notes beyond all debts; negative.",
    )
    total = fields.Monetary(string="Receivables", readonly=True)
    overdue = fields.Monetary(readonly=True)
    overdue_days = fields.Integer(
        string="Days Overdue", readonly=True, aggregator="max"
    )

    @property
    def _table_query(self):
        """Return the rows as of the day in the context, today by default."""
        day = self._get_day()
        today = fields.Date.context_today(self)
        items = ageing.ITEMS_PAST if day < today else ageing.ITEMS_TODAY
        return SQL(f"WITH {items}, {ageing.REPORT}", day=day)

    @api.model
    def _get_day(self):
        """Return the day of the report; what cannot be read means today."""
        asked = self.env.context.get("ageing_date")
        try:
            return fields.Date.to_date(asked) or fields.Date.context_today(self)
        except (TypeError, ValueError):
            return fields.Date.context_today(self)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """EXTENDS 'base': name the periods by the company's bounds."""
        result = super().fields_get(allfields, attributes)
        for name, label in self._get_labels().items():
            if name in result and "string" in result[name]:
                result[name]["string"] = label
        return result

    @api.model
    def _get_labels(self):
        """Return {field: what the period is called}, such as "31–60 days"."""
        first, second, third = self.env.company.root_id._credit_get_ageing_bounds()
        days = self.env._
        return {
            "bucket_1": days("1–%s days", first),
            "bucket_2": days("%(low)s–%(high)s days", low=first + 1, high=second),
            "bucket_3": days("%(low)s–%(high)s days", low=second + 1, high=third),
            "bucket_4": days("over %s days", third),
        }

    def action_open_items(self):
        """Show the open items of these customers."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Items"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": self._get_items_domain(),
            "context": {"create": False},
        }

    def _get_items_domain(self):
        """Return the domain of these customers' open receivable lines today."""
        companies = self.env["res.company"]
        for company in self.company_id:
            companies |= company._credit_get_companies()
        return list(
            Domain("partner_id", "child_of", self.partner_id.ids)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("company_id", "in", companies.ids)
        )
