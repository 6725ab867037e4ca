from odoo import api, fields, models
from odoo.exceptions import UserError

URGENCIES = [
    ("1", "Marked urgent"),
    ("2", "Overdue or due soon"),
    ("3", "Later"),
]
OUTCOMES = [
    ("full", "All"),
    ("part", "Part"),
    ("none", "Nothing"),
    ("incomplete", "Cannot ship complete"),
    ("stuck", "Waits for other goods"),
]
RESULTS = [
    ("done", "Applied"),
    ("less", "Got less"),
    ("conflict", "Changed meanwhile"),
]


class StockAllocationLine(models.Model):
    """What one delivery gets in an allocation, and by what right (SPEC G2).

    Quantities are in the unit of the product. Written by the run only, never changed.
    """

    _name = "stock.allocation.line"
    _description = "Allocation to a Delivery"
    _order = "run_id desc, rank"
    _rec_name = "move_id"

    run_id = fields.Many2one(
        comodel_name="stock.allocation.run",
        string="Allocation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    move_id = fields.Many2one(
        comodel_name="stock.move", string="Move", readonly=True, index="btree_not_null"
    )
    picking_id = fields.Many2one(
        related="move_id.picking_id", string="Transfer", related_sudo=True
    )
    rank = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Who comes first: deliveries marked with a star; then what is overdue or "
        "due soon; within that the better grade of the customer, the earlier due date, "
        "the earlier confirmation of the order.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product", readonly=True, index=True
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    location_id = fields.Many2one(
        comodel_name="stock.location", string="Source", readonly=True
    )
    warehouse_id = fields.Many2one(comodel_name="stock.warehouse", readonly=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Order",
        readonly=True,
        index="btree_not_null",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade", string="Grade", readonly=True
    )
    urgency = fields.Selection(selection=URGENCIES, readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    date_confirmed = fields.Datetime(string="Confirmed", readonly=True)
    is_whole = fields.Boolean(
        string="Ships Complete",
        readonly=True,
        help="The order's goods leave together: it gets all it needs, or nothing.",
    )
    qty_needed = fields.Float(string="Needed", digits="Product Unit", readonly=True)
    qty_held = fields.Float(
        string="Reserved Before", digits="Product Unit", readonly=True
    )
    qty_proposed = fields.Float(string="Gets", digits="Product Unit", readonly=True)
    qty_change = fields.Float(string="Change", digits="Product Unit", readonly=True)
    qty_applied = fields.Float(
        string="Reserved After", digits="Product Unit", readonly=True
    )
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)
    lacks_product_id = fields.Many2one(
        comodel_name="product.product", string="Short Of", readonly=True
    )
    result = fields.Selection(
        selection=RESULTS,
        readonly=True,
        help="Applied: the reservation is as proposed. Got less: stock did not allow "
        "all of it. Changed meanwhile: stock or reservations were no longer those of "
        "the proposal, nothing was done; propose again.",
    )
    lost_ids = fields.One2many(
        comodel_name="stock.allocation.shift", inverse_name="loser_id", readonly=True
    )
    won_ids = fields.One2many(
        comodel_name="stock.allocation.shift", inverse_name="winner_id", readonly=True
    )

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(
            self.env._("Lines of an allocation go with a proposal that is given up.")
        )


class StockAllocationShift(models.Model):
    """One delivery loses to another in an allocation (SPEC G2)."""

    _name = "stock.allocation.shift"
    _description = "Allocation: Loss to a Delivery"
    _log_access = False

    run_id = fields.Many2one(
        comodel_name="stock.allocation.run",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    loser_id = fields.Many2one(
        comodel_name="stock.allocation.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    winner_id = fields.Many2one(
        comodel_name="stock.allocation.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(
            self.env._("Lines of an allocation go with a proposal that is given up.")
        )
