from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sale_policy_letter = fields.Boolean(
        related="company_id.sale_policy_letter", readonly=False
    )
    sale_policy_objection_days = fields.Integer(
        related="company_id.sale_policy_objection_days", readonly=False
    )
    sale_policy_answer = fields.Boolean(
        related="company_id.sale_policy_answer", readonly=False
    )
    sale_policy_answer_rule = fields.Selection(
        related="company_id.sale_policy_answer_rule", readonly=False
    )
    sale_policy_tasks = fields.Boolean(
        related="company_id.sale_policy_tasks", readonly=False
    )
