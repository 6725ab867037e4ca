from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def _load_module_terms(self, modules, langs, overwrite=False):
        """EXTENDS 'base': a new language names the usual departments and levels too.

        They are records without external identifiers, so no file has their names.
        Not while modules are being loaded: what a new module creates is named then.
        """
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if "sale_order_policy" in modules and self.env.registry.loaded:
            # sudo: the companies of everybody; there are few
            companies_sudo = self.env["res.company"].sudo()
            every_one_sudo = companies_sudo.search([])  # pylint: disable=no-search-all
            every_one_sudo._sale_policy_translate_defaults(langs)
        return result
