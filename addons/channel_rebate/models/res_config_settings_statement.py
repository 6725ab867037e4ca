from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    channel_statement_auto = fields.Boolean(
        related="company_id.channel_statement_auto", readonly=False
    )
    channel_statement_reminder_days = fields.Integer(
        related="company_id.channel_statement_reminder_days", readonly=False
    )
    channel_statement_silence = fields.Selection(
        related="company_id.channel_statement_silence", readonly=False
    )
    channel_statement_silence_days = fields.Integer(
        related="company_id.channel_statement_silence_days", readonly=False
    )
