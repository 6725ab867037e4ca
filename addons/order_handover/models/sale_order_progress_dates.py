from odoo import models


class SaleOrder(models.Model):
    """Which dates of a confirmed order are watched (SPEC F3)."""

    _inherit = "sale.order"

    def _action_confirm(self):
        """EXTENDS 'sale': what was known of an earlier confirmation does not count.

        The job notes the dates when it first sees the order: nothing is computed
        here, so that no forecast can slow down or stop a confirmation.
        """
        # sudo: customers confirm orders too
        self.env["order.progress.date"].sudo()._forget_orders(self)
        return super()._action_confirm()

    def _handover_get_expected(self):
        """Return {line_id: (datetime, document)} of the lines with something open."""
        expected = {}
        for facts in self._handover_get_facts(tracking=False).values():
            if facts.order.state == "cancel":
                continue
            for line in facts.order.order_line:
                moment, source = facts.get_expected(line.id)
                if moment:
                    expected[line.id] = (moment, source)
        return expected
