from datetime import date

from odoo import api, fields, models
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
            "company_id",
            "date",
            "date_maturity",
            "matching_number",
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
        return self._get_query(ageing.REPORT, separator=",")

    @api.model
    def _get_query(self, select, separator="", **values):
        """Return the statement with ``select`` on the open items of the day.

        What is posted with a date to come is owed today, as for the exposure.
        """
        day = self._get_day()
        is_past = day < self._get_today()
        parts = (
            ageing.GIVEN_BACK_LATER if is_past else ageing.GIVEN_BACK,
            ageing.ITEMS,
        )
        return SQL(
            f"WITH {','.join(parts)} {separator} {select}",
            day=day,
            until=day if is_past else date.max,
            **values,
        )

    @api.model
    def _get_today(self):
        """Return the day it is for the company."""
        return self.env["customer.credit.account"]._get_today(self.env.company)

    @api.model
    def _get_day(self):
        """Return the day of the report; what cannot be read means today."""
        asked = self.env.context.get("ageing_date")
        try:
            return fields.Date.to_date(asked) or self._get_today()
        except (TypeError, ValueError):
            return self._get_today()

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
        return {
            "bucket_1": self.env._("1–%(high)s days", high=first),
            "bucket_2": self.env._("%(low)s–%(high)s days", low=first + 1, high=second),
            "bucket_3": self.env._("%(low)s–%(high)s days", low=second + 1, high=third),
            "bucket_4": self.env._("over %(low)s days", low=third),
        }

    def action_open_items(self):
        """Show what the customer's row is made of, as of its day.

        Who may read the row may see numbers, dates and amounts; the documents
        themselves open with the reader's own rights.
        """
        self.ensure_one()
        self.check_access("read")
        account = self.account_id
        if not account:
            accounts = self.env["customer.credit.account"]
            account = accounts._bump(self.company_id, self.partner_id)
        items = self.env["customer.credit.item"]._show(
            account,
            "receivable",
            rows=[row[2:] for row in self._get_open_items()],
            day=self._get_day(),
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Items"),
            "res_model": "customer.credit.item",
            "view_mode": "list",
            "domain": [("id", "in", items.ids)],
            "context": {"create": False},
        }

    def _get_open_items(self):
        """Return what these rows are made of, as of the day; it adds up to them.

        :return: ``[(root company id, customer id, journal item id, amount, due)]`` in
            company currency, what was due first coming first
        """
        self.env.flush_all()
        return self.env.execute_query(
            self._get_query(
                ageing.OPEN_ITEMS,
                roots=[row.company_id.id for row in self],
                debtors=[row.partner_id.id for row in self],
            )
        )
