from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("draft", "Draft"),
    ("proposed", "Proposed"),
    ("applied", "Applied"),
    ("cancelled", "Cancelled"),
]
#: what the planner says; everything else is written by proposing and applying
SCOPE_FIELDS = frozenset(
    {
        "company_id",
        "warehouse_ids",
        "product_ids",
        "categ_ids",
        "horizon_days",
        "takes_back",
    }
)


class StockAllocationRun(models.Model):
    """Who gets what stock has, decided in one go (SPEC G2, DESIGN 6).

    Proposed first, with reasons; then applied, by which reservations change. An applied
    run is history: who got what, and why.
    """

    _name = "stock.allocation.run"
    _description = "Allocation"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    warehouse_ids = fields.Many2many(
        comodel_name="stock.warehouse",
        string="Warehouses",
        check_company=True,
        help="Empty: all of the company.",
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Products",
        domain=[("is_storable", "=", True)],
        check_company=True,
        help="With the categories empty: all.",
    )
    categ_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="With the categories below them.",
    )
    horizon_days = fields.Integer(
        string="Due Within (Days)",
        help="Only deliveries due until then take part. 0: all. An order that ships "
        "complete takes part with all its lines.",
    )
    takes_back = fields.Boolean(
        string="Take Back Reservations",
        default=True,
        help="What later ones hold goes to earlier ones. Off: only free stock is "
        "shared out and nobody loses anything. Picked goods and printed transfers are "
        "never touched.",
    )
    state = fields.Selection(
        selection=STATES, readonly=True, required=True, copy=False, default="draft"
    )
    revision = fields.Integer(readonly=True, copy=False, default=0)
    day_soon = fields.Date(
        string="Due Soon Until",
        readonly=True,
        copy=False,
        help="What is overdue or due until this day counts as urgent, after the "
        "deliveries marked with a star.",
    )
    date_proposed = fields.Datetime(string="Proposed On", readonly=True, copy=False)
    proposed_by_id = fields.Many2one(
        comodel_name="res.users", string="Proposed By", readonly=True, copy=False
    )
    date_applied = fields.Datetime(string="Applied On", readonly=True, copy=False)
    applied_by_id = fields.Many2one(
        comodel_name="res.users", string="Applied By", readonly=True, copy=False
    )
    line_ids = fields.One2many(
        comodel_name="stock.allocation.line",
        inverse_name="run_id",
        string="Lines",
        readonly=True,
        copy=False,
    )
    changed_line_ids = fields.One2many(
        comodel_name="stock.allocation.line",
        inverse_name="run_id",
        string="Changes",
        domain=[("qty_change", "!=", 0)],
        readonly=True,
        copy=False,
    )
    line_count = fields.Integer(string="Deliveries", compute="_compute_counts")
    gain_count = fields.Integer(string="Gain", compute="_compute_counts")
    loss_count = fields.Integer(string="Lose", compute="_compute_counts")
    short_count = fields.Integer(string="Stay Short", compute="_compute_counts")
    conflict_count = fields.Integer(string="Not Applied", compute="_compute_counts")

    @api.depends("state", "date_proposed")
    def _compute_counts(self):
        names = ("line", "gain", "loss", "short", "conflict")
        domains = (
            [],
            [("qty_change", ">", 0)],
            [("qty_change", "<", 0)],
            [("outcome", "!=", "full")],
            [("result", "in", ("conflict", "less"))],
        )
        for name, domain in zip(names, domains, strict=True):
            counts = dict(
                self.env["stock.allocation.line"]._read_group(
                    [("run_id", "in", self.ids), *domain],
                    groupby=["run_id"],
                    aggregates=["__count"],
                )
            )
            for run in self:
                run[f"{name}_count"] = counts.get(run._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            self._refuse_fields(vals)
            vals.update(self._get_start_values())
            vals["name"] = sequence.next_by_code("stock.allocation.run")
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_fields(vals)
        if started := self.filtered(lambda run: run.state != "draft"):
            raise UserError(
                self.env._(
                    "%(run)s is proposed already: its scope stays. Set it back to "
                    "draft, or make a new one.",
                    run=started[0].name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_applied(self):
        if applied := self.filtered(lambda run: run.state == "applied"):
            raise UserError(
                self.env._(
                    "%(run)s was applied: it says who got what, and why. It stays.",
                    run=applied[0].name,
                )
            )

    @api.model
    def _get_start_values(self):
        """Return what a new run has, whatever anybody's defaults say."""
        return {
            "state": "draft",
            "revision": 0,
            "day_soon": False,
            "date_proposed": False,
            "proposed_by_id": False,
            "date_applied": False,
            "applied_by_id": False,
        }

    @api.model
    def _refuse_fields(self, vals):
        """Refuse what is written by proposing and applying only.

        :raise AccessError: naming the field
        """
        for name in vals.keys() - SCOPE_FIELDS - set(models.MAGIC_COLUMNS):
            if name in self._fields:
                raise AccessError(
                    self.env._(
                        "%(field)s is written when an allocation is proposed or "
                        "applied.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _keep(self, vals):
        """Write what proposing and applying say."""
        # sudo: the caller has checked who may
        return super(StockAllocationRun, self.sudo()).write(vals)

    @api.model
    def _check_may_allocate(self):
        """Refuse whoever does not decide about stock.

        :raise AccessError: when the user is neither in charge of stock nor coordinator
        """
        user = self.env.user
        if not (
            user.has_group("stock.group_stock_manager")
            or user.has_group("order_handover.group_officer")
        ):
            raise AccessError(
                self.env._(
                    "Who gets scarce goods is decided by the stock administrator or "
                    "an order coordinator."
                )
            )

    # Buttons -----------------------------------------------------------------------

    def action_cancel(self):
        """Give a proposal up; nothing was changed by it."""
        self._check_may_allocate()
        self._refuse_applied()
        self._keep({"state": "cancelled"})

    def action_draft(self):
        """Change the scope of a proposal: its lines go."""
        self._check_may_allocate()
        self._refuse_applied()
        self._drop_lines()
        self._keep(self._get_start_values())

    def _refuse_applied(self):
        self.check_access("write")
        if applied := self.filtered(lambda run: run.state == "applied"):
            raise UserError(
                self.env._(
                    "%(run)s was applied by %(user)s on %(date)s.",
                    run=applied[0].name,
                    # sudo: whoever applied it is named
                    user=applied[0].sudo().applied_by_id.name,
                    date=applied[0]._get_date_text("date_applied"),
                )
            )

    def _get_date_text(self, name):
        return self.env["ir.qweb.field.datetime"].value_to_html(self[name], {})

    def action_open_lines(self):
        """Show the deliveries, those whose reservation changes first."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "order_handover_region.stock_allocation_line_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = dict(self.env.context.get("allocation_filter") or {})
        return action
