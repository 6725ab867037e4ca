from odoo import api, fields, models
from odoo.tools import SQL


class RebateSimulation(models.TransientModel):
    """What a version would have cost on last year's documents (SPEC M2)."""

    _name = "rebate.simulation"
    _description = "Rebate Simulation"
    _rec_name = "version_id"

    version_id = fields.Many2one(
        comodel_name="rebate.version", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="version_id.currency_id")
    summary = fields.Text(related="version_id.summary")
    line_ids = fields.One2many(
        comodel_name="rebate.simulation.line",
        inverse_name="simulation_id",
        readonly=True,
    )
    line_count = fields.Integer(string="Participants", compute="_compute_totals")
    winner_count = fields.Integer(string="With a Rebate", compute="_compute_totals")
    ordered_amount = fields.Monetary(string="Ordered", compute="_compute_totals")
    base_amount = fields.Monetary(string="Invoiced", compute="_compute_totals")
    rebate_amount = fields.Monetary(string="Cost", compute="_compute_totals")
    cost_share = fields.Float(
        string="Cost (%)", compute="_compute_totals", help="Of what was invoiced."
    )

    @api.depends("line_ids")
    def _compute_totals(self):
        for simulation in self:
            lines = simulation.line_ids
            simulation.line_count = len(lines.partner_id)
            simulation.winner_count = len(
                lines.filtered(lambda line: line.rebate_amount > 0).partner_id
            )
            simulation.ordered_amount = sum(lines.mapped("ordered_amount"))
            base = simulation.base_amount = sum(lines.mapped("base_amount"))
            cost = simulation.rebate_amount = sum(lines.mapped("rebate_amount"))
            simulation.cost_share = 100 * cost / base if base > 0 else 0.0

    def _fill(self):
        """Count anew; the lines of before are dropped."""
        self.ensure_one()
        self.line_ids.unlink()
        figures = self.version_id._get_simulation()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO rebate_simulation_line (simulation_id, currency_id,
                       partner_id, sale_region_id, date_from, date_to, target,
                       ordered_amount, base_amount, reached_share, rate,
                       rebate_amount, cost_share, next_tier_distance, create_uid,
                       create_date, write_uid, write_date)
                SELECT %(simulation)s, %(currency)s, q.partner_id, p.sale_region_id,
                       q.date_from, q.date_to, q.target, ROUND(q.ordered, 10),
                       ROUND(q.invoiced, 10), ROUND(q.target_share, 4), q.rate,
                       q.earned_amount,
                       CASE WHEN q.invoiced > 0
                            THEN 100 * q.earned_amount / q.invoiced ELSE 0 END,
                       COALESCE(q.distance, 0), %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(figures)s) q
                  JOIN res_partner p ON p.id = q.partner_id
                 ORDER BY q.earned_amount DESC, q.partner_id, q.date_from
             RETURNING id
                """,
                simulation=self.id,
                currency=self.currency_id.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                figures=figures,
            )
        )
        self.env["rebate.engine"]._drop_tables()
        self.invalidate_recordset()

    def action_analyse(self):
        """Show the lines as a graph, pivot and list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulation: %(name)s", name=self.display_name),
            "res_model": "rebate.simulation.line",
            "view_mode": "graph,pivot,list",
            "domain": [("simulation_id", "=", self.id)],
        }

    def action_open_version(self):
        """Return to the version."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "rebate.version",
            "view_mode": "form",
            "res_id": self.version_id.id,
        }
