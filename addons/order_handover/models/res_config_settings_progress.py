from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    handover_progress_portal = fields.Boolean(
        related="company_id.handover_progress_portal", readonly=False
    )
    handover_progress_api = fields.Boolean(
        related="company_id.handover_progress_api", readonly=False
    )
    handover_progress_notice = fields.Selection(
        related="company_id.handover_progress_notice", readonly=False, required=True
    )
