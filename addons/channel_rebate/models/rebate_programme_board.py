from odoo import api, fields, models


class RebateProgramme(models.Model):
    """Sums of a programme, and the ways to its screens (SPEC M1, M3).

    Sums are of what the user may see: salespeople have those of their customers.
    """

    _inherit = "rebate.programme"

    summary = fields.Text(string="In Words", compute="_compute_summary")
    target_amount = fields.Float(
        string="Target", digits=(16, 2), compute="_compute_board_amounts"
    )
    target_share = fields.Float(
        string="Target Reached (%)", compute="_compute_board_amounts"
    )
    ordered_amount = fields.Monetary(string="Ordered", compute="_compute_board_amounts")
    earned_amount = fields.Monetary(string="Earned", compute="_compute_board_amounts")

    @api.depends_context("lang")
    @api.depends("version_ids.state")
    def _compute_summary(self):
        for programme in self:
            programme.summary = programme.version_id.summary

    @api.depends_context("uid")
    @api.depends("period_ids")
    def _compute_board_amounts(self):
        sums = {
            programme.id: values
            for programme, *values in self.env["rebate.balance"]._read_group(
                [("programme_id", "in", self.ids)],
                ["programme_id"],
                [
                    "target:sum",
                    "target_share:avg",
                    "ordered_amount:sum",
                    "earned_amount:sum",
                ],
            )
        }
        for programme in self:
            (
                programme.target_amount,
                programme.target_share,
                programme.ordered_amount,
                programme.earned_amount,
            ) = sums.get(programme._origin.id) or (0.0, 0.0, 0.0, 0.0)

    def _get_action_of(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("programme_id", "=", self.id)]
        action["display_name"] = self.name
        action["context"] = {}
        return action

    def action_open_board(self):
        """Open the board of this programme (SPEC M3), by region and, if many, period"""
        action = super().action_open_board()
        context = {"search_default_group_region": 1}
        if len(self.period_ids) > 1:
            context["search_default_running"] = 1
        action["context"] = context
        return action

    def action_open_participants(self):
        """Show who takes part."""
        action = self._get_action_of("channel_rebate.rebate_participant_action")
        action["context"] = {"search_default_group_region": 1}
        return action

    def action_open_coverage(self):
        """Show who ordered which series (SPEC M1)."""
        return self._get_action_of("channel_rebate.rebate_coverage_report_action")

    def action_open_settlements(self):
        """Show the settlements of this programme's periods."""
        action = self._get_action_of("channel_rebate.rebate_settlement_action")
        action["domain"] = [("period_ids.programme_id", "=", self.id)]
        action["context"] = {"default_period_ids": self._get_settled_periods().ids}
        return action

    def _get_settled_periods(self):
        """Return the periods a settlement is usually about: those that are over."""
        today = fields.Date.context_today(self)
        over = self.period_ids.filtered(lambda period: period.date_to < today)
        return over or self.period_ids
