from odoo import models


class OrderHandoverEvent(models.Model):
    _inherit = "order.handover.event"

    def _get_line_values(self, stage, order):
        """EXTENDS 'order_handover': what was bought for the order, and until when."""
        if self.source_model != "purchase.order":
            return super()._get_line_values(stage, order)
        return [
            self._prepare_line(
                line.product_id,
                quantity,
                line.product_uom_id,
                name=line.name,
                delivery_date=self._get_local_date(line.date_planned),
            )
            for line, quantity in self._get_sources()._handover_list_get_lines(order)
        ]
