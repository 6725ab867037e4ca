from odoo import fields, models


class DocumentApprovalReason(models.Model):
    """A kind of reason for refusals, to count them by (SPEC B3, N1)."""

    _name = "document.approval.reason"
    _description = "Kind of Reason for Refusals"
    _order = "sequence, id"

    name = fields.Char(string="Reason", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
