from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .customer_credit_collection import STATES


class CustomerCreditAccount(models.Model):
    """How a customer's debts are followed up (SPEC D7)."""

    _inherit = "customer.credit.account"

    collection_ids = fields.One2many(
        comodel_name="customer.credit.collection",
        inverse_name="account_id",
        string="Collection Cases",
        readonly=True,
    )
    collection_step_ids = fields.One2many(
        comodel_name="customer.credit.collection.step",
        inverse_name="account_id",
        string="Collection History",
        readonly=True,
    )
    collection_id = fields.Many2one(
        comodel_name="customer.credit.collection",
        string="Open Collection Case",
        compute="_compute_collection",
        compute_sudo=True,
    )
    collection_state = fields.Selection(
        selection=STATES,
        string="Collection",
        compute="_compute_collection",
        compute_sudo=True,
    )
    is_with_legal = fields.Boolean(
        string="With Legal",
        compute="_compute_is_with_legal",
        compute_sudo=True,
        store=True,
        help="A debt of this customer has been handed over to the legal department.",
    )
    shortfall_count = fields.Integer(
        string="Funds Missing", compute="_compute_shortfall_count", compute_sudo=True
    )

    @api.depends("collection_ids.state")
    def _compute_collection(self):
        for account in self:
            case = account.collection_ids.filtered(lambda c: c.state != "closed")[:1]
            account.collection_id = case
            account.collection_state = case.state

    @api.depends("collection_ids.state")
    def _compute_is_with_legal(self):
        for account in self:
            account.is_with_legal = "legal" in account.collection_ids.mapped("state")

    def _compute_shortfall_count(self):
        counts = dict(
            self.env["customer.credit.shortfall"]._read_group(
                Domain("account_id", "in", self.ids) & Domain("state", "=", "open"),
                groupby=["account_id"],
                aggregates=["__count"],
            )
        )
        for account in self:
            account.shortfall_count = counts.get(account._origin, 0)

    def action_open_collection(self):
        """Open the customer's collection case; officers start one if there is none.

        :raise AccessError: there is none, and the user is no credit officer
        """
        self.ensure_one()
        self.check_access("read")
        case = self.collection_id
        if not case:
            if not self.env.user.has_group("customer_credit_grade.group_officer"):
                raise AccessError(
                    self.env._(
                        "%(customer)s has no open collection case. Credit officers "
                        "start one, or it opens by itself when something is overdue.",
                        customer=self.partner_id.display_name,
                    )
                )
            account_sudo = self.sudo()  # an officer, checked above
            day = self._get_today(account_sudo.company_id)
            case = self.env["customer.credit.collection"]._open_cases(
                account_sudo, day
            )[account_sudo]
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.credit.collection",
            "res_id": case.id,
            "view_mode": "form",
        }

    @api.model
    def _get_collection_accounts(self, company, partners):
        """Return the accounts of customers with elevated rights, making missing ones.

        Existing rows are not bumped: following up a debt commits nobody to anything.
        """
        accounts = self._get_accounts(company, partners)
        return accounts | self._bump(company, partners - accounts.partner_id)

    @api.model
    def _get_department_head(self, company, code):
        """Return who acts for an approval department; empty if there is none.

        :param str code: of the department, as findings name it
        """
        # sudo: departments are read by approvers only
        department_sudo = (
            self.env["document.approval.department"]
            .sudo()
            .search(
                Domain("company_id", "=", company.root_id.id)
                & Domain("code", "=ilike", code),
                limit=1,
            )
        )
        people = department_sudo.head_id | department_sudo.member_ids
        return people.filtered(lambda user: user.active)[:1]

    def _get_collector(self):
        """Return who follows up the customer's debts: as set, finance, or sales."""
        self.ensure_one()
        company = self.company_id
        chosen = company.credit_collector_id
        if not chosen.active:
            chosen = self._get_department_head(company, "finance")
        return chosen or self.user_id

    def _get_working_day(self, day):
        """Return ``day``, or the next one on which the company works."""
        self.ensure_one()
        calendar = self.company_id.sudo().resource_calendar_id  # whoever asks
        planned = calendar and calendar.plan_days(
            1, datetime.combine(day, time.min), compute_leaves=True
        )
        return planned.date() if planned else day

    def _give_collection_activity(
        self, record, user, summary, note="", kind=None, deadline=None
    ):
        """Give somebody one activity on a record, if he has none of the kind yet.

        :param record: a case, an account or a shortfall
        :param kind: activity type; a to-do by default
        """
        if not user or user.share or not user.active:
            return
        kind = kind or self.env.ref("mail.mail_activity_data_todo")
        # sudo: salespeople get activities from officers, and from the job
        record_sudo = record.sudo().with_context(
            mail_activity_quick_update=True, mail_post_autofollow=False
        )
        if record_sudo.activity_ids.filtered(
            lambda activity: (
                activity.user_id == user
                and activity.activity_type_id == kind
                and activity.summary == summary
            )
        ):
            return
        record_sudo.activity_schedule(
            activity_type_id=kind.id,
            summary=summary,
            note=note,
            user_id=user.id,
            date_deadline=deadline or self._get_today(record_sudo.company_id),
        )
