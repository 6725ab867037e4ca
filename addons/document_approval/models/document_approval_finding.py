from odoo import api, fields, models

SEVERITIES = [("block", "Blocks"), ("review", "Review"), ("info", "For information")]


class DocumentApprovalFinding(models.Model):
    """A fact the reviewer must look at, frozen at submission (SPEC B4).

    The words are made when they are shown, in the reader's language, from the code
    and its values.
    """

    _name = "document.approval.finding"
    _inherit = ["document.approval.frozen"]
    _description = "Approval Finding"
    _order = "round_id desc, id"
    _rec_name = "message"

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
    code = fields.Char(required=True, readonly=True)
    department_id = fields.Many2one(related="seat_id.department_id")
    department_code = fields.Char(readonly=True)
    severity = fields.Selection(selection=SEVERITIES, required=True, readonly=True)
    line_label = fields.Char(string="Line", readonly=True)
    values = fields.Json(readonly=True)
    message = fields.Char(compute="_compute_message")

    @api.depends_context("lang")
    @api.depends("code", "values", "line_label")
    def _compute_message(self):
        for finding in self:
            model = self.env.get(finding.round_id.res_model)
            if model is None:
                finding.message = finding.code
                continue
            finding.message = model._approval_finding_message(
                {
                    "code": finding.code,
                    "line_label": finding.line_label,
                    "values": finding.values or {},
                }
            )
