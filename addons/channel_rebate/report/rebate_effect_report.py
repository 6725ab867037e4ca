from odoo import fields, models
from odoo.tools import SQL

_RATIOS = {
    "cost_share:avg": (
        "earned_amount",
        "invoiced_amount",
        "100 * SUM(%(value)s) / NULLIF(SUM(%(base)s), 0)",
    ),
    "growth:avg": (
        "turnover",
        "turnover_before",
        "100 * (SUM(%(value)s) / NULLIF(SUM(%(base)s), 0) - 1)",
    ),
}
#: a row per balance; turnover of the period and of the year before beside it
_QUERY = """
    WITH scope AS (
        SELECT b.id, b.partner_id, b.company_id, b.version_id, b.date_from,
               b.date_to, (b.date_from - interval '1 year')::date AS ref_from,
               (b.date_to + 1 - interval '1 year')::date - 1 AS ref_to,
               EXISTS (SELECT FROM rebate_version_product_rel r
                        WHERE r.version_id = b.version_id)
               OR EXISTS (SELECT FROM rebate_version_category_rel r
                           WHERE r.version_id = b.version_id) AS has_filter
          FROM rebate_balance b
    ), counting AS (
        SELECT r.version_id, r.product_id
          FROM rebate_version_product_rel r
         UNION
        SELECT r.version_id, pp.id
          FROM rebate_version_category_rel r
          JOIN product_category top ON top.id = r.category_id
          JOIN product_category c ON c.parent_path LIKE top.parent_path || '%%'
          JOIN product_template pt ON pt.categ_id = c.id
          JOIN product_product pp ON pp.product_tmpl_id = pt.id
    ), sold AS (
        SELECT s.id,
               - SUM(aml.balance) FILTER (
                 WHERE am.invoice_date BETWEEN s.date_from AND s.date_to)
               AS turnover,
               - SUM(aml.balance) FILTER (
                 WHERE am.invoice_date BETWEEN s.ref_from AND s.ref_to)
               AS turnover_before
          FROM scope s
          JOIN account_move am ON am.commercial_partner_id = s.partner_id
               AND am.state = 'posted'
               AND am.move_type IN ('out_invoice', 'out_refund')
               AND am.rebate_settlement_id IS NULL
               AND (am.invoice_date BETWEEN s.date_from AND s.date_to
                    OR am.invoice_date BETWEEN s.ref_from AND s.ref_to)
          JOIN res_company co ON co.id = am.company_id
               AND split_part(co.parent_path, '/', 1)::int = s.company_id
          JOIN account_move_line aml ON aml.move_id = am.id
               AND aml.display_type = 'product'
               AND aml.is_downpayment IS NOT TRUE
         WHERE NOT s.has_filter
            OR EXISTS (SELECT FROM counting c
                        WHERE c.version_id = s.version_id
                          AND c.product_id = aml.product_id)
         GROUP BY s.id
    )
    SELECT b.id, b.programme_id, b.period_id, b.company_id, b.currency_id,
           co.currency_id AS company_currency_id, b.partner_id,
           b.sale_region_id, b.user_id, b.date_from, b.ordered_amount,
           b.invoiced_amount, b.earned_amount, b.released_amount,
           100 * b.earned_amount / NULLIF(b.invoiced_amount, 0) AS cost_share,
           COALESCE(s.turnover, 0) AS turnover,
           COALESCE(s.turnover_before, 0) AS turnover_before,
           100 * (s.turnover / NULLIF(s.turnover_before, 0) - 1) AS growth
      FROM rebate_balance b
      JOIN res_company co ON co.id = b.company_id
 LEFT JOIN sold s ON s.id = b.id
"""


class RebateEffectReport(models.Model):
    """What a programme costs, and what it brought (SPEC M3, N1).

    Cost is what was earned, in percent of what was invoiced. Effect is how much more
    the participants bought than in the same period a year before: invoices net of
    credit notes, untaxed, in the company's currency, of the products that count; so
    both sides are counted alike whatever the programme counts.
    """

    _name = "rebate.effect.report"
    _description = "Rebate Cost and Effect"
    _auto = False
    _order = "date_from desc, programme_id, partner_id"
    _depends = {
        "rebate.balance": ["ordered_amount", "invoiced_amount", "earned_amount"],
        "account.move": ["state", "move_type", "invoice_date", "commercial_partner_id"],
        "account.move.line": ["balance", "display_type", "product_id"],
    }

    programme_id = fields.Many2one(comodel_name="rebate.programme", readonly=True)
    period_id = fields.Many2one(comodel_name="rebate.period", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    company_currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
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
    ordered_amount = fields.Monetary(string="Ordered", readonly=True)
    invoiced_amount = fields.Monetary(string="Invoiced", readonly=True)
    earned_amount = fields.Monetary(string="Earned", readonly=True)
    released_amount = fields.Monetary(string="Released", readonly=True)
    cost_share = fields.Float(
        string="Cost (%)",
        readonly=True,
        aggregator="avg",
        help="Earned, of what was invoiced.",
    )
    turnover = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Invoices of the period, untaxed, net of credit notes.",
    )
    turnover_before = fields.Monetary(
        string="Turnover a Year Before",
        currency_field="company_currency_id",
        readonly=True,
    )
    growth = fields.Float(
        string="Growth (%)",
        readonly=True,
        aggregator="avg",
        help="Turnover against the same period a year before.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """EXTENDS 'base': shares of groups are those of their sums."""
        if aggregate_spec not in _RATIOS:
            return super()._read_group_select(aggregate_spec, query)
        value, base, text = _RATIOS[aggregate_spec]
        return SQL(
            text,
            value=self._field_to_sql(self._table, value, query),
            base=self._field_to_sql(self._table, base, query),
        )

    @property
    def _table_query(self):
        return SQL(_QUERY)
