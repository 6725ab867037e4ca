from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    replenishment_weight_size_fill = fields.Float(
        related="company_id.replenishment_weight_size_fill", readonly=False
    )
    replenishment_weight_own_judgement = fields.Float(
        related="company_id.replenishment_weight_own_judgement", readonly=False
    )
    replenishment_weight_end_customer = fields.Float(
        related="company_id.replenishment_weight_end_customer", readonly=False
    )
    replenishment_colour_attribute_id = fields.Many2one(
        related="company_id.replenishment_colour_attribute_id", readonly=False
    )
