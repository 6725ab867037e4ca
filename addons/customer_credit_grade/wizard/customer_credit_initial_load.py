from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..models.customer_credit_account import MODES

_BATCH = 1000


class CustomerCreditInitialLoad(models.TransientModel):
    """Set the credit of many customers at once, while control is off (SPEC D3).

    For credit administrators only; one statement of each kind per 1,000 customers.
    """

    _name = "customer.credit.initial.load"
    _description = "Initial Load of Credit Limits"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    scope = fields.Selection(
        selection=[
            ("chosen", "Chosen customers"),
            ("all", "All customers with invoices or confirmed orders"),
        ],
        string="For",
        required=True,
        default="all",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        domain=[("parent_id", "=", False)],
    )
    mode = fields.Selection(selection=MODES, required=True, default="limited")
    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    limit_method = fields.Selection(
        selection=[
            ("keep", "Leave as it is"),
            ("fixed", "Fixed amount"),
            ("grade", "As the grade proposes"),
        ],
        string="Standing Limit",
        required=True,
        default="grade",
    )
    amount = fields.Monetary()
    reason = fields.Char(required=True, default=lambda self: self.env._("Initial load"))

    def action_load(self):
        """Write grade, mode and limits; opens the accounts.

        :raise AccessError: for others than credit administrators
        :raise UserError: when control is on, or something is missing
        """
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        accounts = self.env["customer.credit.account"]
        self._check_allowed()
        if self.limit_method == "grade" and not self.grade_id:
            raise UserError(self.env._("Choose the grade that proposes the limits."))
        if self.grade_id.company_id not in (self.company_id, self.env["res.company"]):
            raise UserError(self.env._("The grade belongs to another company."))
        if not 0 <= self.amount <= 1e12:
            raise UserError(
                self.env._("The amount is between 0 and 1,000,000,000,000.")
            )
        partners = self._get_customers()
        if not partners:
            raise UserError(self.env._("There are no customers to load."))
        for start in range(0, len(partners), _BATCH):
            accounts |= self._load(partners[start : start + _BATCH])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_credit_grade.customer_credit_account_action"
        )
        return action | {"domain": [("id", "in", accounts.ids)]}

    def _get_customers(self):
        if self.scope == "chosen":
            return self.partner_ids.commercial_partner_id
        accounts_sudo = self.env["customer.credit.account"].sudo()
        ids = accounts_sudo._get_customers_without_account(self.company_id.sudo())
        return accounts_sudo.search(
            [("company_id", "=", self.company_id.id)]
        ).partner_id | self.env["res.partner"].browse(ids)

    def _load(self, partners):
        """Write the credit of one batch; returns the accounts."""
        accounts_sudo = self.env["customer.credit.account"]._bump(
            self.company_id, partners
        )
        accounts_sudo.invalidate_recordset()
        vals = {"mode": self.mode}
        if self.grade_id:
            vals["grade_id"] = self.grade_id.id
            vals["next_review"] = accounts_sudo._get_today(
                self.company_id
            ) + relativedelta(months=self.grade_id.review_months)
        accounts_sudo._credit_apply(vals)
        if self.limit_method != "keep":
            self._set_limits(accounts_sudo)
        for account_sudo in accounts_sudo if self.grade_id.payment_term_id else ():
            account_sudo._credit_grade_changed(self.grade_id)  # no downgrade
        accounts_sudo._credit_refresh_native()
        text = self.env._(
            "Set without approval while credit control is off: %(reason)s",
            reason=self.reason,
        )
        accounts_sudo._message_log_batch(bodies=dict.fromkeys(accounts_sudo.ids, text))
        return accounts_sudo.sudo(False)

    def _set_limits(self, accounts_sudo):
        """End the standing limits there are; one insert makes the new ones."""
        if self.limit_method == "fixed":
            limits = dict.fromkeys(accounts_sudo.ids, self.amount)
        else:
            limits = accounts_sudo._propose_limits(self.grade_id)
        # sudo: the administrator may, see _check_allowed
        parts_sudo = self.env["customer.credit.entitlement"].sudo()
        parts_sudo.search(
            [
                ("account_id", "in", accounts_sudo.ids),
                ("kind", "=", "standing"),
                ("date_ended", "=", False),
            ]
        ).write({"date_ended": fields.Datetime.now()})
        parts_sudo.create(
            [
                {
                    "account_id": account_id,
                    "kind": "standing",
                    "amount": amount,
                    "note": self.reason,
                }
                for account_id, amount in limits.items()
            ]
        )
        accounts_sudo.invalidate_recordset()

    def _check_allowed(self):
        """Refuse others than credit administrators, and once control is on."""
        if not self.env.user.has_group("customer_credit_grade.group_manager"):
            raise AccessError(
                self.env._("Only credit administrators load limits directly.")
            )
        if self.company_id._credit_get_mode() != "off":
            raise UserError(
                self.env._(
                    "Credit control is on in %(company)s: submit a credit request for "
                    "approval.",
                    company=self.company_id.name,
                )
            )
