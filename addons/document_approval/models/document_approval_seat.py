from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.date_utils import localized

from .document_approval_decision import SPOKEN

SEAT_STATES = [
    ("waiting", "Not yet"),
    ("open", "To decide"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("closed", "Closed"),
]

AGE_BANDS = [
    ("0", "Today"),
    ("1", "1 to 2 days"),
    ("3", "3 to 6 days"),
    ("7", "A week and more"),
]


class DocumentApprovalSeat(models.Model):
    """A department's place in a round, with the people who may decide (SPEC B2)."""

    _name = "document.approval.seat"
    _inherit = ["document.approval.frozen"]
    _description = "Approval Seat"
    _order = "date_open desc, id"

    round_id = fields.Many2one(
        comodel_name="document.approval.round",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="round_id.company_id", store=True, precompute=True, index=True
    )
    level_sequence = fields.Integer(required=True, readonly=True)
    level_id = fields.Many2one(
        comodel_name="document.approval.flow.level",
        string="Level of the Flow",
        readonly=True,
        ondelete="set null",
    )
    level_name = fields.Char(
        string="Level", required=True, readonly=True, translate=True
    )
    is_joint = fields.Boolean(string="Joint Review", readonly=True)
    department_id = fields.Many2one(
        comodel_name="document.approval.department",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    rule = fields.Selection(
        selection=[
            ("one", "One member"),
            ("all", "All members"),
            ("quorum", "At least n members"),
        ],
        required=True,
        readonly=True,
    )
    quorum = fields.Integer(
        string="Needed", readonly=True, help="How many members have to agree."
    )
    is_required = fields.Boolean(string="Required", readonly=True)
    deadline_days = fields.Float(string="Time Limit (Days)", readonly=True)
    candidate_ids = fields.Many2many(
        comodel_name="res.users",
        context={"active_test": False},  # who left stays in the history
        relation="document_approval_seat_candidate_rel",
        column1="seat_id",
        column2="user_id",
        string="May Decide",
        readonly=True,
    )
    deputy_ids = fields.Many2many(
        comodel_name="res.users",
        context={"active_test": False},  # who left stays in the history
        relation="document_approval_seat_deputy_rel",
        column1="seat_id",
        column2="user_id",
        string="Deputies",
        readonly=True,
        help="May decide for an absent candidate while a delegation runs.",
    )
    is_added = fields.Boolean(
        string="Added", readonly=True, help="Added by a reviewer during the review."
    )
    added_by_id = fields.Many2one(
        comodel_name="res.users", string="Added By", readonly=True
    )
    check_ids = fields.One2many(
        comodel_name="document.approval.check",
        inverse_name="seat_id",
        string="Checklist",
    )
    finding_ids = fields.One2many(
        comodel_name="document.approval.finding", inverse_name="seat_id"
    )
    decision_ids = fields.One2many(
        comodel_name="document.approval.decision", inverse_name="seat_id"
    )
    # state
    state = fields.Selection(
        selection=SEAT_STATES,
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    date_open = fields.Datetime(string="Since", readonly=True)
    date_deadline = fields.Datetime(string="Deadline", readonly=True)
    date_closed = fields.Datetime(string="Decided On", readonly=True)
    date_escalation = fields.Datetime(
        string="Escalates On",
        readonly=True,
        help="When the next department is brought in, unless it is decided before.",
    )
    escalation_count = fields.Integer(string="Escalations", readonly=True)
    is_orphaned = fields.Boolean(
        string="Nobody Left",
        readonly=True,
        help="Nobody who may decide is left, and no fallback department has anybody.",
    )
    age_band = fields.Selection(
        selection=AGE_BANDS,
        string="Age",
        readonly=True,
        index=True,
        help="How long the seat has been waiting, in days. Kept up to date by a "
        "scheduled job while it waits.",
    )
    hours_taken = fields.Float(
        readonly=True,
        help="Hours from its turn to its decision, day and night.",
    )
    work_hours_taken = fields.Float(
        string="Working Hours Taken",
        readonly=True,
        help="Working hours of the department from its turn to its decision.",
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity", readonly=True, ondelete="set null"
    )
    # of the document, for lists
    res_model = fields.Char(
        related="round_id.res_model", string="Document Model", store=True
    )
    res_id = fields.Many2oneReference(
        related="round_id.res_id",
        string="Document ID",
        model_field="res_model",
        store=True,
        index=True,
    )
    res_name = fields.Char(
        related="round_id.res_name", string="Document Name", store=True
    )
    model_id = fields.Many2one(
        comodel_name="ir.model",
        string="Document Type",
        compute="_compute_model_id",
        store=True,
        index=True,
        compute_sudo=True,
        ondelete="cascade",
    )
    requester_id = fields.Many2one(related="round_id.requester_id", store=True)
    number = fields.Integer(string="Round Number", related="round_id.number")
    amount = fields.Monetary(related="round_id.amount")
    currency_id = fields.Many2one(related="round_id.company_id.currency_id")
    why = fields.Text(
        compute="_compute_why", help="The findings this department must look at."
    )
    age_days = fields.Float(
        string="Waiting (Days)",
        compute="_compute_age_days",
        digits=(16, 1),
        help="Days from its turn until now, or until it was decided.",
    )
    is_overdue = fields.Boolean(string="Overdue", compute="_compute_is_overdue")
    can_decide = fields.Boolean(
        compute="_compute_can_decide", search="_search_can_decide"
    )

    _open_idx = models.Index("(state, date_open) WHERE state = 'open'")
    _escalation_idx = models.Index("(date_escalation) WHERE state = 'open'")

    @api.depends("res_model")
    def _compute_model_id(self):
        for seat in self:
            seat.model_id = self.env["ir.model"]._get(seat.res_model)

    @api.depends("level_name", "res_name")
    def _compute_display_name(self):
        for seat in self:
            seat.display_name = f"{seat.res_name or ''}: {seat.level_name}"

    @api.depends("finding_ids")
    @api.depends_context("lang")
    def _compute_why(self):
        abouts = self._get_abouts()
        for seat in self:
            # sudo: findings of a seat one can read
            seat_sudo = seat.sudo()
            reasons = seat_sudo.finding_ids.mapped("message")
            if seat_sudo.is_added:
                asked = seat_sudo.decision_ids.filtered(lambda d: d.kind == "add_seat")
                reasons = [
                    self.env._(
                        "%(user)s asks: %(words)s",
                        user=asked.user_id.name,
                        words=asked.words,
                    )
                    for asked in asked
                ] + reasons
            about = abouts.get((seat.res_model, seat.res_id))
            seat.why = "\n".join(filter(None, (about, *reasons)))

    def _get_abouts(self):
        """Return ``{(model, id): what is asked for}`` of the documents that say so."""
        abouts = {}
        for model, seats in self.grouped("res_model").items():
            if model in self.env:
                # sudo: what a document is about, for whoever may read the seat
                document_sudo = (
                    self.env[model].sudo().browse(set(seats.mapped("res_id")))
                )
                abouts |= {
                    (model, number): text
                    for number, text in document_sudo._approval_abouts().items()
                }
        return abouts

    @api.depends("date_open", "date_closed")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for seat in self:
            start = seat.date_open
            waited = (seat.date_closed or now) - start if start else None
            seat.age_days = waited.total_seconds() / 86400 if waited else 0.0

    @api.depends("state", "date_deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for seat in self:
            deadline = seat.date_deadline
            seat.is_overdue = bool(deadline and seat.state == "open" and deadline < now)

    @api.depends_context("uid")
    @api.depends("state", "candidate_ids", "deputy_ids", "decision_ids")
    def _compute_can_decide(self):
        documents = self._get_documents()
        for seat in self:
            document = documents.get(seat)
            seat.can_decide = bool(document) and not (
                seat._get_objection(self.env.user, document)
            )

    def _search_can_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        me = self.env.uid
        mine = Domain("candidate_ids", "in", me)
        # sudo: whether one stands in for somebody depends on the document
        deputised_sudo = self.sudo().search(
            Domain("state", "=", "open") & Domain("deputy_ids", "in", me)
        )
        mine |= Domain(
            "id",
            "in",
            deputised_sudo.filtered(lambda s: s._get_principal(self.env.user)).ids,
        )
        decided = Domain(
            "decision_ids",
            "any",
            Domain("kind", "in", SPOKEN)
            & (Domain("user_id", "=", me) | Domain("on_behalf_id", "=", me)),
        )
        domain = Domain("state", "=", "open") & mine & ~decided
        return domain if True in value else ~domain

    # Opening and closing -----------------------------------------------------------

    def _open(self):
        """Let the seats decide: deadline, activity, word to who should decide."""
        now = fields.Datetime.now()
        for seat_sudo in self.sudo():
            deadline = seat_sudo._get_deadline(now)
            seat_sudo.write(
                {
                    "state": "open",
                    "date_open": now,
                    "date_deadline": deadline,
                    "date_escalation": deadline,
                    "age_band": AGE_BANDS[0][0],
                }
            )
            seat_sudo._replace_departed()
            seat_sudo._call_deputies()
            seat_sudo._refresh_activity()

    def _get_deadline(self, start, department=None):
        """Return when a time limit from ``start`` ends, in UTC; none without one.

        :param department: whose working hours count; by default the seat's own
        """
        self.ensure_one()
        if not self.deadline_days:
            return False
        department = department or self.department_id
        return department._plan_days(start, self.deadline_days)

    def _get_calendar(self):
        department = self.department_id
        return department.resource_calendar_id or self.company_id.resource_calendar_id

    def _schedule_activity(self, user):
        """Give ``user`` the seat's one activity, without making him a follower."""
        self.ensure_one()
        document = self.round_id._get_document()
        if not document:
            return
        lang_self = self.with_context(lang=user.lang, tz=user.tz)
        deadline = self.date_deadline or fields.Datetime.now()
        self.activity_id = document.with_context(lang=user.lang)._approval_activity(
            "review",
            user,
            date_deadline=fields.Datetime.context_timestamp(lang_self, deadline).date(),
            summary=lang_self.env._("Review: %s", lang_self.level_name),
            note=Markup("<br/>").join((lang_self.why or "").splitlines()),
        )

    def _close(self, state="closed"):
        """End seats: decided, or not asked any more."""
        now = fields.Datetime.now()
        # sudo: only the engine writes seats
        for seat_sudo in self.sudo():
            seat_sudo._remove_activity()
            values = {"state": state, "date_closed": now, "date_escalation": False}
            if seat_sudo.date_open and state in ("approved", "refused"):
                values |= seat_sudo._get_times_taken(now)
            seat_sudo.write(values)

    def _get_times_taken(self, end):
        """Return how long a decided seat took, in hours and in working hours."""
        self.ensure_one()
        seconds = (end - self.date_open).total_seconds()
        values = {"hours_taken": seconds / 3600, "work_hours_taken": seconds / 3600}
        calendar = self._get_calendar()
        if calendar:
            values["work_hours_taken"] = calendar.get_work_hours_count(
                localized(self.date_open), localized(end)
            )
        return values

    def _remove_activity(self):
        # sudo: activities of others are removed too
        self.sudo().activity_id.unlink()

    def action_open_document(self):
        """Open the document this seat has to decide on."""
        self.ensure_one()
        return self.round_id.action_open_document()
