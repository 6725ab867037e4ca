from odoo import api, models
from odoo.fields import Domain


class StockReplenishmentFacts(models.AbstractModel):
    _inherit = "stock.replenishment.facts"

    @api.model
    def _get_figures(self, company, warehouses, products=None):
        """EXTENDS: drafts count as in production.

        Confirmed productions have open moves of what is left, which count already.
        """
        result = super()._get_figures(company, warehouses, products)
        domain = (
            Domain("state", "=", "draft")
            & Domain("company_id", "=", company.id)
            & Domain("picking_type_id.warehouse_id", "in", warehouses.ids)
        )
        if products is not None:
            domain &= Domain("product_id", "in", products.ids)
        for product, quantity in self.env["mrp.production"]._read_group(
            domain, groupby=["product_id"], aggregates=["product_uom_qty:sum"]
        ):
            self._add(result, product.id, "in_production", quantity)
        return result
