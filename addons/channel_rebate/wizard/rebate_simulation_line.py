from odoo import fields, models
from odoo.tools import SQL


class RebateSimulationLine(models.TransientModel):
    """What a participant would have earned in a period of last year."""

    _name = "rebate.simulation.line"
    _description = "Rebate Simulation Line"
    _order = "rebate_amount desc, id"
    _rec_name = "partner_id"

    simulation_id = fields.Many2one(
        comodel_name="rebate.simulation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    sale_region_id = fields.Many2one(
        comodel_name="sales.region", string="Region", readonly=True
    )
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    target = fields.Float(digits=(16, 2), readonly=True)
    ordered_amount = fields.Monetary(string="Ordered", readonly=True)
    base_amount = fields.Monetary(string="Invoiced", readonly=True)
    reached_share = fields.Float(
        string="Target Reached (%)", readonly=True, aggregator="avg"
    )
    rate = fields.Float(digits=(16, 6), readonly=True, aggregator=None)
    rebate_amount = fields.Monetary(string="Rebate", readonly=True)
    cost_share = fields.Float(
        string="Cost (%)",
        readonly=True,
        aggregator="avg",
        help="Rebate, of what was invoiced.",
    )
    next_tier_distance = fields.Float(
        string="To the Next Tier", digits=(16, 2), readonly=True, aggregator=None
    )

    def _read_group_select(self, aggregate_spec, query):
        """EXTENDS 'base': the cost of groups is that of their sums."""
        if aggregate_spec != "cost_share:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "rebate_amount", query),
            self._field_to_sql(self._table, "base_amount", query),
        )
