from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderExceptionLine(models.Model):
    """Goods an exception is about, and how many."""

    _name = "order.exception.line"
    _description = "Goods of an Order Exception"
    _order = "exception_id, id"

    exception_id = fields.Many2one(
        comodel_name="order.exception", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="exception_id.company_id")
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        domain="[('order_id', '=', parent.order_id), ('display_type', '=', False)]",
        index="btree_not_null",
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        comodel_name="stock.move",
        string="Delivered By",
        index="btree_not_null",
        ondelete="set null",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    note = fields.Char(string="What Is Wrong")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of an exception is above zero."
    )

    @api.constrains("exception_id", "sale_line_id", "move_id")
    def _check_belongs_together(self):
        self.exception_id._check_belongs_together()

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse goods for exceptions that are closed.

        :raise UserError: naming one of them
        """
        lines = super().create(vals_list)
        lines.exception_id._refuse_closed()
        return lines

    def write(self, vals):
        """Refuse to change what is closed, or to move goods to another exception.

        :raise UserError: naming one of them
        """
        self.exception_id._refuse_closed()
        if "exception_id" in vals and self.exception_id.ids != [vals["exception_id"]]:
            raise UserError(self.env._("Goods stay with their exception."))
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_closed(self):
        self.exception_id._refuse_closed()

    @api.depends("sale_line_id", "move_id")
    def _compute_product_id(self):
        for line in self.sudo():  # sudo: order lines of colleagues
            product = line.move_id.product_id or line.sale_line_id.product_id
            line.product_id = product or line.product_id

    @api.depends("sale_line_id", "move_id", "product_id")
    def _compute_product_uom_id(self):
        for line in self.sudo():  # sudo: order lines of colleagues
            line.product_uom_id = (
                line.move_id.product_uom
                or line.sale_line_id.product_uom_id
                or line.product_id.uom_id
            )
