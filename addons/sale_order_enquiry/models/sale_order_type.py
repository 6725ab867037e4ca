from odoo import fields, models


class SaleOrderType(models.Model):
    _inherit = "sale.order.type"

    require_requirement_list = fields.Boolean(
        string="Requirement List",
        help="A requirement list that the customer has confirmed belongs to the order.",
    )
    takes_part_in_enquiries = fields.Boolean(
        string="Validity Enquiries",
        default=True,
        help="Customers are asked now and then whether open orders of this type are "
        "still valid, once the company has set how often.",
    )
