from odoo import models


class OrderHandoverEvent(models.Model):
    _inherit = "order.handover.event"

    def _get_line_values(self, stage, order):
        """EXTENDS 'order_handover': what a production order has made."""
        if self.source_model != "mrp.production":
            return super()._get_line_values(stage, order)
        return [
            self._prepare_line(
                production.product_id,
                production.qty_produced,
                production.product_uom_id,
            )
            for production in self._get_sources()
            if production.product_uom_id.compare(production.qty_produced, 0.0) > 0
        ]
