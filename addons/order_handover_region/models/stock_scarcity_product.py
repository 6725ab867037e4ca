from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    handover_is_scarce = fields.Boolean(
        string="Scarce",
        help="Several people often want the last pieces at the same moment. They are "
        "served one after the other, so that never more is reserved than there is. "
        "Each has to wait for the other: mark only what really runs short.",
    )
