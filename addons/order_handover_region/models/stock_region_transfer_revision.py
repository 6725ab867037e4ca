from odoo import api, fields, models
from odoo.tools import SQL


class StockRegionTransferRevision(models.Model):
    """One row per product of a giving warehouse, written before its stock is judged.

    Of two planners who give away the same goods at once, the second is rerun on what
    the first has left (DESIGN 3). Nobody reads it.
    """

    _name = "stock.region.transfer.revision"
    _description = "Revision of Spare Stock"
    _log_access = False

    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="warehouse_id.company_id")
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, ondelete="cascade"
    )
    revision = fields.Integer(required=True, default=1)

    _pair_uniq = models.Constraint(
        "UNIQUE (product_id, warehouse_id)", "One row per product and warehouse."
    )

    @api.model
    def _bump(self, pairs):
        """Write the rows of ``pairs`` of (warehouse id, product id), in one order."""
        pairs = sorted(set(pairs))
        if not pairs:
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "INSERT INTO stock_region_transfer_revision"
                " (warehouse_id, product_id, revision)"
                " SELECT warehouse_id, product_id, 1"
                " FROM unnest(%s::int[], %s::int[]) AS pair(warehouse_id, product_id)"
                " ORDER BY warehouse_id, product_id"
                " ON CONFLICT (product_id, warehouse_id) DO UPDATE"
                " SET revision = stock_region_transfer_revision.revision + 1"
                " RETURNING id",
                [warehouse for warehouse, _product in pairs],
                [product for _warehouse, product in pairs],
            )
        )
