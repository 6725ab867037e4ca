from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

STAGES = [
    ("draft", "Proposed"),
    ("submitted", "In Review"),
    ("approved", "Approved"),
    ("shipping", "Being Shipped"),
    ("transit", "In Transit"),
    ("received", "Received"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]


class StockRegionTransfer(models.Model):
    """Goods one region gives to another (SPEC G3, G4, B8).

    Proposed, approved, shipped into transit and received; what did not arrive is said
    to be short, lost or returned, and only then it can be closed. ``state`` is what
    people decide, ``stage`` is what the goods say. Quantities of lines are in the
    product's own unit.
    """

    _name = "stock.region.transfer"
    _inherit = [
        "stock.region.kept",
        "mail.thread",
        "mail.activity.mixin",
        "document.approval.mixin",
    ]
    _description = "Regional Transfer"
    _order = "id desc"
    _check_company_auto = True

    _approval_protected_states = ("approved", "closed")
    _approval_material_fields = (
        "company_id",
        "from_warehouse_id",
        "to_warehouse_id",
        "reason",
    )
    _approval_line_field = "line_ids"
    _approval_material_line_fields = ("product_id", "product_qty", "sale_line_id")

    # identity
    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # parties
    from_warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        string="From",
        required=True,
        index=True,
        domain="[('company_id', '=', company_id)]",
        ondelete="restrict",
    )
    to_warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        string="To",
        required=True,
        index=True,
        domain="[('company_id', '=', company_id), ('id', '!=', from_warehouse_id)]",
        ondelete="restrict",
    )
    from_region_id = fields.Many2one(
        comodel_name="sales.region",
        compute="_compute_regions",
        store=True,
        index="btree_not_null",
    )
    to_region_id = fields.Many2one(
        comodel_name="sales.region",
        compute="_compute_regions",
        store=True,
        index="btree_not_null",
    )
    # content
    line_ids = fields.One2many(
        comodel_name="stock.region.transfer.line",
        inverse_name="transfer_id",
        string="Lines",
        copy=True,
    )
    settlement_ids = fields.One2many(
        comodel_name="stock.region.transfer.settlement",
        inverse_name="transfer_id",
        string="Differences",
    )
    reason = fields.Text(
        required=True, help="Why the goods should move; reviewers read it."
    )
    # state
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("approved", "Approved"),
            ("closed", "Closed"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    stage = fields.Selection(
        selection=STAGES, compute="_compute_stage", store=True, index=True
    )
    date_approved = fields.Datetime(string="Approved On", readonly=True, copy=False)
    date_expected = fields.Date(
        string="Expected Arrival",
        copy=False,
        help="Empty: the usual number of days after the approval.",
    )
    closed_by_id = fields.Many2one(
        comodel_name="res.users", string="Closed By", readonly=True, copy=False
    )
    has_difference = fields.Boolean(
        string="Unexplained Difference",
        compute="_compute_stage",
        store=True,
        help="More arrived than was shipped, or quantities were changed afterwards.",
    )
    writeoff_state = fields.Selection(
        selection=[
            ("none", "Nothing to write off"),
            ("waiting", "Waits for the customer"),
            ("done", "Written off"),
        ],
        string="Write-Off",
        compute="_compute_writeoff_state",
        store=True,
        help="A transfer for a customer is written off once he has accepted the goods.",
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    picking_ids = fields.One2many(
        comodel_name="stock.picking",
        inverse_name="region_transfer_id",
        string="Pickings",
        groups="stock.group_stock_user",
    )
    picking_count = fields.Integer(
        compute="_compute_picking_count", groups="stock.group_stock_user"
    )
    can_release = fields.Boolean(compute="_compute_can_release")

    @api.depends("from_warehouse_id", "to_warehouse_id")
    def _compute_regions(self):
        warehouses = self.from_warehouse_id | self.to_warehouse_id
        # sudo: a warehouse has one region, whoever asks
        regions_sudo = self.env["sales.region"].sudo()
        of_warehouse = {
            warehouse: region
            for region in regions_sudo.search(
                [("warehouse_ids", "in", warehouses._origin.ids)]
            )
            for warehouse in region.warehouse_ids
        }
        for transfer in self:
            transfer.from_region_id = of_warehouse.get(
                transfer.from_warehouse_id._origin
            )
            transfer.to_region_id = of_warehouse.get(transfer.to_warehouse_id._origin)

    @api.depends(
        "state",
        "approval_state",
        "line_ids.quantity_shipped",
        "line_ids.quantity_to_ship",
        "line_ids.quantity_in_transit",
        "line_ids.is_contradicted",
    )
    def _compute_stage(self):
        for transfer in self:
            lines = transfer.line_ids
            differs = any(line._differs() for line in lines)
            transfer.stage = transfer._get_stage(lines, differs)
            transfer.has_difference = differs and (
                transfer.state == "closed"
                or any(
                    line.quantity_in_transit < 0 or line.is_contradicted
                    for line in lines
                )
            )

    def _get_stage(self, lines, differs):
        """Return where the goods are, from what was decided and moved."""
        self.ensure_one()
        if self.state == "cancel":
            return "cancelled"
        if self.state == "draft":
            return "submitted" if self.approval_state == "pending" else "draft"
        waits = any(line.quantity_to_ship > 0 for line in lines)
        shipped = any(line.quantity_shipped > 0 for line in lines)
        if waits:
            return "shipping" if shipped else "approved"
        if differs:
            return "transit"
        if self.state == "closed":
            return "closed"
        return "received" if shipped else "approved"

    @api.depends("state", "line_ids.sale_line_id", "line_ids.is_written_off")
    def _compute_writeoff_state(self):
        for transfer in self:
            served = transfer.line_ids.filtered("sale_line_id")
            if not served or transfer.state in ("draft", "cancel"):
                transfer.writeoff_state = "none"
            elif all(line.is_written_off for line in served):
                transfer.writeoff_state = "done"
            else:
                transfer.writeoff_state = "waiting"

    @api.depends("stage", "date_expected")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for transfer in self:
            transfer.is_late = bool(
                transfer.stage in ("approved", "shipping", "transit")
                and transfer.date_expected
                and transfer.date_expected < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain(
            "stage", "in", ("approved", "shipping", "transit")
        ) & fields.Domain("date_expected", "<", fields.Date.context_today(self))
        wanted = fields.Domain.FALSE
        if True in value:
            wanted |= late
        if False in value:
            wanted |= ~late
        return wanted

    def _compute_picking_count(self):
        counts = dict(
            self.env["stock.picking"]._read_group(
                [("region_transfer_id", "in", self.ids)],
                groupby=["region_transfer_id"],
                aggregates=["__count"],
            )
        )
        for transfer in self:
            transfer.picking_count = counts.get(transfer._origin, 0)

    @api.depends("state", "company_id")
    @api.depends_context("uid")
    def _compute_can_release(self):
        """Where nobody has to approve transfers, coordinators release them."""
        is_officer = self.env.user.has_group("order_handover.group_officer")
        for transfer in self:
            transfer.can_release = (
                is_officer
                and transfer.state == "draft"
                and transfer._approval_mode() != "enforce"
            )

    # Rules -----------------------------------------------------------------------

    @api.constrains("company_id", "from_warehouse_id", "to_warehouse_id")
    def _check_warehouses(self):
        """Refuse goods for oneself, and goods of another company."""
        for transfer in self.sudo():  # sudo: warehouses of other companies, to name
            ends = transfer.from_warehouse_id | transfer.to_warehouse_id
            if len(ends) < 2:
                raise ValidationError(
                    self.env._("Choose two different warehouses to transfer between.")
                )
            foreign = ends.filtered(
                lambda end, transfer=transfer: end.company_id != transfer.company_id
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "Warehouse %(warehouse)s belongs to %(company)s, the transfer "
                        "to %(own)s. Between companies goods are sold, not "
                        "transferred.",
                        warehouse=foreign[0].name,
                        company=foreign[0].company_id.name,
                        own=transfer.company_id.name,
                    )
                )
        self.line_ids._check_demand()

    @api.model
    def _get_open_fields(self):
        """EXTENDS: who proposes writes where from, where to, what and why."""
        thread = set(self.env["mail.thread"]._fields)
        activity = set(self.env["mail.activity.mixin"]._fields)
        own = {
            "company_id",
            "from_warehouse_id",
            "to_warehouse_id",
            "line_ids",
            "reason",
            "date_expected",
        }
        return own | (thread | activity) - {"id", "display_name"}

    @api.model_create_multi
    def create(self, vals_list):
        """Number the proposals; refuses what only the system writes."""
        guarded = self._approval_guarded_fields()
        self._kept_refuse(
            [
                {name: vals[name] for name in vals if name not in guarded}
                for vals in vals_list
            ]
        )
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            # sudo: numbers are drawn by whoever proposes
            numbers = self.env["ir.sequence"].sudo().with_company(company)
            vals["name"] = numbers.next_by_code("stock.region.transfer") or "/"
        return super().create(vals_list)

    def write(self, vals):
        guarded = self._approval_guarded_fields()
        self._kept_refuse([{name: vals[name] for name in vals if name not in guarded}])
        content = {*self._approval_material_fields, "line_ids"}
        if content.intersection(vals):
            self._check_draft()
        result = super().write(vals)
        if {"company_id", "to_warehouse_id"}.intersection(vals):
            self.check_access("write")  # nobody moves a proposal to another region
        return result

    def _write_system(self, vals):
        """Write what the system keeps; the approval gate still decides."""
        # sudo: states are moved by those who may, as their methods have checked
        return super(StockRegionTransfer, self.sudo()).write(vals)

    def _check_draft(self):
        """Refuse changes of what was approved already.

        :raise UserError: naming the transfer
        """
        for transfer in self:
            if transfer.state != "draft":
                raise UserError(
                    self.env._(
                        "%(transfer)s is approved: what it says cannot be changed any "
                        "more. Cancel it before anything is shipped, or settle the "
                        "difference.",
                        transfer=transfer.display_name,
                    )
                )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        """Keep what was approved; a proposal may be thrown away."""
        for transfer in self:
            if transfer.state not in ("draft", "cancel") or transfer.date_approved:
                raise UserError(
                    self.env._(
                        "%(transfer)s is kept: it was approved once.",
                        transfer=transfer.display_name,
                    )
                )

    @api.model
    def _check_mover(self):
        """Hold who settles and closes against his rights.

        :raise AccessError: for others than stock users and coordinators
        """
        user = self.env.user
        if not (
            user.has_group("stock.group_stock_user")
            or user.has_group("order_handover.group_officer")
        ):
            raise AccessError(
                self.env._(
                    "Only the warehouse and order coordinators settle and close "
                    "transfers."
                )
            )
