from odoo import api, fields, models
from odoo.tools import SQL

#: warehouses and products make the id: below 2^53, which the web client can hold
_QUERY = """
SELECT part.product_id::bigint * 1000000 + part.warehouse_id AS id,
       part.product_id, part.warehouse_id, w.company_id, r.region_id,
       p.product_tmpl_id, t.categ_id, t.uom_id AS product_uom_id,
       SUM(part.on_hand) AS on_hand, SUM(part.reserved) AS reserved,
       SUM(part.on_hand) - SUM(part.reserved) AS free,
       SUM(part.incoming) AS incoming, SUM(part.in_transit) AS in_transit,
       SUM(part.demand) AS demand, SUM(part.sold) AS sold,
       c.stock_region_days AS days,
       GREATEST(SUM(part.sold), 0) * 100.0
           / NULLIF(GREATEST(SUM(part.sold), 0) + GREATEST(SUM(part.on_hand), 0), 0)
           AS sell_through,
       GREATEST(SUM(part.on_hand), 0) * c.stock_region_days
           / NULLIF(GREATEST(SUM(part.sold), 0), 0) AS days_of_stock
  FROM (
    SELECT q.product_id, s.warehouse_id, q.quantity AS on_hand,
           q.reserved_quantity AS reserved, 0 AS incoming, 0 AS in_transit,
           0 AS demand, 0 AS sold
      FROM stock_quant q
      JOIN stock_location s ON s.id = q.location_id AND s.usage = 'internal'
      JOIN stock_warehouse h ON h.id = s.warehouse_id
      JOIN res_company c ON c.id = h.company_id
     WHERE q.owner_id IS NULL OR q.owner_id = c.partner_id
 UNION ALL
    SELECT m.product_id, d.warehouse_id, 0, 0,
           m.product_qty - COALESCE(i.shipped, 0), COALESCE(i.shipped, 0), 0, 0
      FROM stock_move m
      JOIN stock_location s ON s.id = m.location_id
       AND s.usage IN ('supplier', 'production', 'transit')
      JOIN stock_location d ON d.id = m.location_dest_id AND d.usage = 'internal'
 LEFT JOIN LATERAL (
           SELECT SUM(l.quantity_product_uom) AS shipped FROM stock_move_line l
            WHERE l.move_id = m.id AND s.usage = 'transit') i ON TRUE
     WHERE m.state IN ('confirmed', 'waiting', 'partially_available', 'assigned')
       AND d.warehouse_id IS NOT NULL
 UNION ALL
    SELECT m.product_id, s.warehouse_id, 0, 0, 0, 0, m.product_qty, 0
      FROM stock_move m
      JOIN stock_location s ON s.id = m.location_id AND s.usage = 'internal'
      JOIN stock_location d
        ON d.id = COALESCE(m.location_final_id, m.location_dest_id)
       AND d.usage = 'customer'
     WHERE m.state IN ('confirmed', 'waiting', 'partially_available', 'assigned')
       AND s.warehouse_id IS NOT NULL
       AND NOT EXISTS (
           SELECT FROM stock_move_move_rel n
             JOIN stock_move later ON later.id = n.move_dest_id
              AND later.state NOT IN ('done', 'cancel')
             JOIN stock_location l ON l.id = later.location_id
              AND l.usage = 'internal'
            WHERE n.move_orig_id = m.id)
 UNION ALL
    SELECT m.product_id, COALESCE(s.warehouse_id, m.warehouse_id, y.warehouse_id),
           0, 0, 0, 0, 0, l.quantity_product_uom
      FROM stock_move_line l
      JOIN stock_move m ON m.id = l.move_id
      JOIN res_company c ON c.id = l.company_id
      JOIN stock_location s ON s.id = m.location_id
       AND s.usage IN ('internal', 'transit')
      JOIN stock_location d ON d.id = m.location_dest_id AND d.usage = 'customer'
 LEFT JOIN stock_picking_type y ON y.id = m.picking_type_id
     WHERE l.state = 'done' AND (l.owner_id IS NULL OR l.owner_id = c.partner_id)
       AND l.date >= %(now)s - c.stock_region_days * INTERVAL '1 day'
 UNION ALL
    SELECT m.product_id, COALESCE(d.warehouse_id, m.warehouse_id, y.warehouse_id),
           0, 0, 0, 0, 0, -l.quantity_product_uom
      FROM stock_move_line l
      JOIN stock_move m ON m.id = l.move_id
      JOIN res_company c ON c.id = l.company_id
      JOIN stock_location s ON s.id = m.location_id AND s.usage = 'customer'
      JOIN stock_location d ON d.id = m.location_dest_id
       AND d.usage IN ('internal', 'transit')
 LEFT JOIN stock_picking_type y ON y.id = m.picking_type_id
     WHERE l.state = 'done' AND (l.owner_id IS NULL OR l.owner_id = c.partner_id)
       AND l.date >= %(now)s - c.stock_region_days * INTERVAL '1 day'
  ) part
  JOIN stock_warehouse w ON w.id = part.warehouse_id
  JOIN res_company c ON c.id = w.company_id
  JOIN product_product p ON p.id = part.product_id
  JOIN product_template t ON t.id = p.product_tmpl_id
  LEFT JOIN sales_region_warehouse_rel r ON r.warehouse_id = w.id
 WHERE t.is_storable
 GROUP BY part.product_id, part.warehouse_id, w.company_id, r.region_id,
          p.product_tmpl_id, t.categ_id, t.uom_id, c.stock_region_days
"""
#: how sums make the ratio of a group
_RATIOS = {
    "sell_through:avg": "GREATEST(SUM(%(sold)s), 0) * 100.0 / NULLIF("
    "GREATEST(SUM(%(sold)s), 0) + GREATEST(SUM(%(on_hand)s), 0), 0)",
    "days_of_stock:avg": "GREATEST(SUM(%(on_hand)s), 0) * MAX(%(days)s)"
    " / NULLIF(GREATEST(SUM(%(sold)s), 0), 0)",
}


