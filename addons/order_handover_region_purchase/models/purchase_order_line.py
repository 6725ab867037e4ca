from odoo import api, fields, models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    replenishment_line_id = fields.Many2one(
        comodel_name="stock.replenishment.line",
        string="Replenishment",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    @api.model
    def _prepare_purchase_order_line_from_procurement(
        self,
        product_id,
        product_qty,
        product_uom,
        location_dest_id,
        name,
        origin,
        company_id,
        values,
        po,
    ):
        """EXTENDS 'purchase_stock': the line knows the sheet it comes from."""
        result = super()._prepare_purchase_order_line_from_procurement(
            product_id,
            product_qty,
            product_uom,
            location_dest_id,
            name,
            origin,
            company_id,
            values,
            po,
        )
        result["replenishment_line_id"] = values.get("replenishment_line_id", False)
        return result

    def _find_candidate(
        self,
        product_id,
        product_qty,
        product_uom,
        location_id,
        name,
        origin,
        company_id,
        values,
    ):
        """EXTENDS 'purchase_stock': lines of different sheets stay apart."""
        own = values.get("replenishment_line_id", False)
        lines = self.filtered(lambda line: line.replenishment_line_id.id == own)
        return super(PurchaseOrderLine, lines)._find_candidate(
            product_id,
            product_qty,
            product_uom,
            location_id,
            name,
            origin,
            company_id,
            values,
        )
