from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    channel_assessment_mode = fields.Selection(
        related="company_id.channel_assessment_mode", readonly=False
    )
    channel_assessment_period = fields.Selection(
        related="company_id.channel_assessment_period", readonly=False
    )
    channel_assessment_user_id = fields.Many2one(
        related="company_id.channel_assessment_user_id", readonly=False
    )
