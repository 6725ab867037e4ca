from odoo import fields, models
from odoo.tools import SQL

#: a row per balance and series
_QUERY = """
    WITH bought AS (
        SELECT l.balance_id, b.period_id, pt.categ_id,
               SUM(l.ordered) AS amount, SUM(l.ordered_qty) AS quantity
          FROM rebate_ledger l
          JOIN rebate_balance b ON b.id = l.balance_id
          JOIN sale_order_line sol ON sol.id = l.source_id
          JOIN product_product pp ON pp.id = sol.product_id
          JOIN product_template pt ON pt.id = pp.product_tmpl_id
         WHERE l.source_kind = 'o'
         GROUP BY l.balance_id, b.period_id, pt.categ_id
    ), series AS (
        SELECT period_id, categ_id FROM bought WHERE quantity > 0
         UNION
        SELECT pe.id, c.id
          FROM rebate_period pe
          JOIN rebate_version_category_rel r ON r.version_id = pe.version_id
          JOIN product_category top ON top.id = r.category_id
          JOIN product_category c ON c.parent_path LIKE top.parent_path || '%%'
         WHERE EXISTS (SELECT FROM product_template pt
                        WHERE pt.categ_id = c.id AND pt.active AND pt.sale_ok)
         UNION
        SELECT pe.id, pt.categ_id
          FROM rebate_period pe
          JOIN rebate_version_product_rel r ON r.version_id = pe.version_id
          JOIN product_product pp ON pp.id = r.product_id
          JOIN product_template pt ON pt.id = pp.product_tmpl_id
         WHERE pt.categ_id IS NOT NULL
    )
    SELECT b.id::bigint * 1000000 + COALESCE(s.categ_id, 0) AS id, b.id AS balance_id,
           b.programme_id, b.period_id, b.company_id, b.currency_id,
           b.partner_id, b.sale_region_id, b.user_id, b.date_from, s.categ_id,
           COALESCE(o.amount, 0) AS ordered_amount,
           COALESCE(o.quantity, 0) AS ordered_qty,
           COALESCE(o.quantity, 0) > 0 AS is_covered,
           CASE WHEN o.quantity > 0 THEN 100.0 ELSE 0.0 END AS coverage
      FROM rebate_balance b
      JOIN series s ON s.period_id = b.period_id
 LEFT JOIN bought o ON o.balance_id = b.id
       AND o.categ_id IS NOT DISTINCT FROM s.categ_id
"""


class RebateCoverageReport(models.Model):
    """Which series each participant ordered in a programme, and which not (SPEC M1).

    A series is a product category. There is a row for every participant and series:
    series that somebody ordered, and those the rules name. Figures are those of the
    ledger: they add up to what the board calls ordered.
    """

    _name = "rebate.coverage.report"
    _description = "Series Coverage"
    _auto = False
    _order = "programme_id, partner_id, is_covered, ordered_amount desc"
    _depends = {
        "rebate.balance": ["programme_id", "partner_id", "sale_region_id", "user_id"],
        "rebate.ledger": ["balance_id", "source_kind", "source_id", "ordered"],
        "sale.order.line": ["product_id"],
        "product.template": ["categ_id"],
    }

    balance_id = fields.Many2one(
        comodel_name="rebate.balance", string="Rebate", readonly=True
    )
    programme_id = fields.Many2one(comodel_name="rebate.programme", readonly=True)
    period_id = fields.Many2one(comodel_name="rebate.period", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    sale_region_id = fields.Many2one(
        comodel_name="sales.region", string="Region", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    date_from = fields.Date(string="From", readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Series", readonly=True
    )
    ordered_amount = fields.Monetary(string="Ordered", readonly=True)
    ordered_qty = fields.Float(
        string="Ordered Quantity", digits="Product Unit", readonly=True
    )
    is_covered = fields.Boolean(string="Covered", readonly=True)
    coverage = fields.Float(
        string="Coverage (%)",
        readonly=True,
        aggregator="avg",
        help="Of the series of the programme, how many were ordered.",
    )

    @property
    def _table_query(self):
        return SQL(_QUERY)
