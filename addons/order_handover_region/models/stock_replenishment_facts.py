from odoo import api, models
from odoo.tools import SQL

from .stock_region_facts import INSIDE, OPEN

FIGURES = (
    "on_hand",
    "in_transit",
    "in_production",
    "on_order",
    "demand",
    "other_demand",
    "stock_up",
)

SUPPLY = """
    WITH place AS (
        SELECT location.id, company.partner_id AS owner_id
          FROM stock_warehouse warehouse
          JOIN res_company company ON company.id = warehouse.company_id
          JOIN stock_location root ON root.id = warehouse.view_location_id
          JOIN stock_location location
            ON location.parent_path LIKE root.parent_path || '%%'
         WHERE warehouse.id = ANY(%(warehouses)s) AND location.usage IN %(inside)s
    ), open_move AS (
        SELECT move.product_id, move.product_qty, origin.usage AS origin,
               final.usage AS final, source.id IS NOT NULL AS leaves
          FROM stock_move move
          JOIN stock_location origin ON origin.id = move.location_id
          JOIN stock_location final ON final.id
             = COALESCE(move.location_final_id, move.location_dest_id)
          LEFT JOIN place source ON source.id = origin.id
          LEFT JOIN place target ON target.id = final.id
         WHERE move.state IN %(open)s AND move.company_id = %(company)s
           AND move.region_transfer_line_id IS NULL
           AND (source.id IS NULL) <> (target.id IS NULL)
           AND %(of_move)s
    ), fact AS (
        SELECT quant.product_id, 'on_hand' AS figure, quant.quantity
          FROM stock_quant quant
          JOIN place ON place.id = quant.location_id
         WHERE (quant.owner_id IS NULL OR quant.owner_id = place.owner_id)
           AND %(of_quant)s
         UNION ALL
        SELECT product_id,
               CASE WHEN leaves AND final = 'customer' THEN 'demand'
                    WHEN leaves THEN 'other_demand'
                    WHEN origin = 'production' THEN 'in_production'
                    WHEN origin = 'supplier' THEN 'on_order'
                    WHEN origin IN %(inside)s THEN 'in_transit'
               END,
               product_qty
          FROM open_move
         UNION ALL
        SELECT line.product_id,
               CASE WHEN line.to_warehouse_id = ANY(%(warehouses)s) THEN 'in_transit'
                    ELSE 'other_demand' END,
               CASE WHEN line.to_warehouse_id <> ALL(%(warehouses)s)
                    THEN line.quantity_to_ship
                    WHEN line.from_warehouse_id = ANY(%(warehouses)s)
                    THEN line.quantity_in_transit
                    ELSE line.quantity_expected END
          FROM stock_region_transfer_line line
          JOIN stock_region_transfer transfer ON transfer.id = line.transfer_id
         WHERE transfer.state = 'approved'
           AND (line.to_warehouse_id = ANY(%(warehouses)s)
                OR line.from_warehouse_id = ANY(%(warehouses)s))
           AND %(of_line)s
         UNION ALL
        SELECT point.product_id, 'stock_up', point.product_min_qty
          FROM stock_warehouse_orderpoint point
         WHERE point.active AND point.warehouse_id = ANY(%(warehouses)s)
           AND %(of_point)s
    )
    SELECT product_id, figure, SUM(quantity)
      FROM fact
     WHERE figure IS NOT NULL
     GROUP BY product_id, figure
"""
REORDERS = """
    WITH taken AS (
        SELECT line.id, line.product_id, line.policy_reorder_kind AS kind,
               partner.commercial_partner_id AS partner_id, line.create_date,
               sale.state IN ('draft', 'sent') AS is_quotation,
               line.product_uom_qty * unit.factor / own_unit.factor AS quantity
          FROM sale_order_line line
          JOIN sale_order sale ON sale.id = line.order_id
          JOIN res_partner partner ON partner.id = sale.partner_id
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom unit ON unit.id = line.product_uom_id
          JOIN uom_uom own_unit ON own_unit.id = template.uom_id
         WHERE line.policy_reorder_kind IS NOT NULL AND sale.state <> 'cancel'
           AND sale.company_id = %(company)s
           AND sale.warehouse_id = ANY(%(warehouses)s) AND %(of_line)s
    ), announced AS (
        SELECT reorder.product_id, reorder.kind,
               partner.commercial_partner_id AS partner_id,
               SUM(reorder.quantity) AS quantity, MIN(reorder.create_date) AS since
          FROM stock_replenishment_reorder reorder
          JOIN res_partner partner ON partner.id = reorder.partner_id
         WHERE reorder.active AND reorder.sale_line_id IS NULL
           AND reorder.company_id = %(company)s
           AND reorder.warehouse_id = ANY(%(warehouses)s) AND %(of_reorder)s
         GROUP BY 1, 2, 3
    )
    SELECT product_id, kind, SUM(quantity)
      FROM (
        SELECT product_id, kind, quantity FROM taken WHERE is_quotation
         UNION ALL
        SELECT announced.product_id, announced.kind,
               GREATEST(0, announced.quantity - COALESCE((
                   SELECT SUM(taken.quantity)
                     FROM taken
                    WHERE taken.product_id = announced.product_id
                      AND taken.kind = announced.kind
                      AND taken.partner_id = announced.partner_id
                      AND taken.create_date >= announced.since
                      AND NOT EXISTS (
                          SELECT FROM stock_replenishment_reorder named
                           WHERE named.sale_line_id = taken.id)), 0))
          FROM announced
      ) AS reorder
     GROUP BY product_id, kind
"""
NEVER_HAD = """
    SELECT product.product_tmpl_id, COUNT(DISTINCT partner.commercial_partner_id)
      FROM sale_order_line line
      JOIN sale_order sale ON sale.id = line.order_id
      JOIN res_partner partner ON partner.id = sale.partner_id
      JOIN product_product product ON product.id = line.product_id
     WHERE sale.state = 'sale' AND sale.company_id = %s
       AND line.product_uom_qty > 0
       AND partner.commercial_partner_id = ANY(%s)
       AND product.product_tmpl_id = ANY(%s)
     GROUP BY product.product_tmpl_id
"""


