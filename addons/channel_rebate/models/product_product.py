from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _channel_get_uoms(self):
        """Return the units a channel partner may order this product in."""
        return self.uom_id | self.uom_ids
