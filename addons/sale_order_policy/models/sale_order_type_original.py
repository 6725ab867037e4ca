from odoo import fields, models


class SaleOrderType(models.Model):
    _inherit = "sale.order.type"

    require_original = fields.Boolean(
        string="Any Original",
        help="At least one original is attached: the order came in writing.",
    )
    required_original_kind_ids = fields.Many2many(
        comodel_name="sale.original.kind",
        string="Originals of Each Kind",
        help="One original of each of these kinds is attached.",
    )
