from odoo import api, fields, models
from odoo.fields import Domain


class DocumentApprovalDepartment(models.Model):
    _inherit = "document.approval.department"

    def _handover_plan(self, start, value, unit):
        """Return the moment so much working time after ``start``, in UTC.

        :param float value: negative: before ``start``
        :param str unit: days or hours, in the working hours of the department
        """
        self.ensure_one()
        if unit == "days":
            return self._plan_days(start, value)
        calendar = self.resource_calendar_id or self.company_id.resource_calendar_id
        if value and calendar:
            planned = calendar.plan_hours(value, start, compute_leaves=True)
            if planned:
                return planned.replace(microsecond=0)
        return fields.Datetime.add(start, hours=value)

    @api.model
    def _handover_get_mine(self):
        """Return the departments the user acts for: his own, and orphaned ones.

        A department nobody works in is looked after by the one it falls back to.
        """
        # sudo: who is a member of what; only of the user himself
        departments_sudo = self.sudo().with_context(active_test=False)
        own = departments_sudo.search(
            Domain("member_ids", "in", self.env.uid)
            | Domain("head_id", "=", self.env.uid)
        )
        mine = own.filtered(lambda d: self.env.user in d._get_eligible_members())
        below = level = mine
        while level:
            level = departments_sudo.search(
                [("fallback_id", "in", level.ids), ("id", "not in", below.ids)]
            ).filtered(lambda d: not d._get_eligible_members())
            below |= level
        return below.with_env(self.env)
