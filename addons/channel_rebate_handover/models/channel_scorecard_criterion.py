from odoo import models
from odoo.tools import SQL

#: exceptions entered in the period; what the system noticed by itself is our own delay
_COMPLAINTS = """
      FROM res_partner p
      JOIN sale_order o ON o.partner_id = p.id
      JOIN order_exception e ON e.order_id = o.id AND e.source <> 'system'
     WHERE p.commercial_partner_id = ANY(%(partners)s)
       AND o.company_id = ANY(%(companies)s)
       AND (e.create_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
           BETWEEN %(date_from)s AND %(date_to)s
"""


class ChannelScorecardCriterion(models.Model):
    """Complaints are the exceptions of a partner's orders (SPEC L4, I3)."""

    _inherit = "channel.scorecard.criterion"

    def _read_complaints(self, company, partner_ids, date_from, date_to):
        """EXTENDS 'channel_rebate': the exceptions people entered; one statement."""
        counts = super()._read_complaints(company, partner_ids, date_from, date_to)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                f"SELECT p.commercial_partner_id, COUNT(*) {_COMPLAINTS}"
                " GROUP BY p.commercial_partner_id",
                **self._prepare_books(company, partner_ids, date_from, date_to),
            )
        )
        own = dict(rows)
        counts = counts or {}
        return {
            partner_id: counts.get(partner_id, 0) + own.get(partner_id, 0)
            for partner_id in {*counts, *own}
        }

    def _get_complaints_action(self, channel, date_from, date_to):
        """EXTENDS 'channel_rebate': the exceptions that were counted."""
        self.env.flush_all()
        values = self._prepare_books(
            channel.company_id, channel.partner_id.ids, date_from, date_to
        )
        rows = self.env.execute_query(SQL(f"SELECT e.id {_COMPLAINTS}", **values))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Complaints of %(partner)s", partner=channel.display_name
            ),
            "res_model": "order.exception",
            "view_mode": "list,form",
            "domain": [("id", "in", [exception_id for (exception_id,) in rows])],
            "context": {"create": False},
        }
