from odoo import models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _update_available_quantity(self, product_id, location_id, *args, **kwargs):
        """EXTENDS 'stock': who changes scarce stock does so one after the other.

        Reservations come through here as well. Before anything is locked: a quant that
        is passed by because it is locked would be made a second time.
        """
        # sudo: what is scarce does not depend on who asks
        if (
            product_id.sudo().handover_is_scarce
            and not location_id.should_bypass_reservation()
        ):
            self.env["stock.scarcity.revision"]._bump([(product_id.id, location_id.id)])
        return super()._update_available_quantity(
            product_id, location_id, *args, **kwargs
        )
