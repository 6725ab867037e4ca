from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _policy_is_optional(self):
        """EXTENDS 'sale_order_policy': the customer chooses how many, if any."""
        return super()._policy_is_optional() or bool(self._is_line_optional())
