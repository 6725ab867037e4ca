from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class StockRegionTransferLine(models.Model):
    """One product of a regional transfer, and what became of it (SPEC G4).

    All quantities but ``quantity`` are in the product's own unit and come from the
    goods' own moves: shipped = received + short + lost + returned + in transit.
    """

    _name = "stock.region.transfer.line"
    _inherit = ["stock.region.kept", "document.approval.line.mixin"]
    _description = "Line of a Regional Transfer"
    _order = "transfer_id desc, id"
    _check_company_auto = True

    _approval_document_field = "transfer_id"

    # identity
    transfer_id = fields.Many2one(
        comodel_name="stock.region.transfer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="transfer_id.company_id", store=True)
    stage = fields.Selection(related="transfer_id.stage", store=True)
    from_warehouse_id = fields.Many2one(
        related="transfer_id.from_warehouse_id", store=True, string="From"
    )
    to_warehouse_id = fields.Many2one(
        related="transfer_id.to_warehouse_id", store=True, string="To"
    )
    from_region_id = fields.Many2one(related="transfer_id.from_region_id", store=True)
    to_region_id = fields.Many2one(related="transfer_id.to_region_id", store=True)
    # content
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
        domain=[("is_storable", "=", True)],
        check_company=True,
        ondelete="restrict",
    )
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    product_qty = fields.Float(
        string="Planned",
        digits="Product Unit",
        compute="_compute_product_qty",
        store=True,
        help="In the unit of the product.",
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="For Order Line",
        index="btree_not_null",
        domain="[('product_id', '=', product_id), ('state', '=', 'sale')]",
        ondelete="restrict",
        help="The customer's demand that the goods serve.",
    )
    order_name = fields.Char(
        string="Order", related="sale_line_id.order_id.name", help="Of the customer."
    )
    explanation = fields.Text(
        string="Why", readonly=True, copy=False, help="How the proposal came about."
    )
    # what became of it
    move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="region_transfer_line_id",
        string="Moves",
        groups="stock.group_stock_user",
    )
    quantity_to_ship = fields.Float(
        string="To Ship", digits="Product Unit", compute="_compute_moved", store=True
    )
    quantity_shipped = fields.Float(
        string="Shipped", digits="Product Unit", compute="_compute_moved", store=True
    )
    quantity_received = fields.Float(
        string="Received", digits="Product Unit", compute="_compute_moved", store=True
    )
    quantity_short = fields.Float(
        string="Short", digits="Product Unit", compute="_compute_moved", store=True
    )
    quantity_lost = fields.Float(
        string="Lost", digits="Product Unit", compute="_compute_moved", store=True
    )
    quantity_returned = fields.Float(
        string="Returned", digits="Product Unit", compute="_compute_moved", store=True
    )
    quantity_returning = fields.Float(
        string="On the Way Back",
        digits="Product Unit",
        compute="_compute_moved",
        store=True,
    )
    quantity_in_transit = fields.Float(
        string="In Transit",
        digits="Product Unit",
        compute="_compute_moved",
        store=True,
        help="Shipped and neither received nor explained.",
    )
    quantity_expected = fields.Float(
        string="Still to Arrive",
        digits="Product Unit",
        compute="_compute_moved",
        store=True,
    )
    settlement_ids = fields.One2many(
        comodel_name="stock.region.transfer.settlement",
        inverse_name="line_id",
        string="Differences",
    )
    is_contradicted = fields.Boolean(
        compute="_compute_is_contradicted",
        store=True,
        help="Other quantities were moved as short or lost than were explained.",
    )
    date_shipped = fields.Datetime(
        string="Shipped On", compute="_compute_moved", store=True
    )
    days_in_transit = fields.Integer(compute="_compute_days_in_transit")
    is_late = fields.Boolean(related="transfer_id.is_late")
    quantity_written_off = fields.Float(
        string="Written Off",
        digits="Product Unit",
        compute="_compute_written_off",
        store=True,
    )
    is_written_off = fields.Boolean(compute="_compute_written_off", store=True)

    _quantity_check = models.Constraint(
        "CHECK (quantity > 0)", "Transfer more than nothing."
    )

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("quantity", "product_uom_id", "product_id")
    def _compute_product_qty(self):
        for line in self:
            line.product_qty = (
                line.product_uom_id._compute_quantity(
                    line.quantity, line.product_id.uom_id, rounding_method="HALF-UP"
                )
                if line.product_id and line.product_uom_id
                else 0.0
            )

    @api.depends("date_shipped", "quantity_in_transit")
    def _compute_days_in_transit(self):
        now = fields.Datetime.now()
        for line in self:
            line.days_in_transit = (
                (now - line.date_shipped).days
                if line.date_shipped and line._differs()
                else 0
            )

    @api.depends(
        "sale_line_id.qty_delivered",
        "sale_line_id.product_uom_qty",
        "sale_line_id.region_transfer_line_ids.product_qty",
        "sale_line_id.region_transfer_line_ids.quantity_received",
        "sale_line_id.region_transfer_line_ids.stage",
    )
    def _compute_written_off(self):
        """Write off what the customer has, what came from afar last (SPEC G4).

        Of an order for 10, 6 of them transferred, the first 4 the customer accepted
        are taken for those that were there; so nothing is written off too early.
        """
        for sale_line, lines in self.grouped("sale_line_id").items():
            # sudo: what was delivered, whoever asks
            covered = lines.browse()._get_written_off(sale_line.sudo())
            for line in lines:
                quantity = covered.get(line._origin.id, 0.0)
                line.quantity_written_off = quantity
                arrived = line.quantity_received
                line.is_written_off = bool(
                    sale_line
                    and line.stage in ("received", "closed")
                    and line.product_id.uom_id.compare(quantity, arrived) >= 0
                )

    @api.model
    def _get_written_off(self, sale_line_sudo):
        """Return {line id: quantity in product unit} the customer has accepted."""
        if not sale_line_sudo:
            return {}
        unit = sale_line_sudo.product_id.uom_id
        to_unit = sale_line_sudo.product_uom_id._compute_quantity
        ordered = to_unit(sale_line_sudo.product_uom_qty, unit, round=False)
        delivered = to_unit(sale_line_sudo.qty_delivered, unit, round=False)
        brought = {
            line: (
                line.quantity_received
                if line.stage in ("received", "closed")
                else line.product_qty
            )
            for line in sale_line_sudo.region_transfer_line_ids.sorted("id")
            if line.stage not in ("draft", "submitted", "cancelled", False)
        }
        left = max(0.0, delivered - max(0.0, ordered - sum(brought.values())))
        result = {}
        for line, quantity in brought.items():
            result[line.id] = min(left, quantity)
            left -= result[line.id]
        return result

    # Rules -----------------------------------------------------------------------

    @api.constrains("product_id", "product_uom_id", "sale_line_id", "transfer_id")
    def _check_demand(self):
        """Refuse a demand the goods do not serve, and units that do not fit."""
        for line in self.sudo():  # sudo: the order need not be the planner's own
            demand = line.sale_line_id
            if not line.product_uom_id._has_common_reference(line.product_id.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s is not counted in %(unit)s.",
                        product=line.product_id.display_name,
                        unit=line.product_uom_id.name,
                    )
                )
            if demand and (
                demand.product_id != line.product_id
                or demand.company_id != line.company_id
                or demand.warehouse_id != line.transfer_id.to_warehouse_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(order)s: this order line wants another product, or not "
                        "from warehouse %(warehouse)s.",
                        order=demand.order_id.name,
                        warehouse=line.transfer_id.to_warehouse_id.name,
                    )
                )

    @api.model
    def _get_open_fields(self):
        """EXTENDS: who proposes writes what, how much and for whom."""
        return {
            "transfer_id",
            "product_id",
            "quantity",
            "product_uom_id",
            "sale_line_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._kept_refuse(vals_list)
        lines = super().create(vals_list)
        lines.transfer_id._check_draft()
        return lines

    @api.model
    def _create_system(self, vals_list):
        """Create lines with their explanation, past our own refusal."""
        return super().create(vals_list)

    def write(self, vals):
        self._kept_refuse([vals])
        self.transfer_id._check_draft()
        result = super().write(vals)
        if "transfer_id" in vals:
            self.transfer_id._check_draft()
            self.check_access("write")
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        for line in self:
            if line.transfer_id.state not in ("draft", "cancel"):
                raise UserError(
                    self.env._(
                        "%(transfer)s is approved: its lines are kept.",
                        transfer=line.transfer_id.display_name,
                    )
                )

    @api.depends("product_id", "transfer_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.transfer_id.name}: {line.product_id.display_name}"
            )
