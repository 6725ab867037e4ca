from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _policy_is_system_line(self):
        """EXTENDS 'sale_order_policy': freight at cost is known on shipping only.

        It counts as Odoo's own as far as the shipments of the order account for it.
        """
        return super()._policy_is_system_line() or (
            0 <= self.product_uom_qty <= 1
            and self._policy_get_net_price() >= 0
            and self._policy_is_freight("real")
            and self._policy_is_freight_reported()
        )

    def _policy_is_freight_reported(self):
        """Tell whether the shipments cost as much as all such lines charge."""
        self.ensure_one()
        # sudo: the shipments are the same whoever looks at the order
        order_sudo = self.order_id.sudo()
        reported = sum(
            picking.carrier_price
            for picking in order_sudo.picking_ids
            if picking.carrier_id.product_id == self.product_id
            and picking.carrier_id.invoice_policy == "real"
        )
        charged = sum(
            line._policy_get_net_price()
            for line in order_sudo.order_line
            if line.is_delivery and line.product_id == self.product_id
        )
        return self.currency_id.compare_amounts(charged, reported) <= 0

    def _policy_has_list_price(self):
        """EXTENDS 'sale_order_policy': freight has its price from the carrier."""
        return super()._policy_has_list_price() and not self._policy_is_freight()

    def _policy_needs_price(self):
        """EXTENDS 'sale_order_policy': free shipping is not a mistake."""
        return super()._policy_needs_price() and not self._policy_is_freight()

    def _policy_is_freight(self, invoice_policy=None):
        """Tell whether the line is for the product of a delivery method.

        :param str invoice_policy: only methods of this policy: estimated or real
        """
        self.ensure_one()
        if not self.is_delivery or not self.product_id:
            return False
        domain = [("product_id", "=", self.product_id.id)]
        if invoice_policy:
            domain.append(("invoice_policy", "=", invoice_policy))
        # sudo: delivery methods of other companies and archived ones count as well
        carriers_sudo = self.env["delivery.carrier"].sudo()
        return bool(
            carriers_sudo.with_context(active_test=False).search_count(domain, limit=1)
        )
