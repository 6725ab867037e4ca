from odoo import fields, models


class SaleOrderType(models.Model):
    _inherit = "sale.order.type"

    contract_rule = fields.Selection(
        selection=[
            ("none", "Not required"),
            ("confirm", "Before confirmation"),
            ("submit", "Before submission for approval"),
        ],
        string="Signed Contract",
        default="none",
        required=True,
        help="Orders of this type need a contract signed by both sides.",
    )
