from odoo import fields, models


class OrderHandoverLine(models.Model):
    """What is handed over, frozen; without prices."""

    _name = "order.handover.line"
    _inherit = ["document.approval.frozen"]
    _description = "Handover Line"
    _order = "id"

    handover_id = fields.Many2one(
        comodel_name="order.handover",
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
