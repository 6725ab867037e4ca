from odoo import api, models
from odoo.tools import SQL

from .rebate_engine_figures import FIGURE_TABLES
from .rebate_ledger import MEASURES

#: stored column of a balance by the column of the statement that computes it
_COLUMNS = {
    "version_id": "version_id",
    "target": "target",
    "prepayment_rate": "prepayment_rate",
    "ordered_amount": "ROUND(ordered, 10)",
    "ordered_qty": "ROUND(ordered_qty, 10)",
    "delivered_amount": "ROUND(delivered, 10)",
    "invoiced_amount": "ROUND(invoiced, 10)",
    "invoiced_qty": "ROUND(invoiced_qty, 10)",
    "cash_amount": "ROUND(ROUND(cash, 10) / rounding) * rounding",
    "paid_amount": "ROUND(ROUND(paid, 10) / rounding) * rounding",
    "reference_amount": "ROUND(reference, 10)",
    "provisional_amount": "provisional_amount",
    "earned_amount": "earned_amount",
    "releasable_amount": "releasable_amount",
    "released_amount": "COALESCE(released, 0)",
    "accrued_amount": "COALESCE(accrued, 0)",
    "open_amount": "releasable_amount - COALESCE(released, 0)",
    "tier_rate": "rate",
    "next_tier_distance": "COALESCE(distance, 0)",
    "next_tier_gain": "COALESCE(gain, 0)",
    "target_share": "ROUND(target_share, 4)",
    "paid_share": "ROUND(paid_share * 100, 4)",
    "executed_share": "ROUND(executed_share * 100, 4)",
    "prepayment_expected": "ROUND(ordered * prepayment_rate / 100 / rounding)"
    " * rounding",
}

#: figures that differ are written
_UPDATE = """
       WITH computed AS (
           SELECT f.id, %(values)s
             FROM figure f
        LEFT JOIN posted USING (id)
       )
       UPDATE rebate_balance b
          SET %(sets)s, has_figures = b.has_figures OR EXISTS (
              SELECT FROM rebate_ledger l WHERE l.balance_id = b.id)
         FROM computed c
        WHERE c.id = b.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
    RETURNING b.id
"""


class RebateEngine(models.AbstractModel):
    """The figures of balances, from the sums of the ledger (DESIGN 5)."""

    _inherit = "rebate.engine"

    @api.model
    def _write_figures(self, balances, counted=None):
        """Compute the figures of these balances from the ledger, in one statement.

        :param counted: query of the ledger's sums, where they are known
        """
        if not balances:
            return
        names = list(_COLUMNS)
        ids = balances.ids
        self._make_figures(
            self._get_picked(SQL("b.id = ANY(%s)", ids)),
            counted
            or SQL(
                "SELECT l.balance_id AS id, %s FROM rebate_ledger l"
                " WHERE l.balance_id = ANY(%s) GROUP BY l.balance_id",
                SQL(", ".join(f"SUM(l.{name}) AS {name}" for name in MEASURES)),
                ids,
            ),
            SQL(
                "SELECT rebate_balance_id AS id, SUM(rebate_released) AS released,"
                " SUM(rebate_accrued) AS accrued FROM account_move_line"
                " WHERE rebate_balance_id = ANY(%s) AND parent_state = 'posted'"
                " GROUP BY rebate_balance_id",
                ids,
            ),
        )
        self.env.execute_query(
            SQL(
                _UPDATE,
                values=SQL(
                    ", ".join(f"{text} AS {name}" for name, text in _COLUMNS.items())
                ),
                sets=SQL(", ".join(f"{name} = c.{name}" for name in names)),
                old=SQL(", ".join(f"b.{name}" for name in names)),
                new=SQL(", ".join(f"c.{name}" for name in names)),
            )
        )
        self.env["rebate.balance"].invalidate_model(flush=False)

    @api.model
    def _make_figures(self, picked, counted, posted=None):
        """Make the table ``figure`` of :mod:`rebate_engine_figures`.

        :param picked: query of the balances, see :meth:`_get_picked`
        :param counted: query of the sums of the measures, by ``id`` of the balance
        :param posted: query of what was released and accrued, by ``id``
        """
        bodies = {"picked": picked, "counted": counted}
        if posted:
            bodies["posted"] = posted
        bodies |= {name: SQL(body) for name, body in FIGURE_TABLES.items()}
        self._make_tables(bodies, is_analyzed=False)
