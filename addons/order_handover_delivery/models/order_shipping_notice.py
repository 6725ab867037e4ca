from odoo import models


class OrderShippingNotice(models.Model):
    _inherit = "order.shipping.notice"

    def _get_carrier(self):
        """EXTENDS 'order_handover': the carrier of the delivery, and where it is."""
        picking = self.picking_id
        return {
            **super()._get_carrier(),
            "carrier": picking.carrier_id.name or "",
            "tracking": picking.carrier_tracking_ref or "",
            "url": picking._handover_get_tracking_url(),
        }
