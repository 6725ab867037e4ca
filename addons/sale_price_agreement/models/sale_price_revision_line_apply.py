from datetime import timedelta

from odoo import models


class SalePriceRevisionLine(models.Model):
    """How one price changes on the day (SPEC C3)."""

    _inherit = "sale.price.revision.line"

    def _is_as_approved(self):
        """Tell whether rule and price are still those that were submitted."""
        self.ensure_one()
        present = self._get_present()
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return (
            present["item_id"] == self.item_id.id
            and present["item_stamp"] == (self.item_stamp or "")
            and round(present["old_price"] - self.old_price, digits) == 0
        )

    def _apply_price(self, start):
        """End the old rule the second before ``start`` and begin the new one."""
        self.ensure_one()
        if not self.revision_id.pricelist_id:
            self.product_tmpl_id.list_price = self.new_price
            return
        item = self.item_id
        end = item.date_end
        if item:
            item.date_end = start - timedelta(seconds=1)
        on = (
            "0_product_variant"
            if self.product_id
            else "1_product"
            if self.product_tmpl_id
            else "2_product_category"
        )
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.revision_id.pricelist_id.id,
                "applied_on": on,
                "display_applied_on": "2_product_category"
                if self.categ_id
                else "1_product",
                "product_tmpl_id": self.product_tmpl_id.id,
                "product_id": self.product_id.id,
                "categ_id": self.categ_id.id,
                "min_quantity": self.min_quantity,
                "compute_price": "fixed",
                "fixed_price": self.new_price,
                "date_start": start,
                "date_end": end,
            }
        )
