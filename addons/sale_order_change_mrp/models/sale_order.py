from odoo import models

_KEY = "sale_order_change_mrp"


class SaleOrder(models.Model):
    """Production orders follow a change of the order (SPEC J2)."""

    _inherit = "sale.order"

    def _change_get_before(self, change):
        """EXTENDS 'sale_order_change': the links are gone once it is cancelled."""
        plan = {}
        for line, less in change._get_lessened().items():
            plan |= line.sudo()._change_plan_productions(less)[0]  # sudo: as below
        return {**super()._change_get_before(change), _KEY: plan}

    def _change_follow(self, change, before):
        """EXTENDS 'sale_order_change': make less, or wait for what is made more."""
        result = super()._change_follow(change, before)
        # sudo: production agreed to the change; who asked for it need not make things
        for production, quantity in before[_KEY].items():
            production.sudo()._change_become(quantity)
        if change.kind == "change":
            for line in self._change_get_lines().sudo():  # sudo: as above
                line._change_chain_productions()
        return result
