from odoo import models


class SaleOrder(models.Model):
    """The tracking of an order's shipments (SPEC F5)."""

    _inherit = "sale.order"

    def _handover_get_tracking(self, picking_ids):
        """EXTENDS 'order_handover': carrier, reference and link, where known."""
        tracking = super()._handover_get_tracking(picking_ids)
        # sudo: shipments of orders whose progress may be seen
        pickings_sudo = self.env["stock.picking"].sudo().browse(picking_ids)
        for picking_sudo in pickings_sudo:
            reference = picking_sudo.carrier_tracking_ref
            if not reference and not picking_sudo.carrier_id:
                continue
            tracking[picking_sudo.id] = {
                "carrier": picking_sudo.carrier_id.name or "",
                "reference": reference or "",
                "url": picking_sudo._handover_get_tracking_url(),
            }
        return tracking
