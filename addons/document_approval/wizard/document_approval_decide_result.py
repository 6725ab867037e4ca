from odoo import fields, models


class DocumentApprovalDecideResult(models.TransientModel):
    """What became of one of several documents decided on at once."""

    _name = "document.approval.decide.result"
    _description = "Result of a Decision"
    _order = "is_done, id"

    decide_id = fields.Many2one(
        comodel_name="document.approval.decide",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    seat_id = fields.Many2one(
        comodel_name="document.approval.seat",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    res_name = fields.Char(
        string="Document", related="seat_id.res_name", related_sudo=False
    )
    department_id = fields.Many2one(related="seat_id.department_id", related_sudo=False)
    is_done = fields.Boolean(string="Done", readonly=True)
    message = fields.Char(string="Result", readonly=True)
