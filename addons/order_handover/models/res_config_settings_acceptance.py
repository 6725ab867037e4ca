from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    handover_acceptance_mail = fields.Boolean(
        related="company_id.handover_acceptance_mail", readonly=False
    )
    handover_acceptance_reminder_days = fields.Integer(
        related="company_id.handover_acceptance_reminder_days", readonly=False
    )
    handover_acceptance_default_days = fields.Integer(
        related="company_id.handover_acceptance_default_days", readonly=False
    )