class StockReplenishmentFacts(models.AbstractModel):
    """What a replenishment sheet counts, each in one statement (SPEC G5).

    What comes in is told apart by where it comes from: open moves out of production
    are what is left of it, so half-done production counts with its rest only. What
    has no moves yet (drafts of purchases and productions) the bridges add.
    """

    _name = "stock.replenishment.facts"
    _description = "Figures of Replenishment"

    @api.model
    def _get_figures(self, company, warehouses, products=None):
        """Return ``{product id: {figure: quantity}}`` in product unit.

        Made to be extended: add drafts to ``in_production`` and ``on_order``.
        """
        self.env.flush_all()
        result = {}
        rows = self.env.execute_query(
            SQL(
                SUPPLY,
                warehouses=warehouses.ids,
                company=company.id,
                inside=INSIDE,
                open=OPEN,
                of_move=self._only("move", products),
                of_quant=self._only("quant", products),
                of_line=self._only("line", products),
                of_point=self._only("point", products),
            )
        )
        for product_id, figure, quantity in rows:
            self._add(result, product_id, figure, quantity)
        return result

    @api.model
    def _add(self, result, product_id, figure, quantity):
        """Add a quantity to the figures of a product."""
        figures = result.setdefault(product_id, dict.fromkeys(FIGURES, 0.0))
        figures[figure] += float(quantity)

    @api.model
    def _only(self, table, products):
        if products is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", SQL.identifier(table, "product_id"), products.ids)

    @api.model
    def _get_reorders(self, company, warehouses, products=None):
        """Return ``{product id: {kind: quantity}}`` of reorders not confirmed yet.

        Quotations, and announced reorders no order line has taken up. Confirmed
        reorders are demand like any other.
        """
        self.env.flush_all()
        result = {}
        rows = self.env.execute_query(
            SQL(
                REORDERS,
                warehouses=warehouses.ids,
                company=company.id,
                of_line=self._only("line", products),
                of_reorder=self._only("reorder", products),
            )
        )
        for product_id, kind, quantity in rows:
            result.setdefault(product_id, {})[kind] = float(quantity)
        return result

    @api.model
    def _get_never_had(self, company, regions, templates):
        """Return ``{template id: number}`` of the regions' customers without it.

        A customer has had a style when any of its variants was ordered.
        """
        # sudo: customers of colleagues count as well
        customers_sudo = (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("sale_region_id", "in", regions.ids),
                    ("company_id", "in", (company.id, False)),
                ]
            )
            .commercial_partner_id
        )
        if not customers_sudo:
            return {}
        had = dict(
            self.env.execute_query(
                SQL(NEVER_HAD, company.id, customers_sudo.ids, templates.ids)
            )
        )
        return {
            template_id: len(customers_sudo) - had.get(template_id, 0)
            for template_id in templates.ids
        }
