from odoo import api, fields, models
from odoo.tools import SQL, format_list

ROUND_STATES = [
    ("pending", "In review"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("superseded", "Changed since"),
    ("withdrawn", "Withdrawn"),
    ("lapsed", "Lapsed"),
    ("observed", "Observed only"),
]


class DocumentApprovalRound(models.Model):
    """One submission of a document, frozen as it was (SPEC B1, B3, B6).

    No group may create, write or delete rounds; the engine's methods do, with
    elevated rights. What a round froze is never changed, only its state moves on.
    """

    _name = "document.approval.round"
    _inherit = ["document.approval.frozen"]
    _description = "Approval Round"
    _order = "id desc"
    _rec_name = "res_name"

    # identity
    number = fields.Integer(required=True, readonly=True)
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char(string="Document Name", readonly=True)
    model_id = fields.Many2one(
        comodel_name="ir.model",
        string="Document Type",
        compute="_compute_model_id",
        store=True,
        compute_sudo=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    flow_id = fields.Many2one(
        comodel_name="document.approval.flow", readonly=True, ondelete="set null"
    )
    flow_name = fields.Char(readonly=True, translate=True)
    # parties
    requester_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, index=True
    )
    # content
    amount = fields.Monetary(
        readonly=True,
        help="Untaxed, in the company's currency at the rate of the submission day.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    snapshot = fields.Json(readonly=True)
    fingerprint = fields.Char(readonly=True)
    enclosures = fields.Json(
        readonly=True, help="The files enclosed when it was submitted, with hashes."
    )
    finding_ids = fields.One2many(
        comodel_name="document.approval.finding", inverse_name="round_id"
    )
    seat_ids = fields.One2many(
        comodel_name="document.approval.seat", inverse_name="round_id"
    )
    decision_ids = fields.One2many(
        comodel_name="document.approval.decision", inverse_name="round_id"
    )
    # state
    state = fields.Selection(
        selection=ROUND_STATES, default="pending", required=True, readonly=True
    )
    reason = fields.Char(
        readonly=True, help="Why no review was needed, or why the round ended."
    )
    is_applied = fields.Boolean(
        string="Confirmed As Approved",
        readonly=True,
        help="The document was confirmed under this approval.",
    )
    is_emergency = fields.Boolean(
        string="Emergency Release",
        readonly=True,
        help="Released in an emergency, without all the reviews it needed.",
    )
    date_submitted = fields.Datetime(
        readonly=True, default=fields.Datetime.now, required=True
    )
    date_approved = fields.Datetime(readonly=True)
    date_closed = fields.Datetime(readonly=True)
    waiting_for = fields.Char(
        compute="_compute_progress", help="The departments whose turn it is."
    )
    progress = fields.Integer(
        compute="_compute_progress",
        help="How many in a hundred of the required seats have agreed.",
    )
    is_latest = fields.Boolean(
        string="Latest Round",
        readonly=True,
        default=True,
        help="No later round of the same document exists.",
    )
    # technical
    revision = fields.Integer(readonly=True, default=0)

    _number_uniq = models.UniqueIndex(
        "(res_model, res_id, number)", "This round exists already."
    )
    _pending_uniq = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'pending'",
        "This document is in review already.",
    )
    _state_idx = models.Index("(company_id, state)")

    @api.depends("res_model")
    def _compute_model_id(self):
        for approval_round in self:
            approval_round.model_id = self.env["ir.model"]._get(
                approval_round.res_model
            )

    @api.depends("res_name", "number")
    def _compute_display_name(self):
        for approval_round in self:
            approval_round.display_name = self.env._(
                "%(document)s, round %(number)s",
                document=approval_round.res_name or "",
                number=approval_round.number,
            )

    @api.depends("seat_ids.state", "seat_ids.is_required")
    @api.depends_context("lang")
    def _compute_progress(self):
        for approval_round in self:
            # sudo: seats of a round one can read
            seats_sudo = approval_round.sudo().seat_ids
            open_sudo = seats_sudo.filtered(lambda seat: seat.state == "open")
            needed = seats_sudo.filtered("is_required")
            agreed = needed.filtered(lambda seat: seat.state == "approved")
            approval_round.waiting_for = format_list(
                self.env, open_sudo.department_id.mapped("name")
            )
            approval_round.progress = (
                100 * len(agreed) // len(needed)
                if needed
                else 100 * (approval_round.state == "approved")
            )

    def _get_concerned_users(self):
        """Return who may decide or decided, or could have been asked instead."""
        seats = self.seat_ids
        departments = seats.department_id
        return (
            seats.candidate_ids
            | seats.deputy_ids
            | self.decision_ids._get_voices()
            | departments.member_ids
            | departments.head_id
        )

    def _get_document(self):
        """Return the document, or nothing when it or its add-on is gone."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if model is None or not hasattr(model, "_approval_write"):
            return None
        return model.browse(self.res_id).exists()

    def _bump(self):
        """Make rivals deciding on the same round fail to serialize and be rerun.

        Called before anything is read: the loser of two simultaneous decisions is
        repeated by Odoo on a fresh snapshot instead of deciding on an old one.
        """
        if not self:
            return
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE document_approval_round SET revision = revision + 1 "
                "WHERE id IN %s RETURNING id",
                tuple(sorted(self.ids)),
            )
        )
        self.invalidate_recordset()

    def action_open_document(self):
        """Open the document of this round."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }
