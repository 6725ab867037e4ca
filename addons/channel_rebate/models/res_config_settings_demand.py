from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    channel_demand_direct = fields.Boolean(
        related="company_id.channel_demand_direct", readonly=False
    )
    channel_demand_agreement = fields.Boolean(
        related="company_id.channel_demand_agreement", readonly=False
    )
    channel_agreement_days = fields.Integer(
        related="company_id.channel_agreement_days", readonly=False
    )
    channel_confirmation_days = fields.Integer(
        related="company_id.channel_confirmation_days", readonly=False
    )
    channel_confirmation_rule = fields.Selection(
        related="company_id.channel_confirmation_rule", readonly=False
    )
