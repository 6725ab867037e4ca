from odoo import api, models
from odoo.exceptions import AccessError

#: more names than these make a step unreadable
MOST_DETAILS = 8


class DocumentApprovalSetup(models.AbstractModel):
    """What is still missing until a company can enforce approvals (SPEC B8).

    Nothing is stored: every step looks at the company as it is. The steps are split by
    subject over the files ``document_approval_setup_*``.
    """

    _name = "document.approval.setup"
    _description = "Set-Up Checklist"

    @api.model
    @api.readonly
    def get_checklist(self):
        """Return the steps of the current company, in words and ready for JSON.

        A step's state is ``done``, ``todo`` (control cannot be enforced without it, or
        documents would get stuck) or ``recommended``. Its action, if the user may open
        one, shows the screen where it is done.

        :raise AccessError: for who is not an approvals administrator
        """
        if not self.env.user.has_group("document_approval.group_manager"):
            raise AccessError(
                self.env._("Only approvals administrators see the set-up checklist.")
            )
        company = self.env.company
        sections = [
            (self.env._("Departments and People"), self._get_people_steps(company)),
            (self.env._("Flows"), self._get_flow_steps(company)),
            (self.env._("Every Day"), self._get_daily_steps(company)),
        ]
        is_ready = all(
            step["state"] != "todo" for _title, steps in sections for step in steps
        )
        sections.append(
            (self.env._("The Switch"), self._get_switch_steps(company, is_ready))
        )
        states = [step["state"] for _title, steps in sections for step in steps]
        modes = company._fields["document_approval_mode"]
        return {
            "company": company.name,
            "mode": company.document_approval_mode,
            "mode_label": dict(modes._description_selection(self.env)).get(
                company.document_approval_mode
            ),
            "done": states.count("done"),
            "todo": states.count("todo"),
            "total": len(states),
            "progress": self.env._(
                "%(done)s of %(total)s done",
                done=states.count("done"),
                total=len(states),
            ),
            "advice": self._get_advice(company, states),
            "sections": [
                {"title": title, "steps": steps} for title, steps in sections if steps
            ],
        }

    def _get_advice(self, company, states):
        """Return in one sentence where the company stands."""
        todo = states[:-1].count("todo")
        if company.document_approval_mode == "enforce":
            if todo:
                return self.env._(
                    "Approvals are enforced. Look at what is marked “To do”: documents "
                    "may get stuck there."
                )
            return self.env._("Approvals are enforced, and nothing stands in the way.")
        if todo:
            return self.env._(
                "Do what is marked “To do” first. Everything else can follow while the "
                "company observes."
            )
        return self.env._("Everything needed is there: approvals can be enforced.")

    # What steps are made of ----------------------------------------------------------

    def _make_step(self, code, title, text, state="done", details=(), action=None):
        """Return a step; ``details`` are short lines under its text."""
        details = list(details)
        more = len(details) - MOST_DETAILS
        if more > 0:
            details[MOST_DETAILS:] = [self.env._("and %(number)s more", number=more)]
        if state != "done" and not action:
            text = self.env._(
                "%(text)s Ask a system administrator: you lack the rights for it.",
                text=text,
            )
        return {
            "code": code,
            "title": title,
            "text": text,
            "state": state,
            "details": details,
            "action": action or False,
        }

    def _open(self, xml_id, domain=None, **context):
        """Return the action of a screen, or nothing when the user may not open it."""
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        if not self.env[action["res_model"]].has_access("read"):
            return None
        if context:
            action["context"] = context
        if domain is not None:
            action["domain"] = domain
        return action

    def _open_record(self, record, action):
        """Return ``action``, or the form when it would list one record only."""
        if len(record) != 1 or not action:
            return action
        return {
            **action,
            "path": False,
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _open_departments(self, departments=None):
        domain = None if departments is None else [("id", "in", departments.ids)]
        action = self._open(
            "document_approval.document_approval_department_action", domain
        )
        return self._open_record(departments or (), action)

    def _open_flows(self, flows=None, **context):
        domain = None if flows is None else [("id", "in", flows.ids)]
        action = self._open(
            "document_approval.document_approval_flow_action", domain, **context
        )
        return self._open_record(flows or (), action)

    def _open_settings(self):
        """Return the settings for who may change them."""
        if not self.env.user.has_group("base.group_system"):
            return None
        return self._open(
            "document_approval.res_config_settings_action_document_approval",
            module="document_approval",
            bin_size=False,
        )

    # What is looked at ---------------------------------------------------------------

    def _get_flows(self, company):
        return self.env["document.approval.flow"].search(
            [("company_id", "=", company.id)]
        )

    def _get_departments(self, company):
        return self.env["document.approval.department"].search(
            [("company_id", "=", company.id)]
        )

    def _get_seats(self, company):
        return self._get_flows(company).level_ids.seat_ids

    def _get_departments_in_use(self, company):
        """Return the departments that a flow may ask, fallbacks included."""
        departments = self.env["document.approval.department"]
        todo = self._get_flows(company).fallback_department_id
        todo |= self._get_seats(company).department_id
        while todo:
            departments |= todo
            todo = todo.fallback_id - departments
        return departments or self._get_departments(company)

    def _name_seats(self, seats):
        """Return how to name seats in details."""
        return [
            self.env._(
                "%(department)s (%(level)s, %(flow)s)",
                department=seat.department_id.name,
                level=seat.level_id.name,
                flow=seat.flow_id.name,
            )
            for seat in seats
        ]
