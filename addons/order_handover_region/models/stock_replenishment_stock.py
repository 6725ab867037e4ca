from odoo import api, fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_replenishment_packs(self, sheets):
        """Return ``{product: (multiple, minimum)}`` in the product's unit.

        The multiple is the reordering rule's pack in the sheet's warehouse, else the
        unit the first vendor sells in; the minimum is that vendor's. Made to be
        extended.

        :param sheets: the replenishment sheets they are for
        """
        # sudo: vendors' conditions are not for everybody, their packs are
        points = self.env["stock.warehouse.orderpoint"].sudo()
        pack_of = {
            point.product_id.id: point.replenishment_uom_id
            for point in points.search(
                [
                    ("product_id", "in", self.ids),
                    ("warehouse_id", "in", sheets.warehouse_id.ids),
                    ("replenishment_uom_id", "!=", False),
                ]
            )
        }
        result = {}
        for product in self:
            product_sudo = product.sudo()  # sudo: as above
            own = product_sudo.uom_id
            seller = product_sudo.seller_ids.filtered(
                lambda seller, product=product: (
                    seller.product_id.id in (False, product.id)
                    and seller.company_id.id in (False, *sheets.company_id.ids)
                )
            )[:1]
            pack = pack_of.get(product.id) or seller.product_uom_id or own
            if not pack._has_common_reference(own):
                pack = own
            multiple = pack._compute_quantity(1.0, own, round=False)
            minimum = 0.0
            if seller:
                minimum = (seller.product_uom_id or own)._compute_quantity(
                    seller.min_qty, own, round=False
                )
            result[product] = (max(multiple, 0.0), minimum)
        return result


class StockMove(models.Model):
    _inherit = "stock.move"

    replenishment_line_id = fields.Many2one(
        comodel_name="stock.replenishment.line",
        string="Replenishment",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        """EXTENDS 'stock': what was ordered by different sheets stays apart."""
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "replenishment_line_id",
        ]


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        """EXTENDS 'stock': moves know the sheet they come from."""
        return [*super()._get_custom_move_fields(), "replenishment_line_id"]
