from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DocumentApprovalFlowCheck(models.Model):
    """A question a department answers before it agrees (SPEC B2)."""

    _name = "document.approval.flow.check"
    _inherit = ["document.approval.home.mixin"]
    _description = "Question of an Approval Checklist"
    _order = "sequence, id"

    _home_fields = frozenset({"seat_id"})

    seat_id = fields.Many2one(
        comodel_name="document.approval.flow.seat",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="seat_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Question", required=True, translate=True)
    must_be_yes = fields.Boolean(
        string="Has To Be Yes",
        help="The department cannot agree while it answers anything else.",
    )

    @api.constrains("name")
    def _check_name(self):
        for check in self:
            if not (check.name or "").strip():
                raise ValidationError(
                    self.env._(
                        "A question of seat %(seat)s has no words.",
                        seat=check.seat_id.department_id.name,
                    )
                )
