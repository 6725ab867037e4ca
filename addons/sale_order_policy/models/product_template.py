from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    policy_special_review = fields.Boolean(
        string="Special Product",
        help="Orders for this product are looked at by the technical, production "
        "and finance departments side by side (joint review).",
    )
