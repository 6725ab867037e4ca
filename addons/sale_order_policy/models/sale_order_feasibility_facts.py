from odoo import api, models
from odoo.tools import SQL

from .sale_order_line import LONGEST_LEAD_DAYS

#: what locations of a warehouse hold its stock; not its losses or what it makes
INSIDE = ("view", "internal", "transit")

#: on hand, and what comes and goes by day, of pairs of products and warehouses
STOCK = """
    WITH wanted AS (
        SELECT wanted.product_id, wanted.warehouse_id, zone.tz,
               company.partner_id AS owner_id, root.parent_path || '%%' AS path
          FROM unnest(%(products)s::int[], %(product_warehouses)s::int[])
            AS wanted(product_id, warehouse_id)
          JOIN unnest(%(warehouses)s::int[], %(zones)s::varchar[])
            AS zone(warehouse_id, tz) USING (warehouse_id)
          JOIN stock_warehouse warehouse ON warehouse.id = wanted.warehouse_id
          JOIN stock_location root ON root.id = warehouse.view_location_id
          JOIN res_company company ON company.id = warehouse.company_id
    ), planned AS (
        SELECT wanted.product_id, wanted.warehouse_id, move.product_qty,
               (move.date AT TIME ZONE 'UTC'
                 AT TIME ZONE wanted.tz)::date AS day,
               source.parent_path LIKE wanted.path
               AND source.usage IN %(inside)s AS leaves,
               target.parent_path LIKE wanted.path
               AND target.usage IN %(inside)s AS comes
          FROM wanted
          JOIN stock_move move ON move.product_id = wanted.product_id
          JOIN stock_location source ON source.id = move.location_id
          JOIN stock_location target ON target.id
             = COALESCE(move.location_final_id, move.location_dest_id)
          LEFT JOIN stock_picking picking ON picking.id = move.picking_id
          LEFT JOIN sale_order_line line ON line.id = move.sale_line_id
         WHERE move.state IN
               ('waiting', 'confirmed', 'partially_available', 'assigned')
           AND COALESCE(move.restrict_partner_id, picking.owner_id,
                        wanted.owner_id) = wanted.owner_id
           AND (line.id IS NULL OR line.order_id <> ALL(%(orders)s::int[]))
    )
    SELECT wanted.product_id, wanted.warehouse_id, NULL::date,
           SUM(quant.quantity)
      FROM wanted
      JOIN stock_quant quant ON quant.product_id = wanted.product_id
      JOIN stock_location location ON location.id = quant.location_id
     WHERE location.parent_path LIKE wanted.path
       AND location.usage IN %(inside)s
       AND (quant.owner_id IS NULL OR quant.owner_id = wanted.owner_id)
     GROUP BY wanted.product_id, wanted.warehouse_id
     UNION ALL
    SELECT product_id, warehouse_id, day,
           SUM(CASE WHEN comes THEN product_qty ELSE -product_qty END)
      FROM planned
     WHERE comes <> leaves
     GROUP BY product_id, warehouse_id, day, comes
"""


class SaleOrderFeasibility(models.AbstractModel):
    _inherit = "sale.order.feasibility"

    @api.model
    def _fetch_stock(self, keys, warehouses, orders):
        """Return what is in stock, comes and goes, in one statement.

        Inside a warehouse is what lies under its view location and can hold stock.
        As in Odoo's forecast, an open move goes to its final location, so that
        receipts and deliveries in several steps count once, and moves inside the
        warehouse do not count. Goods of other owners are left out.

        :param keys: [(product id, warehouse id)]
        :param orders: whose moves are left out
        :return: [(product id, warehouse id, day or None for stock, quantity)];
            receipts and deliveries of a day are separate rows
        """
        self._flush_stock()
        return self.env.execute_query(
            SQL(
                STOCK,
                products=[product_id for product_id, _warehouse_id in keys],
                product_warehouses=[warehouse_id for _product_id, warehouse_id in keys],
                warehouses=warehouses.ids,
                zones=[self._get_timezone(wh.company_id) for wh in warehouses],
                orders=orders.ids,
                inside=INSIDE,
            )
        )

    @api.model
    def _flush_stock(self):
        """Write what the statement reads and the ORM may still hold back."""
        for model, names in (
            ("stock.quant", ["product_id", "location_id", "quantity", "owner_id"]),
            (
                "stock.move",
                [
                    "product_id",
                    "product_qty",
                    "date",
                    "state",
                    "location_id",
                    "location_dest_id",
                    "location_final_id",
                    "restrict_partner_id",
                    "picking_id",
                    "sale_line_id",
                ],
            ),
            ("stock.picking", ["owner_id"]),
            ("stock.location", ["parent_path", "usage"]),
            ("stock.warehouse", ["view_location_id", "company_id"]),
            ("res.company", ["partner_id"]),
            ("sale.order.line", ["order_id"]),
        ):
            self.env[model].flush_model(names)

    @api.model
    def _get_claiming_lines(self, needs, orders):
        """Return the lines of other orders, submitted or approved and not confirmed,
        that may take what ``needs`` take. Approvals that lapsed claim nothing.
        """
        products = self.env["product.product"].union(*(need.product for need in needs))
        warehouses = self.env["stock.warehouse"].union(
            *(need.line.warehouse_id for need in needs)
        )
        lines = self.env["sale.order.line"].search(
            [
                ("order_id.state", "in", ("draft", "sent")),
                ("order_id.approval_state", "in", ("pending", "approved")),
                ("order_id", "not in", orders.ids),
                ("product_id", "in", self._get_containing(products).ids),
                ("warehouse_id", "in", warehouses.ids),
            ]
        )
        claiming = lines.order_id.filtered(
            lambda order: (
                not order.approval_round_id.is_applied
                and not order._approval_is_lapsed(order.approval_round_id)
            )
        )
        return self._get_lines(lines.filtered(lambda line: line.order_id in claiming))

    @api.model
    def _get_delays(self, needs):
        """Return {(product, company): days to get it} of the products of ``needs``.

        What nobody is known to supply is left out.
        """
        products_of = {}
        for need in needs:
            company = need.line.company_id
            products_of[company] = products_of.get(company, need.product) | need.product
        return {
            (product, company): min(max(days, 0), LONGEST_LEAD_DAYS)
            for company, products in products_of.items()
            for product, days in self._get_lead_days(products, company).items()
        }

    @api.model
    def _get_lead_days(self, products, company):
        """Return {product: days} it takes to buy each product, by its first vendor.

        Made to be extended by what makes products, and by what adds to the time.
        """
        today = self._get_today(company)
        days = {}
        for product in products:
            sellers = product.with_company(company)._prepare_sellers()
            seller = sellers.filtered(
                lambda seller: (
                    (seller.date_start or today) <= today <= (seller.date_end or today)
                )
            )[:1]
            if seller:
                days[product] = seller.delay
        return days
