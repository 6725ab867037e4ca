from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    handover_shipping_notice = fields.Boolean(
        related="company_id.handover_shipping_notice", readonly=False
    )
    handover_late_days = fields.Integer(
        related="company_id.handover_late_days", readonly=False
    )
    handover_exception_coordinator_id = fields.Many2one(
        related="company_id.handover_exception_coordinator_id", readonly=False
    )
