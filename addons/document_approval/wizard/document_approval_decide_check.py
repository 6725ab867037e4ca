from odoo import fields, models

from ..models.document_approval_answer import ANSWERS


class DocumentApprovalDecideCheck(models.TransientModel):
    """An answer being given to a question of the seat's checklist (SPEC B2)."""

    _name = "document.approval.decide.check"
    _description = "Answer to a Checklist"
    _order = "id"

    decide_id = fields.Many2one(
        comodel_name="document.approval.decide",
        required=True,
        index=True,
        ondelete="cascade",
    )
    check_id = fields.Many2one(
        comodel_name="document.approval.check", required=True, ondelete="cascade"
    )
    name = fields.Char(related="check_id.name", related_sudo=False)
    must_be_yes = fields.Boolean(related="check_id.must_be_yes", related_sudo=False)
    answer = fields.Selection(selection=ANSWERS)
    remark = fields.Char()
