from odoo import api, fields, models
from odoo.exceptions import UserError


def get_code_defaults(records, names):
    """Return the defaults of the code for ``names``: nobody's own, no context's."""
    return {
        name: field.default(records)
        for name in names
        if (field := records._fields.get(name)) and field.default
    }


class OrderAcceptanceLine(models.Model):
    """What of one product, or lot, was accepted or rejected (SPEC I1).

    Quantities are in the unit of the line. Written by the system only.
    """

    _name = "order.acceptance.line"
    _description = "Acceptance Slip Line"
    _order = "acceptance_id, sequence, id"
    _check_company_auto = True

    acceptance_id = fields.Many2one(
        comodel_name="order.acceptance",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="acceptance_id.company_id", store=True)
    sequence = fields.Integer(default=10, readonly=True)
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_id = fields.Many2one(
        comodel_name="stock.move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Takes the goods from where they wait on to the customer.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        readonly=True,
        ondelete="restrict",
    )
    name = fields.Text(string="Description", readonly=True)
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom", string="Unit", readonly=True, ondelete="restrict"
    )
    quantity = fields.Float(
        string="Shipped",
        digits="Product Unit",
        readonly=True,
        help="What the customer has to accept or reject; what was taken back before "
        "is not in it.",
    )
    accepted_qty = fields.Float(string="Accepted", digits="Product Unit", readonly=True)
    rejected_qty = fields.Float(string="Rejected", digits="Product Unit", readonly=True)
    remark = fields.Text(string="To Be Put Right", readonly=True)

    _quantities = models.Constraint(
        "CHECK (quantity >= 0 AND accepted_qty >= 0 AND rejected_qty >= 0)",
        "Quantities on an acceptance slip cannot be negative.",
    )

    @api.model
    def default_get(self, fields):
        """Return the defaults of the code, and no others: the system fills lines."""
        return super().default_get([]) | get_code_defaults(self, fields)

    def _take_from(self, move):
        """Leave on a move exactly what was accepted of this line's lot."""
        self.ensure_one()
        product_unit = self.product_id.uom_id
        wanted = self.product_uom_id._compute_quantity(
            self.accepted_qty, product_unit, round=False
        )
        for line in move.move_line_ids.filtered(lambda ln: ln.lot_id == self.lot_id):
            there = line.quantity_product_uom
            if product_unit.compare(there, wanted) <= 0:
                wanted -= there
            elif product_unit.is_zero(wanted):
                line.unlink()
            else:
                line.quantity = product_unit._compute_quantity(
                    wanted, line.product_uom_id, round=False
                )
                wanted = 0.0
        if not product_unit.is_zero(wanted):
            raise UserError(
                self.env._(
                    "%(product)s of %(slip)s is not where it should be. Ask the "
                    "warehouse to look at %(location)s.",
                    product=self.product_id.display_name,
                    slip=self.acceptance_id.name,
                    location=move.location_id.display_name,
                )
            )
