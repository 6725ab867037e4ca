from odoo import fields, models


class ApprovalTestLine(models.Model):
    """A line; only its material fields are approved."""

    _name = "test.approval.line"
    _inherit = ["document.approval.line.mixin"]
    _description = "Approval Test Line"

    _approval_document_field = "document_id"

    document_id = fields.Many2one(
        comodel_name="test.approval.document", required=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
    quantity = fields.Float(default=1.0)
    price = fields.Float(default=10.0)
    remark = fields.Char()
