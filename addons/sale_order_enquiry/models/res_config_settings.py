from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sale_enquiry_days = fields.Integer(
        related="company_id.sale_enquiry_days", readonly=False
    )
    sale_enquiry_reminder_days = fields.Integer(
        related="company_id.sale_enquiry_reminder_days", readonly=False
    )
