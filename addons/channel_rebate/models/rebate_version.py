from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

SHARE_RULES = [
    ("none", "Not asked"),
    ("pro_rata", "In proportion"),
    ("all", "All or nothing"),
]


class RebateVersion(models.Model):
    """What a programme grants: an approved version stays as it is (SPEC M2, M5).

    A change is a new version. It counts for periods that begin on or after the day it
    is valid from; what has been settled in them is corrected by the difference.
    """

    _name = "rebate.version"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.mixin"]
    _description = "Rebate Version"
    _order = "programme_id, number desc"

    _approval_protected_states = ("active",)
    _approval_material_fields = (
        "programme_id",
        "valid_from",
        "stage",
        "measure",
        "is_taxed",
        "returns_to",
        "tier_mode",
        "tier_by",
        "reward",
        "reference",
        "cap_amount",
        "minimum_amount",
        "gate_target",
        "gate_paid",
        "gate_executed",
        "payment_rule",
        "execution_rule",
        "speed_from",
        "prepayment_rate",
        "product_ids",
        "category_ids",
        "tiers_text",
        "targets_text",
        "speeds_text",
    )

    programme_id = fields.Many2one(
        comodel_name="rebate.programme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="programme_id.company_id", store=True)
    currency_id = fields.Many2one(related="programme_id.currency_id")
    number = fields.Integer(string="Version", default=1, required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("active", "In Force"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    valid_from = fields.Date(
        help="First day of the first period it counts for. Empty: from the start."
    )
    reason = fields.Text(string="What Changes and Why")
    # base
    stage = fields.Selection(
        selection=[("order", "Orders"), ("invoice", "Invoices")],
        string="Dates Of",
        default="invoice",
        required=True,
        help="Orders: what was ordered in the period counts, whenever it is invoiced.\n"
        "Invoices: what was invoiced in the period counts.",
    )
    measure = fields.Selection(
        selection=[("amount", "Amount"), ("quantity", "Quantity")],
        string="Reached By",
        default="amount",
        required=True,
    )
    is_taxed = fields.Boolean(
        string="Taxes Included",
        help="Amounts, targets and rebates include taxes. Otherwise all are untaxed.",
    )
    returns_to = fields.Selection(
        selection=[
            ("origin", "The period of the invoice"),
            ("own", "The period of the credit note"),
        ],
        string="Returns Lower",
        default="origin",
        required=True,
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        relation="rebate_version_product_rel",
        column1="version_id",
        column2="product_id",
        string="Products",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category",
        relation="rebate_version_category_rel",
        column1="version_id",
        column2="category_id",
        string="Product Categories",
        help="With their sub-categories. Neither products nor categories: all count.",
    )
    # rate
    tier_mode = fields.Selection(
        selection=[
            ("retrospective", "Whole amount at the rate reached"),
            ("marginal", "Each part at its own rate"),
        ],
        string="Tiers Apply To",
        default="retrospective",
        required=True,
    )
    tier_by = fields.Selection(
        selection=[
            ("base", "Amount or quantity reached"),
            ("target", "Percent of the target"),
            ("growth", "Growth in percent"),
        ],
        string="Tiers Are In",
        default="base",
        required=True,
    )
    reward = fields.Selection(
        selection=[("percent", "Percent of the amount"), ("unit", "Amount per unit")],
        default="percent",
        required=True,
    )
    reference = fields.Selection(
        selection=[("year", "Same period last year"), ("previous", "Period before")],
        string="Growth Against",
        default="year",
        required=True,
    )
    tier_ids = fields.One2many(
        comodel_name="rebate.tier", inverse_name="version_id", copy=True
    )
    target_ids = fields.One2many(
        comodel_name="rebate.target", inverse_name="version_id", copy=True
    )
    cap_amount = fields.Monetary(
        string="At Most", help="Per participant and period. 0: no cap."
    )
    minimum_amount = fields.Monetary(
        string="At Least", help="A rebate below this is not granted."
    )
    # gates
    gate_target = fields.Float(
        string="Target Reached (%)",
        help="Below this share of the target there is no rebate.",
    )
    gate_paid = fields.Float(
        string="Paid (%)",
        help="Nothing is released before this share of the invoices has been paid.",
    )
    gate_executed = fields.Float(
        string="Delivered (%)",
        help="Nothing is released before this share of the orders has been delivered.",
    )
    payment_rule = fields.Selection(
        selection=SHARE_RULES,
        string="Released As Paid",
        default="pro_rata",
        required=True,
    )
    execution_rule = fields.Selection(
        selection=SHARE_RULES,
        string="Released As Delivered",
        default="none",
        required=True,
    )
    speed_ids = fields.One2many(
        comodel_name="rebate.speed",
        inverse_name="version_id",
        string="Collection Speed",
        copy=True,
    )
    speed_from = fields.Selection(
        selection=[("invoice", "Invoice date"), ("due", "Due date")],
        string="Days Since",
        default="invoice",
        required=True,
    )
    prepayment_rate = fields.Float(
        string="Prepayment Expected (%)", help="Share of the orders to be paid first."
    )
    # technical
    tiers_text = fields.Text(string="Tiers", compute="_compute_texts")
    targets_text = fields.Text(string="Targets", compute="_compute_texts")
    speeds_text = fields.Text(string="Speeds", compute="_compute_texts")
    simulation = fields.Json(readonly=True, copy=False)

    _number_uniq = models.UniqueIndex("(programme_id, number)")

    @api.depends("programme_id", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(programme)s, version %(number)s",
                programme=version.programme_id.name or "",
                number=version.number,
            )

    @api.depends(
        "tier_ids.value_from",
        "tier_ids.rate",
        "tier_ids.participant_id",
        "target_ids.target",
        "target_ids.extra_rate",
        "target_ids.prepayment_rate",
        "target_ids.participant_id",
        "speed_ids.days",
        "speed_ids.percent",
    )
    def _compute_texts(self):
        """Say in one text what belongs to the version: it is approved with it."""
        for version in self:
            version.tiers_text = "\n".join(
                sorted(
                    f"{t.participant_id.partner_id.id or ''} ≥ {t.value_from:.2f}: "
                    f"{t.rate:.6f}"
                    for t in version.tier_ids
                )
            )
            version.targets_text = "\n".join(
                sorted(
                    f"{t.participant_id.partner_id.id}: {t.target:.2f}, "
                    f"{t.extra_rate:.6f}, {t.prepayment_rate:.6f}"
                    for t in version.target_ids
                )
            )
            version.speeds_text = "\n".join(
                f"≤ {s.days}: {s.percent:.6f}" for s in version.speed_ids.sorted("days")
            )

    # Rules -----------------------------------------------------------------------

    @api.constrains("measure", "reward", "tier_mode", "tier_by")
    def _check_rates(self):
        for version in self:
            if version.reward == "unit" and version.measure != "quantity":
                raise ValidationError(
                    self.env._("An amount per unit needs tiers by quantity.")
                )
            if (
                version.measure == "quantity"
                and version.reward == "percent"
                and version.tier_mode == "marginal"
            ):
                raise ValidationError(
                    self.env._(
                        "Parts of a quantity have no amount of their own: grant an "
                        "amount per unit, or the whole amount at the rate reached."
                    )
                )

    @api.constrains(
        "gate_target",
        "gate_paid",
        "gate_executed",
        "prepayment_rate",
        "cap_amount",
        "minimum_amount",
    )
    def _check_numbers(self):
        for version in self:
            shares = (version.gate_paid, version.gate_executed, version.prepayment_rate)
            if not all(0 <= share <= 100 for share in shares) or not (
                0 <= version.gate_target <= 10000
                and 0 <= version.cap_amount <= 1e13
                and 0 <= version.minimum_amount <= 1e13
            ):  # nor NaN
                raise ValidationError(
                    self.env._(
                        "Shares are between 0 and 100 %%; amounts are not negative."
                    )
                )

    @api.constrains("company_id", "programme_id")
    def _check_company(self):
        """The company's reviewers decide: it is the programme's, whoever writes it."""
        for version in self.sudo():  # sudo: whoever writes it
            if version.company_id != version.programme_id.company_id:
                raise ValidationError(
                    self.env._("The company of a version is that of its programme.")
                )

    def _get_problems(self):
        """Return in words what keeps the version from counting (SPEC M2)."""
        self.ensure_one()
        problems = []
        if not self.tier_ids.filtered(lambda tier: not tier.participant_id):
            problems.append(self.env._("Add at least one tier that holds for all."))
        if not self.programme_id.participant_ids:
            problems.append(self.env._("Add participants to the programme."))
        if self.gate_target or self.tier_by == "target":
            with_target = self.target_ids.filtered("target").participant_id
            missing = self.programme_id.participant_ids - with_target
            if missing:
                names = ", ".join(missing[:5].mapped("partner_id.name"))
                problems.append(
                    self.env._(
                        "%(count)s participants have no target: %(names)s.",
                        count=len(missing),
                        names=names,
                    )
                )
        return problems

    def _check_open(self):
        """Refuse a change of what is being approved or has been.

        :raise UserError: naming the version
        """
        for version in self:
            if version.state == "active" or version.approval_state == "pending":
                raise UserError(
                    self.env._(
                        "%(version)s is approved or being approved and stays as it is. "
                        "Prepare a new version instead.",
                        version=version.display_name,
                    )
                )

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_state(vals)
            if vals.get("programme_id") and "number" not in vals:
                programme = self.env["rebate.programme"].browse(vals["programme_id"])
                numbers = programme.version_ids.mapped("number")
                vals["number"] = max(numbers, default=0) + 1
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_state(vals)
        lists = {"tier_ids", "target_ids", "speed_ids", "number"}
        material = {*self._approval_material_fields, *lists}
        if material.intersection(vals):
            if any(version.state == "active" for version in self):
                self._check_open()
        return super().write(vals)

    @api.model
    def _refuse_state(self, vals):
        if vals.get("state", "draft") != "draft" or "simulation" in vals:
            raise AccessError(
                self.env._("A rebate version comes into force by its approval only.")
            )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to the state."""
        values = super().default_get(fields)
        if "state" in values:
            values["state"] = "draft"
        for name in ("company_id", "simulation"):
            values.pop(name, None)
        return values

    def copy_data(self, default=None):
        """A copy is the programme's next version."""
        result = super().copy_data(default)
        for version, values in zip(self, result, strict=True):
            values.setdefault("programme_id", version.programme_id.id)
            values["number"] = (
                max(version.programme_id.version_ids.mapped("number")) + 1
            )
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_active(self):
        if any(version.state == "active" for version in self):
            self._check_open()

    def action_cancel(self):
        """Give a version up that is not in force."""
        self.check_access("write")
        for version in self:
            if version.state == "active":
                version._check_open()
        return super().write({"state": "cancel"})

    # Approval ----------------------------------------------------------------------

    def _approval_get_company(self):
        """EXTENDS 'document_approval'."""
        return self.company_id.root_id

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor who is responsible (SPEC B5)."""
        # sudo: whoever asks
        return super()._approval_excluded_users() | self.sudo().programme_id.user_id

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': complete, and with somebody to approve it."""
        plan = super()._approval_plan(flows_sudo, findings)
        plan.problems.extend(self._get_problems())
        if not plan.needs_review and not plan.problems:
            plan.problems.append(
                self.env._(
                    "Nobody approves rebate versions yet. Ask the approvals "
                    "administrator for a flow of “Rebate Version” with somebody on it."
                )
            )
        return plan

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': what was approved counts at once."""
        result = super()._approval_on_approved()
        self.sudo()._activate()  # sudo: the last reviewer need not manage rebates
        return result

    def _activate(self):
        """Put the versions in force; the gate holds them against their approval."""
        for version in self.filtered(lambda v: v.state == "draft"):
            if problems := version._get_problems():
                raise UserError("\n".join(problems))
            super(RebateVersion, version).write({"state": "active"})
            programme = version.programme_id
            programme._touch()
            programme._prepare_periods()
            programme._prepare_balances()
            self.env["rebate.queue"]._push_programmes(programme)
