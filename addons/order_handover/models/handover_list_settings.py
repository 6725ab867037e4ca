from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    handover_lists = fields.Boolean(related="company_id.handover_lists", readonly=False)
    handover_coordinator_id = fields.Many2one(
        related="company_id.handover_coordinator_id", readonly=False
    )
