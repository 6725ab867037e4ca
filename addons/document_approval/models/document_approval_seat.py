from markupsafe import Markup

from odoo import api, fields, models

SEAT_STATES = [
    ("waiting", "Not yet"),
    ("open", "To decide"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("closed", "Closed"),
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
        relation="document_approval_seat_candidate_rel",
        column1="seat_id",
        column2="user_id",
        string="May Decide",
        readonly=True,
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
        compute_sudo=True,
        ondelete="cascade",
    )
    requester_id = fields.Many2one(related="round_id.requester_id", store=True)
    amount = fields.Monetary(related="round_id.amount")
    currency_id = fields.Many2one(related="round_id.company_id.currency_id")
    why = fields.Text(
        compute="_compute_why", help="The findings this department must look at."
    )
    is_overdue = fields.Boolean(string="Overdue", compute="_compute_is_overdue")
    can_decide = fields.Boolean(
        compute="_compute_can_decide", search="_search_can_decide"
    )

    _open_idx = models.Index("(state, date_open) WHERE state = 'open'")

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
        for seat in self:
            # sudo: findings of a seat one can read
            seat.why = "\n".join(seat.sudo().finding_ids.mapped("message"))

    @api.depends("state", "date_deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for seat in self:
            deadline = seat.date_deadline
            seat.is_overdue = bool(deadline and seat.state == "open" and deadline < now)

    @api.depends_context("uid")
    @api.depends("state", "candidate_ids", "decision_ids")
    def _compute_can_decide(self):
        for seat in self:
            seat.can_decide = not seat._get_objection(self.env.user)

    def _search_can_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = fields.Domain("state", "=", "open") & fields.Domain(
            "candidate_ids", "in", self.env.uid
        )
        decided = fields.Domain(
            "decision_ids",
            "any",
            [("user_id", "=", self.env.uid), ("kind", "in", ("approve", "refuse"))],
        )
        domain = mine & ~decided
        return domain if True in value else ~domain

    def _open(self):
        """Let the seats decide: deadline, activity, word to the first responsible."""
        now = fields.Datetime.now()
        for seat_sudo in self.sudo():
            seat_sudo.write(
                {
                    "state": "open",
                    "date_open": now,
                    "date_deadline": seat_sudo._get_deadline(now),
                }
            )
            seat_sudo._schedule_activity()

    def _get_deadline(self, start):
        """Return when the seat is overdue, in UTC; none without a time limit."""
        self.ensure_one()
        if not self.deadline_days:
            return False
        calendar = (
            self.department_id.resource_calendar_id
            or self.company_id.resource_calendar_id
        )
        if not calendar:
            return fields.Datetime.add(start, days=self.deadline_days)
        hours = self.deadline_days * (calendar.hours_per_day or 8.0)
        deadline = calendar.plan_hours(hours, start, compute_leaves=True)
        return deadline or fields.Datetime.add(start, days=self.deadline_days)

    def _schedule_activity(self, agreed=None):
        """Give the first responsible one activity, without making him a follower.

        :param agreed: users who have decided already, when several are needed
        """
        self.ensure_one()
        document = self.round_id._get_document()
        candidates = self.candidate_ids - agreed if agreed else self.candidate_ids
        user = self.department_id._get_first_responsible(candidates)
        if not document or not user:
            return
        followed = user.partner_id in document.message_partner_ids
        lang_self = self.with_context(lang=user.lang, tz=user.tz)
        deadline = self.date_deadline or fields.Datetime.now()
        activity = document.with_context(
            mail_activity_quick_update=True, lang=user.lang
        ).activity_schedule(
            "document_approval.mail_activity_type_review",
            user_id=user.id,
            date_deadline=fields.Datetime.context_timestamp(lang_self, deadline).date(),
            summary=lang_self.env._("Review: %s", lang_self.level_name),
            note=Markup("<br/>").join((lang_self.why or "").splitlines()),
        )
        if not followed:
            document.message_unsubscribe(partner_ids=user.partner_id.ids)
        self.activity_id = activity

    def _close(self):
        """End seats that need not decide any more."""
        if self:
            # sudo: only the engine writes seats
            self.sudo()._remove_activity()
            self.sudo().write({"state": "closed", "date_closed": fields.Datetime.now()})

    def _remove_activity(self):
        self.sudo().activity_id.unlink()

    def action_open_document(self):
        """Open the document this seat has to decide on."""
        self.ensure_one()
        return self.round_id.action_open_document()
