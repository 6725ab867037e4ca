from odoo import fields, models


class DocumentApprovalCheck(models.Model):
    """A question of a seat's checklist, frozen at submission (SPEC B2)."""

    _name = "document.approval.check"
    _inherit = ["document.approval.frozen"]
    _description = "Question of an Approval Seat"
    _order = "seat_id, sequence, id"

    seat_id = fields.Many2one(
        comodel_name="document.approval.seat",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="seat_id.company_id")
    origin_id = fields.Many2one(
        comodel_name="document.approval.flow.check",
        string="Question of the Flow",
        readonly=True,
        ondelete="set null",
    )
    sequence = fields.Integer(readonly=True)
    name = fields.Char(string="Question", required=True, readonly=True, translate=True)
    must_be_yes = fields.Boolean(string="Has To Be Yes", readonly=True)
    answer_ids = fields.One2many(
        comodel_name="document.approval.answer", inverse_name="check_id"
    )
