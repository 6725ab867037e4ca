from odoo import fields, models


class SaleOrderTaskLine(models.Model):
    """What of an order a department's task is about, frozen; without prices."""

    _name = "sale.order.task.line"
    _inherit = ["document.approval.frozen"]
    _description = "Order Task Line"
    _order = "id"

    task_id = fields.Many2one(
        comodel_name="sale.order.task",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        comodel_name="product.product", readonly=True, ondelete="set null"
    )
    name = fields.Text(string="Description", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom", string="Unit", readonly=True, ondelete="restrict"
    )
    requirement = fields.Char(string="Technical Requirement", readonly=True)
    delivery_date = fields.Date(readonly=True)
