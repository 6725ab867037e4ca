from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

KINDS = [
    ("received", "Received"),
    ("produced", "Produced"),
    ("transferred", "From another region"),
]
#: how far the report looks back
DAYS = 400
#: moves into the place stock is taken from, from outside of it; {zone} as a parameter;
#: of the dates of a move and of its lines, which are the same, the move's has an index
_QUERY = """
SELECT MIN(l.id) AS id, w.company_id, w.id AS warehouse_id, r.region_id, m.product_id,
       t.uom_id AS product_uom_id, t.categ_id,
       (l.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS date,
       CASE WHEN s.usage = 'production' THEN 'produced'
            WHEN s.usage = 'transit' THEN 'transferred'
            ELSE 'received' END AS kind,
       SUM(l.quantity_product_uom) AS quantity,
       MAX(COALESCE(waiting.quantity, 0)) AS waiting,
       MAX(COALESCE(waiting.deliveries, 0)) AS waiting_count,
       MAX(COALESCE(stock.quantity, 0)) AS free
  FROM stock_move_line l
  JOIN stock_move m ON m.id = l.move_id
  JOIN stock_location s ON s.id = m.location_id
  JOIN stock_location d ON d.id = l.location_dest_id AND d.usage = 'internal'
  JOIN stock_warehouse w ON w.id = d.warehouse_id
  JOIN res_company c ON c.id = w.company_id
  JOIN stock_location home ON home.id = w.lot_stock_id
   AND d.parent_path LIKE home.parent_path || '%%'
   AND NOT s.parent_path LIKE home.parent_path || '%%'
  JOIN product_product p ON p.id = m.product_id
  JOIN product_template t ON t.id = p.product_tmpl_id AND t.is_storable
  LEFT JOIN sales_region_warehouse_rel r ON r.warehouse_id = w.id
  LEFT JOIN (
       SELECT product_id, warehouse_id, SUM(missing) AS quantity,
              COUNT(*)::int AS deliveries
         FROM (%(waiting)s) found
     GROUP BY product_id, warehouse_id) waiting
    ON waiting.product_id = m.product_id AND waiting.warehouse_id = w.id
  LEFT JOIN (
       SELECT q.product_id, i.warehouse_id,
              SUM(q.quantity - q.reserved_quantity) AS quantity
         FROM stock_quant q
         JOIN stock_location i ON i.id = q.location_id AND i.usage = 'internal'
         JOIN stock_warehouse h ON h.id = i.warehouse_id
         JOIN res_company c ON c.id = h.company_id
          AND (q.owner_id IS NULL OR q.owner_id = c.partner_id)
         JOIN stock_location top ON top.id = h.lot_stock_id
          AND i.parent_path LIKE top.parent_path || '%%'
     GROUP BY q.product_id, i.warehouse_id) stock
    ON stock.product_id = m.product_id AND stock.warehouse_id = w.id
 WHERE l.state = 'done' AND m.origin_returned_move_id IS NULL
   AND m.date >= %(since)s AND l.date >= %(since)s
   AND (l.owner_id IS NULL OR l.owner_id = c.partner_id)
   AND (s.usage IN ('supplier', 'production', 'transit')
        OR s.usage = 'internal' AND s.id NOT IN (
           w.wh_output_stock_loc_id, w.wh_pack_stock_loc_id))
 GROUP BY w.company_id, w.id, r.region_id, m.product_id, t.uom_id, t.categ_id,
          (l.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date, s.usage
"""


class StockInboundReport(models.Model):
    """What entered stock per day, beside the orders that wait for it (SPEC F4).

    One row per day, warehouse, product and where it came from; days are those of the
    company's time zone, quantities in the product's unit. Goods enter stock when they
    reach the place deliveries are taken from, not yet at the gate. It looks back 400
    days; consigned goods of others do not count.
    """

    _name = "stock.inbound.report"
    _description = "Goods Received per Day"
    _auto = False
    _order = "date desc, waiting desc, id desc"
    _rec_name = "product_id"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    region_id = fields.Many2one(comodel_name="sales.region", readonly=True)
    warehouse_id = fields.Many2one(comodel_name="stock.warehouse", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom", string="Unit", readonly=True
    )
    kind = fields.Selection(selection=KINDS, string="How", readonly=True)
    quantity = fields.Float(string="Entered", digits="Product Unit", readonly=True)
    waiting = fields.Float(
        string="Orders Still Miss",
        digits="Product Unit",
        readonly=True,
        aggregator="max",
        help="What confirmed orders still need of the product in this warehouse, "
        "beyond what is reserved for them.",
    )
    waiting_count = fields.Integer(
        string="Waiting Deliveries", readonly=True, aggregator="max"
    )
    free = fields.Float(
        string="Free Now",
        digits="Product Unit",
        readonly=True,
        aggregator="max",
        help="On hand in the warehouse and not reserved, now.",
    )

    @property
    def _table_query(self):
        """Return the rows as they are now."""
        return SQL(
            _QUERY,
            # sudo: the zone of the company, whoever asks
            zone=self.env.company.sudo().partner_id.tz or "UTC",
            since=fields.Datetime.now() - timedelta(days=DAYS),
            waiting=self.env["stock.inbound.waiting"]._table_query,
        )

    def action_open_waiting(self):
        """Show the deliveries that wait for the product, the first in rank first."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "order_handover_region.stock_inbound_waiting_action"
        )
        action["domain"] = [
            ("product_id", "=", self.product_id.id),
            ("warehouse_id", "=", self.warehouse_id.id),
        ]
        return action
