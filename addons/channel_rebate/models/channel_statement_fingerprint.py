from odoo import api, fields, models
from odoo.tools import SQL

#: everything a statement states, in one text; the number is the version of the recipe
_FINGERPRINT = """
    SELECT s.id, ENCODE(SHA256(CONVERT_TO(JSONB_BUILD_ARRAY(
        1, s.name, s.version, s.company_id, s.partner_id, s.partner_name, c.name,
        s.date_from, s.date_to, ROUND(s.opening_balance, 6), ROUND(s.debit_total, 6),
        ROUND(s.credit_total, 6), ROUND(s.closing_balance, 6),
        ROUND(s.rebate_total, 6),
        (SELECT JSONB_AGG(JSONB_BUILD_ARRAY(
            l.sequence, l.section, l.kind, l.date, l.document, l.reference, l.orders,
            l.date_due, ROUND(l.debit, 6), ROUND(l.credit, 6), ROUND(l.balance, 6),
            ROUND(l.rebate_amount, 6), f.name, ROUND(l.amount_currency, 6),
            l.source_id) ORDER BY l.sequence, l.id)
           FROM channel_statement_line l
           LEFT JOIN res_currency f ON f.id = l.foreign_currency_id
          WHERE l.statement_id = s.id)
        )::text, 'UTF8')), 'hex') AS fingerprint
      FROM channel_statement s JOIN res_currency c ON c.id = s.currency_id
     WHERE s.id = ANY(%(ids)s)
"""
#: what must hold whatever the fingerprint says: opening and movements make the closing
_SUMS = """
    SELECT s.id
      FROM channel_statement s
      LEFT JOIN channel_statement_line l
        ON l.statement_id = s.id AND l.section IN ('late', 'movement')
     WHERE s.id = ANY(%(ids)s)
  GROUP BY s.id
    HAVING s.opening_balance + COALESCE(SUM(l.debit - l.credit), 0)
        != s.closing_balance
"""


class ChannelStatement(models.Model):
    """The fingerprint of what a statement states, computed in the database (H5)."""

    _inherit = "channel.statement"

    integrity = fields.Selection(
        selection=[("intact", "Intact"), ("broken", "Broken")],
        compute="_compute_integrity",
        help="Intact: what is stored has the fingerprint it was issued with.\n"
        "Broken: somebody changed it past Odoo.",
    )

    @api.depends("fingerprint", "state")
    def _compute_integrity(self):
        issued = self._origin.filtered(lambda statement: statement.state != "draft")
        now = issued._get_fingerprints()
        wrong = issued._get_wrong_sums()
        for statement in self:
            key = statement._origin.id
            if key not in now:
                statement.integrity = False
                continue
            is_intact = now[key] == statement.fingerprint and key not in wrong
            statement.integrity = "intact" if is_intact else "broken"

    def _get_fingerprints(self):
        """Return ``{id: SHA-256}`` of what is stored now, in one statement."""
        if not self.ids:
            return {}
        self.env.flush_all()
        return dict(self.env.execute_query(SQL(_FINGERPRINT, ids=self.ids)))

    def _get_wrong_sums(self):
        """Return the ids of those whose lines do not lead to their closing balance."""
        if not self.ids:
            return set()
        return {row[0] for row in self.env.execute_query(SQL(_SUMS, ids=self.ids))}

    def _set_fingerprints(self):
        """Take the fingerprints of what is stored now; at issue only."""
        for statement_id, fingerprint in self._get_fingerprints().items():
            self.browse(statement_id).fingerprint = fingerprint
        self.flush_recordset(["fingerprint"])

    def _get_short_fingerprint(self):
        """Return the beginning of the fingerprint in groups that people compare."""
        self.ensure_one()
        start = (self.fingerprint or "")[:16].upper()
        return " ".join(start[index : index + 4] for index in range(0, len(start), 4))
