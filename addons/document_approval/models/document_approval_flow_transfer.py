import json

from odoo import api, models
from odoo.exceptions import UserError

from ..flow_file import FORMAT, VERSION
from ..translated import export_names


class DocumentApprovalFlow(models.Model):
    _inherit = "document.approval.flow"

    def action_export(self):
        """Download these flows as a file that can be imported elsewhere.

        :raise AccessError: for who may not set up flows
        :raise UserError: no flow is chosen
        """
        self.check_access("write")
        if not self:
            raise UserError(self.env._("Choose the flows to export first."))
        content = json.dumps(self._export_data(), ensure_ascii=False, indent=2)
        return self.env["document.approval.flow.export"]._offer(content)

    def _export_data(self):
        """Return these flows as plain data, without people (SPEC B8)."""
        departments = self.env["document.approval.department"]
        todo = self.fallback_department_id | self.level_ids.seat_ids.department_id
        while todo:
            departments |= todo
            todo = todo.fallback_id - departments
        return {
            "format": FORMAT,
            "version": VERSION,
            "departments": [
                {
                    "code": department.code,
                    "name": export_names(department, "name"),
                    "sequence": department.sequence,
                    "fallback": department.fallback_id.code or None,
                }
                for department in departments.sorted(
                    lambda department: (department.sequence, department.code)
                )
            ],
            "flows": [flow._export_flow() for flow in self],
        }

    def _export_flow(self):
        self.ensure_one()
        return {
            "name": export_names(self, "name"),
            "model": self.model,
            "domain": self.domain or "[]",
            "sequence": self.sequence,
            "active": self.active,
            "carry_over": self.is_carry_over,
            "fallback": self.fallback_department_id.code or None,
            "levels": [
                {
                    "name": export_names(level, "name"),
                    "participation": level.participation,
                    "domain": level.domain or "[]",
                    "seats": [
                        self._export_seat(seat) for seat in level.seat_ids.sorted()
                    ],
                }
                for level in self.level_ids.sorted()
            ],
        }

    @api.model
    def _export_seat(self, seat):
        return {
            "department": seat.department_id.code,
            "rule": seat.rule,
            "quorum": seat.quorum,
            "required": seat.is_required,
            "deadline_days": seat.deadline_days,
            "checks": [
                {
                    "question": export_names(check, "name"),
                    "must_be_yes": check.must_be_yes,
                }
                for check in seat.check_ids.sorted()
            ],
            "claims": sorted(
                seat._get_claim_name(seat.model, field)
                for field in seat.claimed_field_ids
            ),
        }
