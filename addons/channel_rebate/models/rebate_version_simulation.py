from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .rebate_ledger import MEASURES

#: participants in each period, a year before; see :data:`rebate_engine_scope.SLOTS`
_PICKED = """
    SELECT ROW_NUMBER() OVER (ORDER BY pa.id, p.date_from)::int AS balance_id,
           pa.id AS participant_id, pa.partner_id, pa.programme_id,
           %(version)s AS version_id,
           (p.date_from - interval '1 year')::date AS date_from,
           (p.date_to + 1 - interval '1 year')::date - 1 AS date_to,
           TRUE AS is_target
      FROM rebate_participant pa
CROSS JOIN unnest(%(starts)s::date[], %(ends)s::date[]) AS p(date_from, date_to)
     WHERE pa.programme_id = %(programme)s
"""


class RebateVersion(models.Model):
    """What a version would have cost last year (SPEC M2)."""

    _inherit = "rebate.version"

    def action_simulate(self):
        """Count last year's documents by this version, and show what it would cost.

        Nothing is written to ledger and balances.

        :raise UserError: when nobody takes part, or there are no tiers
        """
        self.ensure_one()
        self.check_access("write")
        if not self.programme_id.participant_ids or not self.tier_ids:
            raise UserError(
                self.env._("Add participants and tiers first, then simulate.")
            )
        simulation = self.env["rebate.simulation"].create({"version_id": self.id})
        simulation._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulation on Last Year"),
            "res_model": "rebate.simulation",
            "view_mode": "form",
            "res_id": simulation.id,
        }

    def _get_simulation(self):
        """Return SQL of the figures this version gives on last year's documents.

        To be used at once: it reads tables that the next derivation replaces. One row
        per participant and period, with the columns of the engine's ``figure``, the
        partner and the dates. Documents that the first of several stacked programmes
        would take are counted here as well.
        """
        self.ensure_one()
        self.env.flush_all()
        dates = self.programme_id._get_period_dates()
        picked = SQL(
            _PICKED,
            version=self.id,
            programme=self.programme_id.id,
            starts=[start for start, _end in dates],
            ends=[end for _start, end in dates],
        )
        engine = self.env["rebate.engine"]
        counted = SQL(
            "WITH %s SELECT balance_id AS id, %s FROM derived GROUP BY balance_id",
            engine._get_derivation(picked),
            SQL(", ".join(f"SUM({name}) AS {name}" for name in MEASURES)),
        )
        engine._make_figures({"counted": counted})
        return SQL(
            "SELECT f.*, x.partner_id, x.date_from, x.date_to"
            " FROM figure f JOIN picked x ON x.balance_id = f.id"
        )
