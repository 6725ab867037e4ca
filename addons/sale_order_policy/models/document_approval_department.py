from odoo import models


class DocumentApprovalDepartment(models.Model):
    _inherit = "document.approval.department"

    def _get_task_responsible(self):
        """Return who is responsible for a task: head, else the first who may.

        Of a department without anybody, those of the one it falls back to.
        """
        self.ensure_one()
        department = self
        while department:
            members = department._get_eligible_members()
            if members:
                return department._get_first_responsible(members)
            department = department.fallback_id
        return self.env["res.users"]
