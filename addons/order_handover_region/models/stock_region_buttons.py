from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_view_stock_of_regions(self):
        """Show what all regions have of the product's variants (SPEC G1)."""
        return self.env["stock.region.report"]._open_for(self.product_variant_ids)


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_view_stock_of_regions(self):
        """Show what all regions have of the product (SPEC G1)."""
        return self.env["stock.region.report"]._open_for(self)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_view_stock_of_regions(self):
        """Show what all regions have of the order's products (SPEC G1)."""
        return self.env["stock.region.report"]._open_for(self.order_line.product_id)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def action_view_stock_of_regions(self):
        """Show what all regions have of the line's product (SPEC G1)."""
        return self.env["stock.region.report"]._open_for(self.product_id)
