from odoo import models


class SaleOrder(models.Model):
    """Which dates of a confirmed order are watched (SPEC F3)."""

    _inherit = "sale.order"

    def _action_confirm(self):
        """EXTENDS 'sale': remember the dates of that moment, to notice changes."""
        result = super()._action_confirm()
        # sudo: customers confirm orders too
        orders_sudo = self.sudo()
        self.env["order.progress.date"].sudo()._keep(
            orders_sudo._handover_get_expected()
        )
        return result

    def _handover_get_expected(self):
        """Return {line_id: (datetime, document)} of the lines with something open."""
        expected = {}
        for facts in self._handover_get_facts().values():
            if facts.order.state == "cancel":
                continue
            for line in facts.order.order_line:
                moment, source = facts.get_expected(line.id)
                if moment:
                    expected[line.id] = (moment, source)
        return expected
