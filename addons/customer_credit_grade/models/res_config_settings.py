from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """Credit control of the root company; branches follow it (DESIGN 4)."""

    _inherit = "res.config.settings"

    credit_mode = fields.Selection(related="company_id.credit_mode", readonly=False)
    credit_default_mode = fields.Selection(
        related="company_id.credit_default_mode", readonly=False
    )
    credit_portal = fields.Boolean(related="company_id.credit_portal", readonly=False)
    credit_ageing_bounds = fields.Char(
        related="company_id.credit_ageing_bounds", readonly=False
    )
    credit_debt_mail = fields.Selection(
        related="company_id.credit_debt_mail", readonly=False
    )
    credit_debt_weekday = fields.Selection(
        related="company_id.credit_debt_weekday", readonly=False
    )
    credit_payment_mail = fields.Boolean(
        related="company_id.credit_payment_mail", readonly=False
    )
    credit_root_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_credit_root_id"
    )
    credit_is_branch = fields.Boolean(compute="_compute_credit_root_id")
    credit_nobody_releases = fields.Boolean(compute="_compute_credit_nobody_releases")

    @api.depends("company_id")
    def _compute_credit_root_id(self):
        for settings in self:
            settings.credit_root_id = settings.company_id.root_id
            settings.credit_is_branch = settings.company_id != settings.credit_root_id

    @api.depends("company_id", "credit_mode")
    def _compute_credit_nobody_releases(self):
        releasers = self.env["customer.credit.releaser"]
        for settings in self:
            settings.credit_nobody_releases = (
                settings.credit_mode == "enforce"
                and not releasers._get_names(settings.company_id)
            )
