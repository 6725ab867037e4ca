from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    document_approval_mode = fields.Selection(
        related="company_id.document_approval_mode", readonly=False
    )
    document_approval_same_person = fields.Boolean(
        related="company_id.document_approval_same_person", readonly=False
    )
    document_approval_emergency_department_id = fields.Many2one(
        related="company_id.document_approval_emergency_department_id", readonly=False
    )
    document_approval_validity_days = fields.Integer(
        related="company_id.document_approval_validity_days", readonly=False
    )
