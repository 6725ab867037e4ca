from datetime import timedelta

from odoo import models


class SalePriceRevisionLine(models.Model):
    """How one price changes on the day (SPEC C3)."""

    _inherit = "sale.price.revision.line"

    def _get_changed(self):
        """Return those of these lines whose rule or price was changed meanwhile."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        changed = self.browse()
        for line, item in self._find_items().items():
            present = line._get_present(item)
            if (
                present["item_id"] != line.item_id.id
                or present["item_stamp"] != (line.item_stamp or "")
                or round(present["old_price"] - line.old_price, digits)
            ):
                changed |= line
        return changed

    def _apply_prices(self, start):
        """End the old rules the second before ``start`` and begin the new ones.

        :param datetime start: UTC
        """
        ruled = self.filtered("revision_id.pricelist_id")
        for line in self - ruled:
            line.product_tmpl_id.list_price = line.new_price
        values = [line._prepare_rule(start) for line in ruled]
        ruled.item_id.date_end = start - timedelta(seconds=1)
        self.env["product.pricelist.item"].create(values)

    def _prepare_rule(self, start):
        """Return the values of the new rule; it ends when the old one would have."""
        self.ensure_one()
        on = (
            "0_product_variant"
            if self.product_id
            else "1_product"
            if self.product_tmpl_id
            else "2_product_category"
        )
        return {
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
            "date_end": self.item_id.date_end,
        }
