from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_officer_id = fields.Many2one(
        related="company_id.credit_officer_id", readonly=False
    )
    credit_review_days = fields.Integer(
        related="company_id.credit_review_days", readonly=False
    )
