from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contract_entry_days = fields.Integer(
        related="company_id.contract_entry_days", readonly=False
    )
    contract_major_amount = fields.Monetary(
        related="company_id.contract_major_amount",
        readonly=False,
        currency_field="currency_id",
    )
    contract_signer_ids = fields.Many2many(
        related="company_id.contract_signer_ids", readonly=False
    )
