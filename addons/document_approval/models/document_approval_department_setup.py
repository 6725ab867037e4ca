from odoo import api, fields, models


class DocumentApprovalDepartment(models.Model):
    _inherit = "document.approval.department"

    has_dead_end = fields.Boolean(
        string="Nobody to Escalate To",
        compute="_compute_has_dead_end",
        help="The department has a time limit, and no fallback department is asked "
        "when it is over.",
    )

    @api.depends("fallback_id")
    def _compute_has_dead_end(self):
        seats = self.env["document.approval.flow.seat"].search(
            [
                ("department_id", "in", self.ids),
                ("deadline_days", ">", 0),
                ("level_id.flow_id.active", "=", True),
            ]
        )
        stuck = seats.filtered(
            lambda seat: (not seat.flow_id.fallback_department_id - seat.department_id)
        )
        for department in self:
            department.has_dead_end = (
                not department.fallback_id and department._origin in stuck.department_id
            )
