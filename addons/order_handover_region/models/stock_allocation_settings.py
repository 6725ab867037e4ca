from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    allocation_schedule = fields.Selection(
        related="company_id.allocation_schedule", readonly=False
    )
    allocation_soon_days = fields.Integer(
        related="company_id.allocation_soon_days", readonly=False
    )
    stock_region_days = fields.Integer(
        related="company_id.stock_region_days", readonly=False
    )