class StockRegionReport(models.Model):
    """Stock and sell-through of all regions, for everybody (SPEC G1).

    One row per warehouse and product variant; quantities in the product's unit, no
    prices, no customers. Sold is what customers received, net of returns, in the
    company's number of days; transfers, scrap and inventory count for nothing. Of a kit
    the components count. Consigned goods of others count for nothing.
    """

    _name = "stock.region.report"
    _description = "Stock of All Regions"
    _auto = False
    _order = "region_id, product_id, warehouse_id, id"
    _rec_name = "product_id"
    _depends = {
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "is_storable", "uom_id"],
        "res.company": ["partner_id", "stock_region_days"],
        "sales.region": ["warehouse_ids"],
        "stock.location": ["usage", "warehouse_id"],
        "stock.move": [
            "location_dest_id",
            "location_final_id",
            "location_id",
            "move_dest_ids",
            "picking_type_id",
            "product_id",
            "product_qty",
            "state",
            "warehouse_id",
        ],
        "stock.move.line": [
            "date",
            "move_id",
            "owner_id",
            "quantity_product_uom",
            "state",
        ],
        "stock.quant": [
            "location_id",
            "owner_id",
            "product_id",
            "quantity",
            "reserved_quantity",
        ],
        "stock.warehouse": ["company_id"],
    }

    region_id = fields.Many2one(comodel_name="sales.region", readonly=True)
    warehouse_id = fields.Many2one(comodel_name="stock.warehouse", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template", string="Product Model", readonly=True
    )
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    attribute_value_ids = fields.Many2many(
        related="product_id.product_template_variant_value_ids", string="Attributes"
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom", string="Unit", readonly=True
    )
    on_hand = fields.Float(digits="Product Unit", readonly=True)
    reserved = fields.Float(digits="Product Unit", readonly=True)
    free = fields.Float(
        digits="Product Unit", readonly=True, help="On hand and not reserved."
    )
    incoming = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="To come from suppliers, from production, or from other regions that have "
        "not shipped it yet.",
    )
    in_transit = fields.Float(
        digits="Product Unit", readonly=True, help="Shipped to here, not received yet."
    )
    demand = fields.Float(
        string="Open Demand",
        digits="Product Unit",
        readonly=True,
        help="Ordered by customers and not shipped yet, reserved or not.",
    )
    sold = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="Delivered to customers, less what came back, within the company's number "
        "of days.",
    )
    days = fields.Integer(string="Sold Within (Days)", readonly=True, aggregator="max")
    sell_through = fields.Float(
        string="Sell-Through (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Sold / (sold + on hand).",
    )
    days_of_stock = fields.Float(
        string="Days of Stock",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="How long what is on hand lasts at the pace it was sold. Empty: nothing "
        "was sold.",
    )

    @property
    def _table_query(self):
        """Return the rows as they are now."""
        return SQL(_QUERY, now=fields.Datetime.now())

    def _read_group_select(self, aggregate_spec, query):
        """EXTENDS 'base': a group's ratio is that of its sums, no average of ratios."""
        if ratio := _RATIOS.get(aggregate_spec):
            columns = {
                name: self._field_to_sql(self._table, name, query)
                for name in ("sold", "on_hand", "days")
            }
            return SQL(ratio, **columns)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _open_for(self, products):
        """Return the action with the stock of these products, by region."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "order_handover_region.stock_region_report_action"
        )
        action["domain"] = [("product_id", "in", products.ids)]
        action["context"] = {"search_default_by_region": 1}
        return action
