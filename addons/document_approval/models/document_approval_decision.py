from odoo import api, fields, models
from odoo.exceptions import UserError

DECISION_KINDS = [
    ("submit", "Submitted"),
    ("approve", "Approved"),
    ("refuse", "Refused"),
    ("delegate", "Delegated"),
    ("add_seat", "Seat added"),
    ("escalate", "Escalated"),
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
    is_agreement = fields.Boolean(compute="_compute_is_agreement")

    @api.depends("kind")
    def _compute_is_agreement(self):
        for decision in self:
            decision.is_agreement = decision.kind == "approve"

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what was decided stays as it was said."""
        raise UserError(self.env._("Decisions cannot be changed."))
