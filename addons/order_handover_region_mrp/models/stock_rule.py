from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _prepare_mo_vals(
        self,
        product_id,
        product_qty,
        product_uom,
        location_dest_id,
        name,
        origin,
        company_id,
        values,
        bom,
    ):
        """EXTENDS 'mrp': the production knows the sheet it comes from."""
        result = super()._prepare_mo_vals(
            product_id,
            product_qty,
            product_uom,
            location_dest_id,
            name,
            origin,
            company_id,
            values,
            bom,
        )
        result["replenishment_line_id"] = values.get("replenishment_line_id", False)
        return result

    def _make_mo_get_domain(self, procurement, bom):
        """EXTENDS 'mrp': productions of different sheets stay apart."""
        own = procurement.values.get("replenishment_line_id", False)
        domain = super()._make_mo_get_domain(procurement, bom)
        return (*domain, ("replenishment_line_id", "=", own))
