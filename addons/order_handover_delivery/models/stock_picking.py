from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _handover_get_shipping_header(self):
        """EXTENDS 'order_handover': the salesperson confirms the carrier too."""
        # sudo: carriers the user may not see; always by their untranslated name
        carrier = self.sudo().with_context(lang=None).carrier_id
        return {
            **super()._handover_get_shipping_header(),
            "carrier": carrier.name or "",
        }

    def _handover_get_labels(self):
        """EXTENDS 'order_handover': the carrier."""
        return {**super()._handover_get_labels(), "carrier": self.env._("carrier")}
