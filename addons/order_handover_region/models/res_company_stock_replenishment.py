from odoo import fields, models


class ResCompany(models.Model):
    """How reorders weigh in replenishment (SPEC A8, G5)."""

    _inherit = "res.company"

    replenishment_weight_size_fill = fields.Float(
        string="Weight of Size Fill-Ins",
        default=1.0,
        help="How many pieces one piece asked for stands for.",
    )
    replenishment_weight_own_judgement = fields.Float(
        string="Weight of Customers' Own Judgement", default=0.5
    )
    replenishment_weight_end_customer = fields.Float(
        string="Weight of End-Customer Reorders", default=1.0
    )
    replenishment_colour_attribute_id = fields.Many2one(
        comodel_name="product.attribute",
        string="Colour Attribute",
        help="The columns of the matrix of a replenishment sheet; its rows are sizes.",
    )

    _replenishment_weight_check = models.Constraint(
        "CHECK (replenishment_weight_size_fill >= 0"
        " AND replenishment_weight_own_judgement >= 0"
        " AND replenishment_weight_end_customer >= 0)",
        "Weights are not negative.",
    )


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_new_style = fields.Boolean(
        string="New Style",
        help="Comes in complete in sizes and colours: a replenishment sheet shows "
        "which are missing.",
    )
