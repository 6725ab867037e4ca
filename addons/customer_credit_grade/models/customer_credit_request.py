from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .customer_credit_account import MODES

KINDS = [
    ("grade", "Grade"),
    ("mode", "Treatment"),
    ("standing", "Standing limit"),
    ("temporary", "Temporary limit"),
    ("guarantee", "Guarantee"),
    ("insurance", "Credit insurance"),
    ("end", "End a limit or guarantee"),
    ("group", "Credit group"),
    ("group_limit", "Limit of a group"),
]
LIMIT_KINDS = ("standing", "temporary", "guarantee", "insurance")


class CustomerCreditRequest(models.Model):
    """The one way to change a customer's credit (SPEC D3, B8).

    Sales proposes, finance reviews, management approves; nothing takes effect before
    the last of them has agreed, and then it does by itself. Amounts are in the
    currency of the company.
    """

    _name = "customer.credit.request"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.mixin"]
    _description = "Credit Request"
    _order = "id desc"

    _approval_protected_states = ("applied",)
    _approval_material_fields = (
        "company_id",
        "account_id",
        "kind",
        "grade_id",
        "mode",
        "amount",
        "cover",
        "date_from",
        "date_to",
        "entitlement_id",
        "group_id",
        "reference",
        "reason",
    )

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("applied", "In Force"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    kind = fields.Selection(
        selection=KINDS, string="What to Change", required=True, default="standing"
    )
    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        string="Customer",
        index=True,
        domain="[('company_id', '=', company_id)]",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Partner")
    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade",
        string="New Grade",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    mode = fields.Selection(
        selection=MODES,
        string="New Treatment",
        compute="_compute_mode",
        store=True,
        readonly=False,
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="The new limit, or what the guarantee is worth.",
    )
    cover = fields.Float(
        string="Cover (%)",
        default=100.0,
        help="Share of the guarantee or insurance that raises the limit.",
    )
    date_from = fields.Date(string="Valid From")
    date_to = fields.Date(string="Valid To", help="This day included.")
    entitlement_id = fields.Many2one(
        comodel_name="customer.credit.entitlement",
        string="To End",
        domain="[('account_id', '=', account_id), ('date_ended', '=', False)]",
    )
    group_id = fields.Many2one(
        comodel_name="customer.credit.group",
        string="Credit Group",
        domain="[('company_id', '=', company_id)]",
        help="Empty: the customer belongs to no group any more.",
    )
    reference = fields.Char(help="Number of the guarantee or policy.")
    reason = fields.Text(required=True)
    source = fields.Char(
        readonly=True, copy=False, help="The assessment it comes from."
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Documents", copy=False
    )
    old_value = fields.Char(string="Before", readonly=True, copy=False)
    new_value = fields.Char(string="Afterwards", compute="_compute_new_value")
    can_apply = fields.Boolean(compute="_compute_can_apply")

    @api.depends("kind", "account_id", "group_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            whose = request.account_id or request.group_id
            request.display_name = self.env._(
                "%(kind)s: %(customer)s",
                kind=kinds.get(request.kind, ""),
                customer=whose.display_name or "",
            )

    @api.depends("kind", "grade_id")
    def _compute_mode(self):
        for request in self:
            if request.kind == "grade":
                no_credit = request.grade_id.limit_method == "none"
                request.mode = "prepay" if no_credit else "limited"
            elif request.kind != "mode":
                request.mode = False

    @api.depends("kind", "grade_id", "account_id")
    def _compute_amount(self):
        for request in self:
            if request.kind == "grade" and request.account_id and request.grade_id:
                account = request.account_id
                request.amount = account._propose_limits(request.grade_id)[
                    account._origin.id
                ]
            elif request.kind in ("mode", "end", "group"):
                request.amount = 0.0

    @api.depends("kind", "grade_id", "mode", "amount", "group_id", "date_to")
    def _compute_new_value(self):
        for request in self:
            request.new_value = request._get_new_value()

    def _get_new_value(self):
        """Return in words what will hold afterwards."""
        self.ensure_one()
        modes = dict(self._fields["mode"]._description_selection(self.env))
        money = self.currency_id.format(self.amount) if self.currency_id else ""
        if self.kind == "grade":
            parts = [self.grade_id.name or "", modes.get(self.mode, "")]
            return ", ".join([*parts, *([money] if self.mode == "limited" else [])])
        if self.kind == "mode":
            return modes.get(self.mode, "")
        if self.kind == "group":
            return self.group_id.name or self.env._("no group")
        if self.kind == "end":
            return self.env._("ended")
        # sudo: how the customer is treated now
        if self.kind == "standing" and self.sudo().account_id.mode != "limited":
            return ", ".join([modes["limited"], money])
        return money

    @api.depends("state", "company_id")
    @api.depends_context("uid")
    def _compute_can_apply(self):
        """While credit control is off, administrators put limits in force at once."""
        is_manager = self.env.user.has_group("customer_credit_grade.group_manager")
        for request in self:
            request.can_apply = (
                is_manager
                and request.state == "draft"
                and request._approval_mode() == "off"
            )

    # Rules -----------------------------------------------------------------------

    @api.constrains(
        "kind",
        "account_id",
        "grade_id",
        "mode",
        "amount",
        "cover",
        "date_from",
        "date_to",
        "group_id",
        "entitlement_id",
    )
    def _check_complete(self):
        """Say what is missing or cannot be meant."""
        for request in self:
            problem = request._get_problem()
            if problem:
                raise ValidationError(problem)

    def _get_problem(self):
        """Return in words what keeps the request from making sense, or None."""
        self.ensure_one()
        if self.kind == "group_limit":
            if not self.group_id:
                return self.env._("Choose the group whose limit is to change.")
        elif not self.account_id:
            return self.env._("Choose the customer.")
        elif self.account_id.company_id != self.company_id:
            return self.env._("The customer's credit belongs to another company.")
        missing = {
            "grade": ("grade_id", self.env._("Choose the new grade.")),
            "mode": ("mode", self.env._("Choose the new treatment.")),
            "end": ("entitlement_id", self.env._("Choose what is to end.")),
            "temporary": (
                "date_to",
                self.env._("A temporary limit needs a last day."),
            ),
            "insurance": ("date_to", self.env._("An insurance needs a last day.")),
        }
        if self.kind in missing and not self[missing[self.kind][0]]:
            return missing[self.kind][1]
        if (
            self.state == "draft"
            and self.date_to
            and self.date_to < self.account_id._get_today(self.company_id)
        ):
            return self.env._("It would be over already: choose a later last day.")
        if self.date_from and self.date_to and self.date_from > self.date_to:
            return self.env._("It cannot end before it begins.")
        if not 0 <= self.amount <= 1e12 or not 0 <= self.cover <= 100:  # nor NaN
            return self.env._(
                "Amounts are not negative, and the cover is between 0 and 100 %."
            )
        if self.entitlement_id and self.entitlement_id.account_id != self.account_id:
            return self.env._("What is to end belongs to another customer.")
        return None

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_state(vals)
        requests = super().create(vals_list)
        requests._check_customers()
        return requests

    def write(self, vals):
        self._refuse_state(vals)
        frozen = set(vals).intersection((*self._approval_material_fields, "state"))
        if frozen and any(request.state == "applied" for request in self):
            raise UserError(
                self.env._("What is in force is changed by a new request only.")
            )
        result = super().write(vals)
        if {"account_id", "company_id"}.intersection(vals):
            self._check_customers()
        return result

    @api.model
    def _refuse_state(self, vals):
        """Refuse what only an approval or a button gives, whoever writes it."""
        if "old_value" in vals or vals.get("state", "draft") != "draft":
            raise AccessError(
                self.env._("A credit request comes into force by its approval only.")
            )

    def _set_applied(self, old_value):
        """Enter the protected state, past our own refusal; the gate decides.

        :param str old_value: in words, what held before
        """
        return super().write({"state": "applied", "old_value": old_value})

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to the state."""
        values = super().default_get(fields)
        if "state" in values:
            values["state"] = "draft"
        return values

    def _check_customers(self):
        """Salespeople propose for customers they may see (SPEC D3)."""
        for request in self:
            if request.account_id and not self.env.su:
                request.account_id.check_access("read")

    def action_cancel(self):
        """Give the request up."""
        if any(request.state == "applied" for request in self):
            raise UserError(
                self.env._("What is in force is changed by a new request only.")
            )
        self.check_access("write")
        return super().write({"state": "cancel"})

    def action_draft(self):
        """Take a cancelled request up again."""
        self.filtered(lambda request: request.state == "cancel").write(
            {"state": "draft"}
        )

    def action_apply(self):
        """Put limits in force without approval, while credit control is off.

        For the first load of limits.

        :raise AccessError: for others than credit administrators
        :raise UserError: once credit control is on
        """
        self.check_access("write")
        if not self.env.user.has_group("customer_credit_grade.group_manager"):
            raise AccessError(
                self.env._("Only credit administrators load limits directly.")
            )
        for request in self:
            if request._approval_mode() != "off":
                raise UserError(
                    self.env._(
                        "Credit control is on in %(company)s: submit the request for "
                        "approval.",
                        company=request.company_id.name,
                    )
                )
        self._apply()
