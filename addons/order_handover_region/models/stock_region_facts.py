from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: what locations of a warehouse hold its stock; not its losses or what it makes
INSIDE = ("view", "internal", "transit")
OPEN = ("waiting", "confirmed", "partially_available", "assigned")


@dataclass(slots=True)
class Facts:
    """What one warehouse has, owes and sells of one product, in product unit.

    ``coming`` is on its way by documents other than transfers, ``arriving`` by
    approved transfers; ``proposed_in`` and ``proposed_out`` are drafts of transfers.
    ``sold`` is net of returns within the window; what waits for the customer's
    acceptance is sold, what he rejects is not.
    """

    on_hand: float = 0.0
    demand: float = 0.0
    coming: float = 0.0
    arriving: float = 0.0
    proposed_in: float = 0.0
    proposed_out: float = 0.0
    sold: float = 0.0
    safety: float = 0.0
    due: datetime | None = None


PLACES = """
    place AS (
        SELECT location.id, warehouse.id AS warehouse_id,
               company.partner_id AS owner_id
          FROM stock_warehouse warehouse
          JOIN res_company company ON company.id = warehouse.company_id
          JOIN stock_location root ON root.id = warehouse.view_location_id
          JOIN stock_location location
            ON location.parent_path LIKE root.parent_path || '%%'
         WHERE warehouse.company_id = %(company)s AND warehouse.active
           AND location.usage IN %(inside)s
    ), stock_move_open AS (
        SELECT move.product_id, source.warehouse_id AS source_id,
               target.warehouse_id AS target_id, move.product_qty,
               COALESCE(move.date_deadline, move.date) AS due,
               move.region_transfer_line_id IS NOT NULL AS is_transfer,
               move.sale_line_id, move.id
          FROM stock_move move
          LEFT JOIN place source ON source.id = move.location_id
          LEFT JOIN place target ON target.id
             = COALESCE(move.location_final_id, move.location_dest_id)
         WHERE move.state IN %(open)s AND move.company_id = %(company)s
           AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
           AND %(of_move)s
    )
"""
#: a fact says one thing about a product in a warehouse and leaves the others out
FACTS = """
    WITH %(places)s, fact (
        product_id, warehouse_id, on_hand, demand, coming, arriving, proposed_in,
        proposed_out, sold, safety, due
    ) AS (
        SELECT quant.product_id, place.warehouse_id, quant.quantity,
               NULL::numeric, NULL::numeric, NULL::numeric, NULL::numeric,
               NULL::numeric, NULL::numeric, NULL::numeric, NULL::timestamp
          FROM stock_quant quant
          JOIN place ON place.id = quant.location_id
         WHERE (quant.owner_id IS NULL OR quant.owner_id = place.owner_id)
           AND %(of_quant)s
         UNION ALL
        SELECT product_id, source_id, NULL, product_qty,
               NULL, NULL, NULL, NULL, NULL, NULL, due
          FROM stock_move_open WHERE source_id IS NOT NULL
         UNION ALL
        SELECT product_id, target_id, NULL, NULL, product_qty,
               NULL, NULL, NULL, NULL, NULL, NULL
          FROM stock_move_open WHERE target_id IS NOT NULL AND NOT is_transfer
         UNION ALL
        SELECT line.product_id, line.to_warehouse_id, NULL, NULL, NULL,
               line.quantity_expected,
               CASE WHEN transfer.state = 'draft' THEN line.product_qty END,
               NULL, NULL, NULL, NULL
          FROM stock_region_transfer_line line
          JOIN stock_region_transfer transfer ON transfer.id = line.transfer_id
         WHERE transfer.state IN ('draft', 'approved')
           AND transfer.company_id = %(company)s AND %(of_line)s
         UNION ALL
        SELECT line.product_id, line.from_warehouse_id, NULL, NULL, NULL, NULL, NULL,
               line.product_qty, NULL, NULL, NULL
          FROM stock_region_transfer_line line
          JOIN stock_region_transfer transfer ON transfer.id = line.transfer_id
         WHERE transfer.state = 'draft'
           AND transfer.company_id = %(company)s AND %(of_line)s
         UNION ALL
        SELECT move.product_id, COALESCE(source.warehouse_id, target.warehouse_id),
               NULL, NULL, NULL, NULL, NULL, NULL,
               part.quantity_product_uom
               * CASE WHEN source.id IS NULL THEN -1 ELSE 1 END,
               NULL, NULL
          FROM stock_move move
          JOIN stock_move_line part ON part.move_id = move.id
          LEFT JOIN place source ON source.id = move.location_id
          LEFT JOIN place target ON target.id = move.location_dest_id
          JOIN stock_location origin ON origin.id = move.location_id
          JOIN stock_location final ON final.id
             = COALESCE(move.location_final_id, move.location_dest_id)
          LEFT JOIN stock_move shipment ON shipment.id = move.origin_returned_move_id
          LEFT JOIN stock_location meant ON meant.id
             = COALESCE(shipment.location_final_id, shipment.location_dest_id)
         WHERE move.state = 'done' AND move.company_id = %(company)s
           AND move.date >= %(since)s AND (source.id IS NULL) <> (target.id IS NULL)
           AND CASE WHEN source.id IS NOT NULL THEN final.usage
                    WHEN meant.usage = 'customer' THEN 'customer'
                    ELSE origin.usage END = 'customer'
           AND (part.owner_id IS NULL
                OR part.owner_id = COALESCE(source.owner_id, target.owner_id))
           AND %(of_move)s
         UNION ALL
        SELECT point.product_id, point.warehouse_id,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, point.product_min_qty, NULL
          FROM stock_warehouse_orderpoint point
         WHERE point.active AND point.company_id = %(company)s AND %(of_point)s
    )
    SELECT product_id, warehouse_id, %(sums)s,
           COALESCE(MAX(safety), 0)::float8, MIN(due)
      FROM fact
     WHERE %(of_warehouse)s
     GROUP BY product_id, warehouse_id
"""
#: FILTER keeps sums small that nothing is said of
SUMS = SQL(", ").join(
    SQL(
        "COALESCE(SUM(%(name)s) FILTER (WHERE %(name)s IS NOT NULL), 0)::float8",
        name=SQL.identifier(name),
    )
    for name in (
        "on_hand",
        "demand",
        "coming",
        "arriving",
        "proposed_in",
        "proposed_out",
        "sold",
    )
)
DEMAND = """
    WITH %(places)s
    SELECT product_id, source_id, sale_line_id, SUM(product_qty)::float8
      FROM stock_move_open
     WHERE source_id IS NOT NULL
     GROUP BY product_id, source_id, sale_line_id
     ORDER BY product_id, source_id, MIN(due), MIN(id)
"""


