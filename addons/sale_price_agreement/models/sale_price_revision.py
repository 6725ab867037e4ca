from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: what the engine and the methods of the model keep
KEPT = frozenset(
    {
        "state",
        "name",
        "cost_statement",
        "cost_user_id",
        "market_statement",
        "market_user_id",
        "date_applied",
        "failure",
        "revision",
    }
)


class SalePriceRevision(models.Model):
    """New prices from a day on (SPEC C3).

    Sales applies, finance states the cost, marketing the market, management approves.
    On the day a job changes the rules of the pricelist, or the sales prices of the
    products, all of them or none. Prices are in the currency of the pricelist; days
    are those of the company.
    """

    _name = "sale.price.revision"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.mixin"]
    _description = "Price Revision"
    _order = "id desc"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    _approval_protected_states = ("approved", "applied")
    _approval_people_fields = frozenset({"user_id"})
    _approval_material_fields = (
        "company_id",
        "pricelist_id",
        "date_effective",
        "reason",
    )
    _approval_line_field = "line_ids"
    _approval_material_line_fields = (
        "product_tmpl_id",
        "product_id",
        "categ_id",
        "min_quantity",
        "new_price",
        "old_price",
        "item_id",
    )

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the sales prices of the products themselves change.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_currency_id"
    )
    date_effective = fields.Date(
        string="New Prices From",
        required=True,
        help="From midnight where the company is. Approved later, from the day after "
        "which they can apply.",
    )
    reason = fields.Text(required=True)
    line_ids = fields.One2many(
        comodel_name="sale.price.revision.line",
        inverse_name="revision_id",
        string="Prices",
        copy=True,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("approved", "Waits for Its Day"),
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
    # statements
    cost_statement = fields.Text(readonly=True, copy=False, groups="base.group_user")
    cost_user_id = fields.Many2one(
        comodel_name="res.users", string="Cost Stated By", readonly=True, copy=False
    )
    market_statement = fields.Text(readonly=True, copy=False)
    market_user_id = fields.Many2one(
        comodel_name="res.users", string="Market Stated By", readonly=True, copy=False
    )
    open_sheet = fields.Selection(
        selection=[("cost", "Cost"), ("market", "Market")],
        compute="_compute_open_sheet",
        help="The sheet this user has to fill in before agreeing.",
    )
    # outcome
    date_applied = fields.Datetime(readonly=True, copy=False)
    failure = fields.Text(string="Why It Was Not Applied", readonly=True, copy=False)
    revision = fields.Integer(readonly=True, copy=False, default=0)
    effect_ids = fields.One2many(
        comodel_name="sale.price.revision.effect",
        inverse_name="revision_id",
        string="Open Quotations",
        readonly=True,
        copy=False,
    )

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for revision in self:
            own = revision.company_id or self.env.company
            revision.currency_id = revision.pricelist_id.currency_id or own.currency_id

    # Rules -------------------------------------------------------------------

    @api.constrains("company_id", "pricelist_id", "line_ids")
    def _check_lines(self):
        for revision in self:
            # sudo: parent companies need not be allowed
            if revision.company_id.sudo().parent_id:
                raise ValidationError(
                    self.env._("Prices are revised by a main company.")
                )
            revision.line_ids._check_target()

    def _get_gaps(self):
        """Return in words what is missing before it can be submitted."""
        self.ensure_one()
        if not self.line_ids:
            return [self.env._("Add the prices that change.")]
        gaps = []
        targets = [line._get_key() for line in self.line_ids]
        if len(set(targets)) < len(targets):
            gaps.append(self.env._("A product or category is listed twice."))
        gaps += [
            self.env._("%(line)s: the price does not change.", line=line.display_name)
            for line in self.line_ids
            if self.currency_id.compare_amounts(line.old_price, line.new_price) == 0
        ]
        today = self.env["sale.price.concession"]._get_today(self.company_id)
        if self.date_effective < today:
            gaps.append(self.env._("The day is over: choose today or a later one."))
        return gaps

    # What users may write ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
        # sudo: the sequence is the system's
        sequence_sudo = self.env["ir.sequence"].sudo()
        revisions = super().create(vals_list)
        revisions.company_id._price_create_default_flows()
        for revision in revisions:
            company = revision.company_id
            number = sequence_sudo.with_company(company).next_by_code(self._name)
            revision._keep({"name": number or "/"})
        revisions.line_ids._freeze()
        return revisions

    def write(self, vals):
        self._refuse_kept(vals)
        frozen = {*self._approval_material_fields, "line_ids", "effect_ids"}
        if frozen.intersection(vals) and any(one.state != "draft" for one in self):
            raise UserError(
                self.env._(
                    "What was approved or cancelled stays as it is. Make a copy, "
                    "change it and submit it."
                )
            )
        result = super().write(vals)
        if {"pricelist_id", "date_effective", "company_id"}.intersection(vals):
            self.line_ids._freeze()
        return result

    @api.model
    def _refuse_kept(self, vals):
        """Refuse what only an approval, a sheet or the job gives, whoever writes it.

        :raise AccessError: naming the field
        """
        for name in (KEPT | {"effect_ids"}).intersection(vals):
            if self.ids or (vals[name] and vals[name] not in ("draft", "/")):
                raise AccessError(
                    self.env._(
                        "%(field)s of a price revision is kept by the system.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _keep(self, vals):
        """Write what the system keeps, past our own refusal; the gate decides."""
        # sudo: the last reviewer or a job need not have the rights of a salesperson
        return super(SalePriceRevision, self.sudo()).write(vals)

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what the system keeps."""
        values = super().default_get(fields)
        own = {"state": "draft", "name": "/", "revision": 0}
        for name in KEPT.intersection(values):
            values[name] = own.get(name, False)
        return values

    @api.ondelete(at_uninstall=True)
    def _unlink_except_approved(self):
        if any(revision.state in ("approved", "applied") for revision in self):
            raise UserError(self.env._("What was approved is kept."))

    # Buttons -----------------------------------------------------------------

    def action_cancel(self):
        """Give it up, also after the approval as long as nothing has changed."""
        self.check_access("write")
        if any(revision.state == "applied" for revision in self):
            raise UserError(
                self.env._("These prices are in force. Revise them once more.")
            )
        self._bump()
        self._keep({"state": "cancel"})

    def action_draft(self):
        """Take what was cancelled up again."""
        self.check_access("write")
        self.filtered(lambda one: one.state == "cancel")._keep(
            {"state": "draft", "failure": False}
        )

    def action_submit_for_approval(self):
        """EXTENDS 'document_approval': the old prices are those of now."""
        drafts = self.filtered(lambda revision: revision.state == "draft")
        drafts.check_access("write")
        drafts.line_ids._freeze()
        return super().action_submit_for_approval()
