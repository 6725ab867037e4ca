from odoo import models

_KEY = "sale_order_change_purchase"


class SaleOrder(models.Model):
    """Requests for quotation follow a change of the order (SPEC J2)."""

    _inherit = "sale.order"

    def _change_get_before(self, change):
        """EXTENDS 'sale_order_change': the links are gone once it is cancelled."""
        plan = {}
        lines = self.env["purchase.order.line"].sudo()  # sudo: see below
        for line, less in change._get_lessened().items():
            line_sudo = line.sudo()  # sudo: see below
            plan |= line_sudo._change_plan_purchases(less)[0]
            lines |= line_sudo._change_get_purchases()
        enough = lines.filtered(lambda line: line._change_is_enough())
        return {**super()._change_get_before(change), _KEY: (plan, enough)}

    def _change_follow(self, change, before):
        """EXTENDS 'sale_order_change': ask vendors for less, or not at all.

        Odoo does so for goods that are made less, not for services and not when the
        order is cancelled.
        """
        result = super()._change_follow(change, before)
        # sudo: the change was agreed to; who asked for it need not buy things
        plan, enough = before[_KEY]
        for line, quantity in plan.items():
            if line.product_qty != quantity:
                line.product_qty = quantity
        enough.exists()._change_check_enough()
        for order in enough.browse(line.id for line in plan).order_id:
            if not any(order.order_line.mapped("product_qty")):
                order.button_cancel()
        return result
