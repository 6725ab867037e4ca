from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: who may create companies need not know of departments or locations
        companies.sudo()._handover_prepare()
        return companies

    def _handover_prepare(self):
        """Give companies what handover needs, once; existing orders stay as they are.

        Called for new companies and at installation, as superuser. Made to be extended:
        must be possible to call again without effect.
        """
