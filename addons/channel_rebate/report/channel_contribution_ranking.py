from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .. import assessment_figures as figures
from .channel_contribution_report import ROWS


class ChannelContributionRanking(models.Model):
    """Channel partners ranked by sales, with their share of the total (SPEC L5).

    One row per partner for the period in the context key ``contribution_period``:
    this_year (default), last_year, this_quarter, last_quarter, this_month, last_month.
    Ranks and shares are among all partners of the company, also for who sees only
    some of them.
    """

    _name = "channel.contribution.ranking"
    _description = "Ranking of Channel Partners"
    _auto = False
    _order = "rank, id"
    _rec_name = "partner_id"
    _depends = {
        "channel.contribution.report": [
            "channel_partner_id",
            "date",
            "invoiced_amount",
            "margin_amount",
            "ordered_amount",
        ]
    }

    rank = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    channel_partner_id = fields.Many2one(comodel_name="channel.partner", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Partner", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    sale_region_id = fields.Many2one(
        comodel_name="sales.region", string="Region", readonly=True
    )
    order_count = fields.Integer(string="Orders", readonly=True)
    ordered_amount = fields.Monetary(string="Ordered", readonly=True)
    invoiced_amount = fields.Monetary(
        string="Sales",
        readonly=True,
        help="Posted invoices less credit notes, untaxed.",
    )
    share = fields.Float(
        string="Share of Sales (%)",
        readonly=True,
        digits=(16, 2),
        aggregator="sum",
        help="Of the sales of all channel partners of the company in the period.",
    )
    before_amount = fields.Monetary(
        string="Sales the Year Before",
        readonly=True,
        help="The same days a year before.",
    )
    margin_amount = fields.Monetary(
        string="Margin",
        readonly=True,
        help="Sales less the invoiced quantity at the present cost of the product; no "
        "freight, rebates or overheads.",
    )
    margin_percent = fields.Float(
        string="Margin (%)", readonly=True, digits=(16, 2), aggregator=None
    )

    @property
    def _table_query(self):
        """Return one row per partner for the period of the context."""
        start, end = self._get_period()
        year = relativedelta(years=1)
        return SQL(
            f"""
            SELECT sums.*,
                   RANK() OVER (PARTITION BY company_id
                                ORDER BY invoiced_amount DESC) AS rank,
                   ROUND(100 * invoiced_amount / NULLIF(
                       SUM(invoiced_amount) OVER (PARTITION BY company_id), 0), 2)
                       AS share,
                   ROUND(100 * margin_amount / NULLIF(invoiced_amount, 0), 2)
                       AS margin_percent
              FROM (
                SELECT channel_partner_id AS id, channel_partner_id, company_id,
                       user_id, partner_id, sale_region_id,
                       COUNT(DISTINCT order_id) FILTER (WHERE now) AS order_count,
                       COALESCE(SUM(ordered_amount) FILTER (WHERE now), 0)
                           AS ordered_amount,
                       COALESCE(SUM(invoiced_amount) FILTER (WHERE now), 0)
                           AS invoiced_amount,
                       COALESCE(SUM(invoiced_amount) FILTER (WHERE NOT now), 0)
                           AS before_amount,
                       COALESCE(SUM(invoiced_amount - cost_amount)
                           FILTER (WHERE now), 0) AS margin_amount
                  FROM (
                    SELECT *, date BETWEEN %(start)s AND %(end)s AS now
                      FROM ({ROWS}) documents
                     WHERE date BETWEEN %(start)s AND %(end)s
                        OR date BETWEEN %(start_before)s AND %(end_before)s
                  ) dated
              GROUP BY channel_partner_id, company_id, user_id, partner_id,
                       sale_region_id
              ) sums
            """,
            start=start,
            end=end,
            start_before=start - year,
            end_before=end - year,
        )

    @api.model
    def _get_period(self):
        """Return first and last day of the period asked for; no later than today.

        Up to today, so that a running year is compared with the same part of the
        year before. What cannot be read means this year.
        """
        today = self.env["customer.credit.account"]._get_today(self.env.company)
        asked = str(self.env.context.get("contribution_period") or "this_year")
        which, _sep, kind = asked.partition("_")
        if kind == "month":
            start = today.replace(day=1)
            if which == "last":
                return start - relativedelta(months=1), start - relativedelta(days=1)
            return start, today
        kind = kind if kind in ("quarter", "year") else "year"
        if which == "last":
            return figures.period_before(today, kind)
        return figures.period_of(today, kind)[0], today

    def action_open_rows(self):
        """Show the documents of the partner in the period."""
        self.ensure_one()
        start, end = self._get_period()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Contribution of %(partner)s", partner=self.partner_id.display_name
            ),
            "res_model": "channel.contribution.report",
            "view_mode": "list,pivot,graph",
            "domain": [
                ("channel_partner_id", "=", self.channel_partner_id.id),
                ("date", ">=", start),
                ("date", "<=", end),
            ],
            "context": {"search_default_group_month": 1},
        }
