from odoo import api, fields, models
from odoo.fields import Domain

#: what the exposure is made of, in the order of the bar
COMPONENTS = ("receivable", "ordered", "extra", "online")
#: share of the limit from which on it is near, without a grade
NEAR_PERCENT = 80.0


class CustomerCreditAccount(models.Model):
    """What salespeople and finance look at and click on (SPEC D3, D5)."""

    _inherit = "customer.credit.account"

    grade_code = fields.Char(related="grade_id.code", string="Grade Code")
    grade_color = fields.Integer(related="grade_id.color")
    credit_bar = fields.Json(
        string="Use of the Limit", compute="_compute_credit_bar", exportable=False
    )
    is_over_limit = fields.Boolean(
        string="Over the Limit",
        compute="_compute_is_over_limit",
        search="_search_is_over_limit",
        help="Owes and has ordered more than the own limit or the group's allows.",
    )
    is_near_limit = fields.Boolean(
        string="Near the Limit",
        compute="_compute_is_over_limit",
        search="_search_is_near_limit",
        help="Uses as much of the limit as the grade warns of.",
    )
    is_overdue = fields.Boolean(
        string="Has Overdue Items",
        compute="_compute_is_over_limit",
        search="_search_is_overdue",
    )

    @api.depends("limit", "exposure", "headroom", "overdue", "mode", "grade_id")
    def _compute_is_over_limit(self):
        for account in self:
            limited = account.mode == "limited"
            account.is_over_limit = limited and account.headroom < -0.000001
            near = account._get_near_percent() / 100
            account.is_near_limit = (
                limited
                and not account.is_over_limit
                and account.limit > 0
                and round(account.exposure - account.limit * near, 6) >= 0
            )
            account.is_overdue = account.overdue > 0

    def _get_near_percent(self):
        """Return the use of the limit from which on it is near, in percent."""
        return self.grade_id.near_percent if self.grade_id else NEAR_PERCENT

    @api.model
    def _search_is_over_limit(self, operator, value):
        return self._search_condition("over", operator, value)

    @api.model
    def _search_is_near_limit(self, operator, value):
        return self._search_condition("near", operator, value)

    @api.model
    def _search_is_overdue(self, operator, value):
        return self._search_condition("overdue", operator, value)

    @api.model
    def _search_condition(self, condition, operator, value):
        """Return the domain of accounts a condition is true of; one statement each.

        Per root company; the rules of the reader apply to the result.
        """
        if operator != "in":
            return NotImplemented
        # sudo: the main company of a branch need not be allowed
        companies = self.env.companies.sudo().root_id
        if self.env.su:
            companies = self.env["res.company"].search([("parent_id", "=", False)])
        ids = []
        for company in companies:
            ids += self.env["customer.credit.exposure"]._get_account_ids(
                company, condition
            )
        found = Domain("id", "in", ids)
        wanted = Domain.FALSE
        if True in value:
            wanted |= found
        if False in value:
            wanted |= ~found
        return wanted

    @api.depends(
        "receivable", "ordered", "online", "extra", "headroom", "limit", "mode"
    )
    @api.depends_context("lang")
    def _compute_credit_bar(self):
        labels = {
            name: self._fields[name]._description_string(self.env)
            for name in (*COMPONENTS, "limit", "exposure", "headroom", "overdue")
        }
        for account in self:
            account.credit_bar = account._prepare_credit_bar(labels)

    def _prepare_credit_bar(self, labels):
        """Return what the bar shows, as plain data; company currency.

        :param labels: ``{field: its name in the language of the reader}``
        """
        self.ensure_one()
        limit = self.limit if self.mode == "limited" else 0.0
        return {
            "account_id": self._origin.id,
            "currency_id": self.currency_id.id,
            "mode": self.mode,
            "limit": limit,
            "near": limit * self._get_near_percent() / 100,
            "exposure": self.exposure,
            "headroom": self.headroom,
            "overdue": self.overdue,
            "parts": [
                {
                    "name": name,
                    "amount": -self[name] if name == "online" else self[name],
                }
                for name in COMPONENTS
            ],
            "labels": labels,
        }

    def _get_limit_items(self):
        """Return ``[(entitlement id, what it adds to the limit, valid to)]`` today."""
        self.ensure_one()
        today = self._get_today(self.company_id)
        round_ = self.currency_id.round
        return [
            (
                part.id,
                round_(part.amount * part.cover / 100)
                if part.kind in ("guarantee", "insurance")
                else part.amount,
                part.date_to or None,
            )
            for part in self.entitlement_ids
            if not part.date_ended
            and (part.date_from or today) <= today <= (part.date_to or today)
        ]

    # Actions -------------------------------------------------------------------------

    def action_open_component(self, component):
        """Show the documents a figure is made of; they add up to it (SPEC D4, D6).

        Who may read the account may see numbers, dates and amounts; the documents
        themselves open with the reader's own rights.

        :param str component: receivable, ordered, online, extra, overdue or limit
        """
        self.ensure_one()
        self.check_access("read")
        items = self.env["customer.credit.item"]._show(self, component)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(customer)s: %(figure)s",
                customer=self.partner_id.display_name,
                figure=self._fields[component]._description_string(self.env),
            ),
            "res_model": "customer.credit.item",
            "view_mode": "list",
            "domain": [("id", "in", items.ids)],
            "context": {"create": False},
        }

    def action_open_receivable(self):
        """Show what is posted and unpaid."""
        return self.action_open_component("receivable")

    def action_open_overdue(self):
        """Show what is overdue."""
        return self.action_open_component("overdue")

    def action_open_limit(self):
        """Show what the limit is made of."""
        return self.action_open_component("limit")

    def action_what_if(self):
        """Ask what an order would do (SPEC D3)."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What If"),
            "res_model": "customer.credit.what.if",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id},
        }
