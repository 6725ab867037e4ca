from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_collection = fields.Boolean(
        related="company_id.credit_collection", readonly=False
    )
    credit_collector_id = fields.Many2one(
        related="company_id.credit_collector_id", readonly=False
    )
    credit_shortfall_days = fields.Integer(
        related="company_id.credit_shortfall_days", readonly=False
    )
