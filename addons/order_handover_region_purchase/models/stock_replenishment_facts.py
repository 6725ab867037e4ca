from odoo import api, models
from odoo.fields import Domain


class StockReplenishmentFacts(models.AbstractModel):
    _inherit = "stock.replenishment.facts"

    @api.model
    def _get_figures(self, company, warehouses, products=None):
        """EXTENDS: what has been asked for counts as on order, not confirmed yet.

        Confirmed purchase orders have receipts, which count already.
        """
        result = super()._get_figures(company, warehouses, products)
        domain = (
            Domain("state", "in", ("draft", "sent", "to approve"))
            & Domain("company_id", "=", company.id)
            & Domain("order_id.picking_type_id.warehouse_id", "in", warehouses.ids)
            & Domain("product_id", "!=", False)
        )
        if products is not None:
            domain &= Domain("product_id", "in", products.ids)
        for product, quantity in self.env["purchase.order.line"]._read_group(
            domain, groupby=["product_id"], aggregates=["product_uom_qty:sum"]
        ):
            self._add(result, product.id, "on_order", quantity)
        return result
