from odoo import fields, models


class SaleOrderType(models.Model):
    _inherit = "sale.order.type"

    check_feasibility = fields.Boolean(
        string="Check Delivery Dates",
        help="Operations is asked when an order cannot be delivered on its delivery "
        "date: by stock, what is on its way, what other orders promised, and lead "
        "times.",
    )
