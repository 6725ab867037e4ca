from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    policy_requirement = fields.Char(
        string="Technical Requirement",
        help="What the customer asks for beyond the product as it is sold. The "
        "technical, production and finance departments look at it side by side.",
    )
    policy_reorder_kind = fields.Selection(
        selection=[
            ("size_fill", "Size fill-in"),
            ("own_judgement", "Customer's own judgement"),
            ("end_customer", "End-customer reorder"),
        ],
        string="Reorder Kind",
        help="Why the customer orders this again. The kinds weigh differently when "
        "goods are reordered.",
    )
