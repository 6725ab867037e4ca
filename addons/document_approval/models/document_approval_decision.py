from odoo import api, fields, models
from odoo.exceptions import UserError

DECISION_KINDS = [
    ("submit", "Submitted"),
    ("approve", "Approved"),
    ("refuse", "Refused"),
    ("delegate", "Delegated"),
    ("add_seat", "Seat added"),
    ("escalate", "Escalated"),
    ("replace", "Replaced"),
    ("ask", "Asked"),
    ("carry_over", "Carried over"),
    ("emergency", "Released in emergency"),
    ("no_review", "No review needed"),
    ("supersede", "Document changed"),
    ("withdraw", "Withdrawn"),
    ("lapse", "Lapsed"),
    ("observe", "Passed in observe mode"),
    ("apply", "Confirmed"),
    ("exception", "Added after confirmation"),
]

#: kinds by which a seat agrees, and by which a person has used up his voice
AGREEMENTS = ("approve", "carry_over")
SPOKEN = ("approve", "refuse", "carry_over")


class DocumentApprovalDecision(models.Model):
    """The append-only log of a round: who, for whom, when, words (SPEC B3, B5)."""

    _name = "document.approval.decision"
    _inherit = ["document.approval.frozen"]
    _description = "Approval Decision"
    _order = "id"
    _rec_name = "kind"

    round_id = fields.Many2one(
        comodel_name="document.approval.round",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="round_id.company_id")
    seat_id = fields.Many2one(
        comodel_name="document.approval.seat", readonly=True, index=True
    )
    kind = fields.Selection(selection=DECISION_KINDS, required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    on_behalf_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now)
    words = fields.Text(readonly=True)
    reason_id = fields.Many2one(
        comodel_name="document.approval.reason",
        string="Kind of Reason",
        readonly=True,
        ondelete="restrict",
    )
    person_ids = fields.Many2many(
        comodel_name="res.users",
        context={"active_test": False},  # who left stays in the history
        relation="document_approval_decision_person_rel",
        column1="decision_id",
        column2="user_id",
        ondelete="restrict",
        string="People Brought In",
        readonly=True,
        help="Who may decide from then on.",
    )
    origin_id = fields.Many2one(
        comodel_name="document.approval.decision",
        string="Agreement Carried Over",
        readonly=True,
        ondelete="restrict",
    )
    answer_ids = fields.One2many(
        comodel_name="document.approval.answer", inverse_name="decision_id"
    )
    is_agreement = fields.Boolean(compute="_compute_is_agreement")

    @api.depends("kind")
    def _compute_is_agreement(self):
        for decision in self:
            decision.is_agreement = decision.kind in AGREEMENTS

    def _get_voices(self):
        """Return whose voices these decisions used up: nobody speaks twice.

        Who decided for an absent colleague used up his own and the colleague's. What
        was carried over is the voice of who had agreed, not of who submitted.
        """
        spoken = self.filtered(lambda decision: decision.kind in SPOKEN)
        carried = spoken.filtered("origin_id")
        origins = carried.origin_id
        return (spoken - carried | origins).user_id | (spoken | origins).on_behalf_id

    def _keep_answers(self, given):
        """Keep what was answered to the checklist with this decision.

        :param dict given: ``{check id: (answer, remark)}``
        """
        if given:
            # sudo: only the engine writes answers
            self.env["document.approval.answer"].sudo().create(
                [
                    {
                        "decision_id": self.id,
                        "check_id": check_id,
                        "answer": answer,
                        "remark": remark,
                    }
                    for check_id, (answer, remark) in given.items()
                ]
            )

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what was decided stays as it was said."""
        raise UserError(self.env._("Decisions cannot be changed."))
