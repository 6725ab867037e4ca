from odoo import api, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    @api.ondelete(at_uninstall=True)
    def _unlink_except_in_approved_orders(self):
        """Deleting would change approved orders behind their backs (SPEC B6)."""
        self.env["sale.order"]._policy_check_deletion("pricelist_id", self)
