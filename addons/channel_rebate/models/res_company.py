from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _channel_prepare(self):
        """Hook: give these companies what channel partners and rebates need.

        Called at installation and for every new company. Extend it, call super;
        existing records stay as they are.
        """

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'base': as at installation."""
        companies = super().create(vals_list)
        companies._channel_prepare()
        return companies
