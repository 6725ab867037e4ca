from odoo import fields, models
from odoo.tools import SQL

from ..models.document_approval_round import ROUND_STATES
from ..models.document_approval_seat import SEAT_STATES

_COLUMNS = """
SELECT s.id,
       s.id AS seat_id,
       s.company_id,
       s.model_id,
       s.res_name,
       r.flow_id,
       r.number AS round_number,
       s.department_id,
       s.level_id,
       s.level_name,
       s.requester_id,
       d.user_id AS decided_by_id,
       s.state,
       r.state AS round_state,
       CASE WHEN s.state = 'refused' THEN d.reason_id END AS reason_id,
       COALESCE(r.is_emergency, FALSE) AS is_emergency,
       COALESCE(s.is_added, FALSE) AS is_added,
       COALESCE(d.kind = 'carry_over', FALSE) AS is_carried_over,
       s.date_open,
       s.date_deadline,
       CASE WHEN s.state IN ('approved', 'refused')
            THEN s.date_closed END AS date_closed,
       1 AS nbr,
       CASE WHEN d.kind IN ('approve', 'refuse')
            THEN s.hours_taken END AS hours_taken,
       CASE WHEN d.kind IN ('approve', 'refuse')
            THEN s.work_hours_taken END AS work_hours_taken,
       CASE WHEN s.state = 'open'
            THEN EXTRACT(EPOCH FROM %(now)s - s.date_open) / 3600
            END AS hours_waiting,
       COALESCE(s.state = 'open' AND s.date_deadline < %(now)s, FALSE)::int
            AS overdue_count,
       COALESCE(d.kind IN ('approve', 'refuse')
            AND s.date_closed > s.date_deadline, FALSE)::int AS late_count,
       (s.state = 'refused')::int AS refused_count,
       CASE WHEN d.kind = 'refuse' THEN 100.0
            WHEN d.kind = 'approve' THEN 0.0 END AS refusal_rate
"""


class DocumentApprovalReport(models.Model):
    """How long departments take, what they refuse, what is overdue (SPEC B, N1).

    One row per seat. Rounds that were only observed stopped nobody and are left out.
    """

    _name = "document.approval.report"
    _description = "Approval Statistics"
    _auto = False
    _order = "date_open desc, id desc"
    _rec_name = "res_name"

    seat_id = fields.Many2one(comodel_name="document.approval.seat", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    # of what
    model_id = fields.Many2one(
        comodel_name="ir.model", string="Document Type", readonly=True
    )
    res_name = fields.Char(string="Document", readonly=True)
    flow_id = fields.Many2one(comodel_name="document.approval.flow", readonly=True)
    round_number = fields.Integer(string="Round", readonly=True, aggregator=None)
    # by whom
    department_id = fields.Many2one(
        comodel_name="document.approval.department", readonly=True
    )
    level_id = fields.Many2one(
        comodel_name="document.approval.flow.level",
        string="Level of the Flow",
        readonly=True,
    )
    level_name = fields.Char(string="Level", readonly=True, translate=True)
    requester_id = fields.Many2one(comodel_name="res.users", readonly=True)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided By", readonly=True
    )
    candidate_ids = fields.Many2many(
        related="seat_id.candidate_ids", string="May Decide", readonly=True
    )
    # how
    state = fields.Selection(selection=SEAT_STATES, readonly=True)
    round_state = fields.Selection(
        selection=ROUND_STATES, string="State of the Round", readonly=True
    )
    reason_id = fields.Many2one(
        comodel_name="document.approval.reason",
        string="Reason of Refusal",
        readonly=True,
    )
    is_emergency = fields.Boolean(string="Emergency Release", readonly=True)
    is_added = fields.Boolean(
        string="Added", readonly=True, help="Added by a reviewer during the review."
    )
    is_carried_over = fields.Boolean(
        string="Carried Over",
        readonly=True,
        help="Agreed in an earlier round and not asked again. Counts for no time.",
    )
    # when
    date_open = fields.Datetime(string="Its Turn", readonly=True)
    date_deadline = fields.Datetime(string="Deadline", readonly=True)
    date_closed = fields.Datetime(string="Decided On", readonly=True)
    # measures
    nbr = fields.Integer(string="Seats", readonly=True)
    hours_taken = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Average hours from its turn to the decision, day and night.",
    )
    work_hours_taken = fields.Float(
        string="Working Hours Taken",
        readonly=True,
        aggregator="avg",
        help="Average working hours of the department from its turn to the decision.",
    )
    hours_waiting = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Average hours that what is not decided yet has been waiting.",
    )
    overdue_count = fields.Integer(string="Overdue Now", readonly=True)
    late_count = fields.Integer(
        string="Decided Late", readonly=True, help="Decided after the deadline."
    )
    refused_count = fields.Integer(string="Refusals", readonly=True)
    refusal_rate = fields.Float(
        string="Refusal Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Refusals per hundred decisions.",
    )

    _depends = {
        "document.approval.round": ["flow_id", "is_emergency", "number", "state"],
        "document.approval.seat": [
            "company_id",
            "date_closed",
            "date_deadline",
            "date_open",
            "department_id",
            "hours_taken",
            "is_added",
            "level_id",
            "level_name",
            "model_id",
            "requester_id",
            "res_name",
            "round_id",
            "state",
            "work_hours_taken",
        ],
        "document.approval.decision": ["kind", "reason_id", "seat_id", "user_id"],
    }

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        """Return the columns; extend it together with the fields."""
        return SQL(_COLUMNS, now=fields.Datetime.now())

    def _from(self):
        """Return the tables: seats, their rounds, and the decision that closed each."""
        return SQL(
            """
              FROM document_approval_seat s
              JOIN document_approval_round r ON r.id = s.round_id
              LEFT JOIN LATERAL (
                   SELECT decision.user_id, decision.kind, decision.reason_id
                     FROM document_approval_decision decision
                    WHERE decision.seat_id = s.id
                      AND decision.kind IN ('approve', 'refuse', 'carry_over')
                    ORDER BY decision.id DESC
                    LIMIT 1
                   ) d ON s.state IN ('approved', 'refused')
            """
        )

    def _where(self):
        return SQL("WHERE r.state != 'observed'")

    def action_open_document(self):
        """Open the document of this row."""
        self.ensure_one()
        return self.seat_id.action_open_document()
