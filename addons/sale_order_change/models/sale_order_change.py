from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = [("change", "Change"), ("cancel", "Cancellation")]
#: what of the order itself may be changed, under the same names as on the order
HEADER_FIELDS = ("commitment_date", "partner_shipping_id", "payment_term_id")
#: what only the system writes
_SYSTEM_FIELDS = frozenset(
    {
        "name",
        "state",
        "origin",
        "requester_id",
        *(f"old_{name}" for name in HEADER_FIELDS),
        "order_fingerprint",
        "order_round_id",
        "order_snapshot",
        "totals",
        "error",
        "date_applied",
        "evaluation_ids",
        "agreement_state",
        "agreement_kind",
        "agreement_name",
        "agreement_date",
        "agreement_fingerprint",
        "agreement_file",
        "agreement_sha256",
        "agreement_words",
    }
)
_NEW = {"state": "draft", "origin": "staff", "agreement_state": "none"}
_FROZEN_STATES = ("applied", "cancel")


class SaleOrderChange(models.Model):
    """The one way to change or cancel a confirmed order under control (SPEC J1-J3).

    Proposed by staff or by the customer, looked at by the departments concerned,
    approved, and then applied by the system exactly as approved, once. Amounts are in
    the currency of the order.
    """

    _name = "sale.order.change"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.mixin"]
    _description = "Order Change Request"
    _order = "id desc"
    _check_company_auto = True

    _approval_protected_states = ("applied",)
    _approval_material_fields = (
        "company_id",
        "order_id",
        "kind",
        "reason",
        "order_fingerprint",
        *(f"old_{name}" for name in HEADER_FIELDS),
        *HEADER_FIELDS,
        "compensation",
        "compensation_amount",
        "compensation_payer",
    )
    _approval_line_field = "line_ids"
    _approval_material_line_fields = (
        "product_id",
        "order_line_id",
        "product_uom_id",
        "old_quantity",
        "quantity",
        "old_price_unit",
        "price_unit",
        "old_discount",
        "discount",
        "old_customer_lead",
        "customer_lead",
        "tax_ids",
    )

    # identity
    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        index=True,
        check_company=True,
        domain=[("state", "=", "sale")],
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    kind = fields.Selection(
        selection=KINDS, string="What For", required=True, default="change"
    )
    # parties
    partner_id = fields.Many2one(
        related="order_id.partner_id", string="Customer", store=True, index=True
    )
    user_id = fields.Many2one(
        related="order_id.user_id", string="Salesperson", store=True, index=True
    )
    origin = fields.Selection(
        selection=[("staff", "Staff"), ("portal", "Customer, online")],
        string="Asked By",
        default="staff",
        required=True,
        readonly=True,
        copy=False,
    )
    requester_id = fields.Many2one(
        comodel_name="res.users",
        string="Requester",
        readonly=True,
        copy=False,
    )
    # content
    reason = fields.Text(required=True)
    effect = fields.Text(
        string="Expected Effect",
        help="On delivery, cost and other orders, as far as you can tell.",
    )
    commitment_date = fields.Datetime(
        string="Delivery Date",
        compute="_compute_commitment_date",
        store=True,
        readonly=False,
    )
    partner_shipping_id = fields.Many2one(
        comodel_name="res.partner",
        string="Delivery Address",
        compute="_compute_partner_shipping_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms",
        compute="_compute_payment_term_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    old_commitment_date = fields.Datetime(
        string="Delivery Date Before", readonly=True, copy=False
    )
    old_partner_shipping_id = fields.Many2one(
        comodel_name="res.partner",
        string="Delivery Address Before",
        readonly=True,
        copy=False,
    )
    old_payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms Before",
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many(
        comodel_name="sale.order.change.line",
        inverse_name="change_id",
        string="Lines",
        copy=False,
    )
    answer = fields.Text(
        string="Answer to the Customer",
        copy=False,
        help="Shown to the customer on the page of the order.",
    )
    # state
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("failed", "Could Not Be Applied"),
            ("applied", "Applied"),
            ("cancel", "Given Up"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    error = fields.Text(string="What Went Wrong", readonly=True, copy=False)
    date_applied = fields.Datetime(string="Applied On", readonly=True, copy=False)
    # technical
    order_fingerprint = fields.Char(
        string="State of the Order", readonly=True, copy=False
    )
    order_round_id = fields.Many2one(
        comodel_name="document.approval.round",
        string="Approval of the Order",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
    )
    order_snapshot = fields.Json(readonly=True, copy=False)
    is_open = fields.Boolean(compute="_compute_is_open")

    # one for each: whoever gives one of them leaves the others as on the order
    @api.depends("order_id")
    def _compute_commitment_date(self):
        for change in self:
            change.commitment_date = change.order_id.commitment_date

    @api.depends("order_id")
    def _compute_partner_shipping_id(self):
        for change in self:
            change.partner_shipping_id = change.order_id.partner_shipping_id

    @api.depends("order_id")
    def _compute_payment_term_id(self):
        for change in self:
            change.payment_term_id = change.order_id.payment_term_id

    @api.depends("state", "approval_state")
    def _compute_is_open(self):
        for change in self:
            change.is_open = change._is_open()

    def _is_open(self):
        """Tell whether somebody may still write what is asked for."""
        self.ensure_one()
        return self.state not in _FROZEN_STATES and self.approval_state != "pending"

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_system(vals)
        changes = super().create(vals_list)
        for change in changes:
            change._start()
        return changes

    def write(self, vals):
        self._refuse_system(vals, allowed={})
        if {"order_id", "company_id"}.intersection(vals):
            raise UserError(
                self.env._("A request stays with its order. Make a new one instead.")
            )
        material = {*self._approval_material_fields, "line_ids"}
        closed = self.filtered(lambda change: change.state in _FROZEN_STATES)
        if closed and material.intersection(vals):
            raise UserError(
                self.env._(
                    "%(number)s is closed and stays as it is. Make a new request.",
                    number=closed[0].name,
                )
            )
        result = super().write(vals)
        self._forget_agreement()
        return result

    def _keep(self, vals):
        """Write what the system keeps, past our own refusal; the gate decides."""
        return super().write(vals)

    @api.model
    def _refuse_system(self, vals, allowed=None):
        """Refuse what only the system writes, whoever asks, the superuser too.

        :param dict allowed: values that change nothing; by default those of a new one
        """
        allowed = _NEW if allowed is None else allowed
        for name in _SYSTEM_FIELDS.intersection(vals):
            if name in allowed and vals[name] == allowed[name]:
                continue
            raise AccessError(
                self.env._(
                    "%(field)s of a change request is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what the system keeps."""
        values = super().default_get([n for n in fields if n not in _SYSTEM_FIELDS])
        values = {n: v for n, v in values.items() if n not in _SYSTEM_FIELDS}
        return {
            **values,
            **{
                name: self._fields[name].default(self)
                for name in _SYSTEM_FIELDS.intersection(fields)
                if self._fields[name].default
            },
        }

    def _start(self):
        """Give a new request its number, and the order's values to start from.

        :raise UserError: the order is not confirmed
        """
        self.ensure_one()
        order = self.order_id
        order.check_access("read")
        if order.state != "sale":
            raise UserError(
                self.env._(
                    "%(order)s is not confirmed: change it directly.",
                    order=order.display_name,
                )
            )
        # sudo: who asks for a change need not read sequences or set flows up
        company_sudo = self.company_id.sudo()
        company_sudo._change_create_default_flow()
        number = (
            company_sudo.env["ir.sequence"]
            .with_company(company_sudo)
            .next_by_code("sale.order.change")
        )
        # sudo: the order's values, whoever may ask
        order_sudo = order.sudo()
        self._keep(
            {
                "name": number,
                "requester_id": self.env.uid,
                **{f"old_{n}": self._get_id(order_sudo[n]) for n in HEADER_FIELDS},
            }
        )
        if self.kind == "change" and not self.line_ids:
            self._fill_lines(order_sudo)

    @api.model
    def _get_id(self, value):
        return value.id if isinstance(value, models.BaseModel) else value

    def _fill_lines(self, order_sudo):
        """List all lines of the order that can be changed, as they are."""
        # sudo: the same lines for whoever asks; the gate sees the user
        self.env["sale.order.change.line"].sudo().create(
            [
                {"change_id": self.id, "order_line_id": line.id}
                for line in order_sudo._change_get_lines()
            ]
        )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_draft(self):
        if any(change.state != "draft" or change.origin != "staff" for change in self):
            raise UserError(
                self.env._(
                    "Only drafts of your own are deleted. What a customer asked for, "
                    "or what was decided, is kept: give it up instead."
                )
            )

    # Buttons -----------------------------------------------------------------------

    def action_cancel(self):
        """Give the request up; the order stays as it is.

        :raise UserError: it has been applied, or is in review
        """
        self.check_access("write")
        for change in self:
            if change.state == "applied":
                raise UserError(
                    self.env._(
                        "%(number)s has been applied. To go back, make a new request.",
                        number=change.name,
                    )
                )
            if change.approval_state == "pending":
                raise UserError(
                    self.env._(
                        "%(number)s is in review: withdraw it first.",
                        number=change.name,
                    )
                )
        self._keep({"state": "cancel"})
        return True

    def action_draft(self):
        """Take a request up again that was given up or could not be applied."""
        self.check_access("write")
        self.filtered(lambda change: change.state in ("cancel", "failed"))._keep(
            {"state": "draft", "error": False}
        )
        return True
