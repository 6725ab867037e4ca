from odoo import api, models

#: of lines, what a contract is about
_CONTENT = frozenset(
    {
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "discount",
        "tax_ids",
        "display_type",
    }
)


class SaleOrderLine(models.Model):
    """Lines of confirmed orders stay within the contract (SPEC E1, E4)."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        numbers = {vals.get("order_id") for vals in vals_list}
        orders = self.env["sale.order"].browse(filter(None, numbers))
        with orders._contract_hold():
            return super().create(vals_list)

    def write(self, vals):
        if not _CONTENT.intersection(vals):
            return super().write(vals)
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or ())
        with orders._contract_hold():
            return super().write(vals)

    def unlink(self):
        with self.order_id._contract_hold():
            return super().unlink()