class StockRegionFacts(models.AbstractModel):
    """What every warehouse of a company has, owes and sells, in one statement.

    Sell-through is what went to customers less what came back; transfers between
    warehouses are no sales (Odoo's monthly demand counts them).
    """

    _name = "stock.region.facts"
    _description = "Stock and Sell-Through of Regions"

    @api.model
    def _get(self, company, products=None, warehouses=None):
        """Return ``{(product id, warehouse id): Facts}``.

        :param products: these only; None for all that there is something about
        :param warehouses: these only
        """
        self.env.flush_all()
        window = max(1, company.region_transfer_window_days)
        query = SQL(
            FACTS,
            **self._get_parameters(company, products),
            sums=SUMS,
            since=fields.Datetime.now() - timedelta(days=window),
            of_warehouse=SQL("warehouse_id = ANY(%s)", warehouses.ids)
            if warehouses is not None
            else SQL("warehouse_id IS NOT NULL"),
        )
        return {
            (row[0], row[1]): Facts(*row[2:]) for row in self.env.execute_query(query)
        }

    @api.model
    def _get_demand(self, company, products):
        """Return what is owed, the most urgent first.

        :return: ``{(product id, warehouse id): [(sale line id or None, quantity),
            ...]}``
        """
        result = {}
        query = SQL(DEMAND, **self._get_parameters(company, products))
        for product, warehouse, *demand in self.env.execute_query(query):
            result.setdefault((product, warehouse), []).append(demand)
        return result

    @api.model
    def _get_parameters(self, company, products):
        def only(table):
            if products is None:
                return SQL("TRUE")
            return SQL(
                "%s = ANY(%s)", SQL.identifier(table, "product_id"), products.ids
            )

        of_move = only("move")
        places = SQL(
            PLACES, company=company.id, inside=INSIDE, open=OPEN, of_move=of_move
        )
        return {
            "places": places,
            "company": company.id,
            "of_move": of_move,
            "of_quant": only("quant"),
            "of_line": only("line"),
            "of_point": only("point"),
        }
