from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Accounts of rebates (SPEC M4)."""

    _inherit = "res.config.settings"

    rebate_expense_account_id = fields.Many2one(
        related="company_id.rebate_expense_account_id", readonly=False
    )
    rebate_provision_account_id = fields.Many2one(
        related="company_id.rebate_provision_account_id", readonly=False
    )
    rebate_journal_id = fields.Many2one(
        related="company_id.rebate_journal_id", readonly=False
    )
