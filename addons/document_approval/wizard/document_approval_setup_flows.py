from odoo import models
from odoo.tools import format_list


class DocumentApprovalSetup(models.AbstractModel):
    _inherit = "document.approval.setup"

    def _get_flow_steps(self, company):
        steps = [self._check_flows(company)]
        if self._get_flows(company):
            steps += [
                self._check_flow_problems(company),
                self._check_time_limits(company),
                self._check_working_hours(company),
            ]
        return steps

    def _check_flows(self, company):
        title = self.env._("A Flow for Each Document Type")
        flows = self._get_flows(company)
        models_ = self.env["ir.model"]
        types = {name: models_._get(name).name for name in flows._get_document_models()}
        missing = [name for name in types if name not in flows.mapped("model")]
        if not types:
            return self._make_step(
                "flows",
                title,
                self.env._(
                    "No app with documents to approve is installed yet, such as the "
                    "one for sales orders."
                ),
                "todo",
            )
        if not missing:
            return self._make_step(
                "flows",
                title,
                self.env._(
                    "Flows say who looks at: %(types)s.",
                    types=format_list(self.env, list(types.values())),
                ),
                action=self._open_flows(),
            )
        return self._make_step(
            "flows",
            title,
            self.env._(
                "Create a flow for these document types. Without one they are not "
                "controlled."
            ),
            "recommended" if flows else "todo",
            [types[name] for name in missing],
            self._open_flows(default_model_id=models_._get_id(missing[0])),
        )

    def _check_flow_problems(self, company):
        title = self.env._("Every Seat Can Be Filled")
        flows = self._get_flows(company)
        broken = flows.filtered(lambda flow: flow._get_setup_problems())
        problems = list(dict.fromkeys(flows._get_setup_problems()))
        if not problems:
            return self._make_step(
                "flow_problems",
                title,
                self.env._("Every seat of every flow has somebody to fill it."),
                action=self._open_flows(),
            )
        return self._make_step(
            "flow_problems",
            title,
            self.env._("This keeps control from being enforced:"),
            "todo",
            problems,
            self._open_flows(broken),
        )

    def _check_time_limits(self, company):
        title = self.env._("Time Limits")
        seats = self._get_seats(company)
        limited = seats.filtered(lambda seat: seat.deadline_days > 0)
        stuck = limited.filtered(lambda seat: len(seat._get_candidate_pools()) < 2)
        if not limited:
            return self._make_step(
                "time_limits",
                title,
                self.env._(
                    "Give the seats a time limit, so that what nobody decides is "
                    "brought to the next department."
                ),
                "recommended",
                action=self._open_flows(seats.flow_id),
            )
        if stuck:
            return self._make_step(
                "time_limits",
                title,
                self.env._(
                    "When these time limits are over there is nobody to bring in: "
                    "choose a fallback department."
                ),
                "recommended",
                self._name_seats(stuck),
                self._open_departments(stuck.department_id),
            )
        return self._make_step(
            "time_limits",
            title,
            self.env._(
                "%(limited)s of %(total)s seats have a time limit, and each has "
                "somebody to turn to when it is over.",
                limited=len(limited),
                total=len(seats),
            ),
            action=self._open_flows(seats.flow_id),
        )

    def _check_working_hours(self, company):
        title = self.env._("Working Hours")
        departments = self._get_departments_in_use(company)
        without = departments.filtered(lambda dep: not dep.resource_calendar_id)
        if company.resource_calendar_id or not without:
            return self._make_step(
                "working_hours",
                title,
                self.env._("Time limits are counted in working hours."),
                action=self._open_departments(departments),
            )
        return self._make_step(
            "working_hours",
            title,
            self.env._(
                "The company has no working hours: time limits of these departments "
                "run through nights and holidays. Choose working hours for them."
            ),
            "recommended",
            without.mapped("name"),
            self._open_departments(without),
        )
