from odoo import api, fields, models
from odoo.exceptions import UserError

ANSWERS = [("yes", "Yes"), ("no", "No"), ("na", "Not applicable")]


class DocumentApprovalAnswer(models.Model):
    """What a reviewer answered to a question, kept with his decision (SPEC B2)."""

    _name = "document.approval.answer"
    _inherit = ["document.approval.frozen"]
    _description = "Answer to an Approval Checklist"
    _order = "id"
    _rec_name = "answer"

    decision_id = fields.Many2one(
        comodel_name="document.approval.decision",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    check_id = fields.Many2one(
        comodel_name="document.approval.check",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="decision_id.company_id")
    answer = fields.Selection(selection=ANSWERS, required=True, readonly=True)
    remark = fields.Char(readonly=True)

    @api.model
    def _get_labels(self):
        """Return {answer: label} in the language of the environment."""
        return dict(self._fields["answer"]._description_selection(self.env))

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what was answered stays as it was said."""
        raise UserError(self.env._("Answers cannot be changed."))
