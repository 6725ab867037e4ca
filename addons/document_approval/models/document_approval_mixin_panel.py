from odoo import models
from odoo.fields import Datetime
from odoo.tools import format_list

from .document_approval_decision import DECISION_KINDS


class DocumentApprovalMixin(models.AbstractModel):
    _inherit = "document.approval.mixin"

    def _approval_panel_data(self, preview=False):
        """Return what the approval panel of one document shows, as plain data.

        Everybody who may read the document may see who decides on it and why, so
        rounds are read with elevated rights after the document itself was read.

        :param bool preview: show what a submission now would lead to, whatever the
            state of the document
        """
        self.ensure_one()
        self.check_access("read")
        round_sudo = self._approval_round()
        mode = self._approval_mode()
        if mode == "off" and not round_sudo and not preview:
            return False
        is_open = self._approval_is_open()
        preview = preview or (
            is_open and round_sudo.state not in ("pending", "approved", "refused")
        )
        data = {
            "mode": mode,
            "state": round_sudo.state or "none",
            "state_label": self._approval_state_label(round_sudo.state or "none"),
            "number": round_sudo.number,
            "requester": round_sudo.requester_id.name or "",
            "date_submitted": Datetime.to_string(round_sudo.date_submitted) or False,
            "amount": round_sudo.amount,
            "currency_id": round_sudo.currency_id.id,
            "is_preview": preview,
            "can_submit": self.approval_can_submit,
            "can_withdraw": round_sudo.state == "pending"
            and self.env.user in round_sudo.requester_id | self._approval_owner(),
            "can_release": self.approval_can_release,
            "can_print": bool(round_sudo),
            "is_emergency": round_sudo.is_emergency,
            "problems": [],
            "reason": round_sudo.reason or "",
            "changes": self._approval_panel_changes(round_sudo),
        }
        if preview:
            data.update(self._approval_panel_plan())
        else:
            data.update(self._approval_panel_round(round_sudo))
        data["enclosures"] = self._approval_panel_enclosures(round_sudo, preview)
        data["findings"] = _merge_departments(data["findings"])
        data["next_step"] = self._approval_next_step(round_sudo, data)
        data["history"] = self._approval_panel_history(round_sudo, preview)
        return data

    def _approval_state_label(self, state):
        field = self._fields["approval_state"]
        return dict(field._description_selection(self.env))[state]

    def _approval_next_step(self, round_sudo, data):
        """Return in words what happens next."""
        if data["is_preview"]:
            return self._approval_next_step_preview(data)
        if round_sudo.state == "pending":
            names = [
                seat["department"]
                for level in data["levels"]
                for seat in level["seats"]
                if seat["state"] == "open"
            ]
            return self.env._("Waiting for %s.", format_list(self.env, names))
        if round_sudo.state == "refused":
            return self.env._("Correct the document and submit it again.")
        if round_sudo.is_emergency and round_sudo.is_applied:
            return self.env._("Confirmed as released in an emergency.")
        if round_sudo.state == "approved" and round_sudo.is_applied:
            return self.env._("Confirmed as approved.")
        if round_sudo.state == "approved":
            return self.env._("Approved. It can be confirmed now.")
        return ""

    def _approval_next_step_preview(self, data):
        if data["problems"]:
            return self.env._("It cannot be submitted: nobody may decide on it.")
        if any(finding["severity"] == "block" for finding in data["findings"]):
            return self.env._("Complete what is missing, then submit it.")
        if not data["levels"]:
            return self.env._("Nobody has to review it. It can be confirmed now.")
        return self.env._("Submit it for approval.")

    def _approval_panel_changes(self, round_sudo):
        """Return what differs from what was last approved, or last submitted."""
        if round_sudo.is_applied or round_sudo.state == "approved":
            return []
        base = self._approval_last_approved(round_sudo) or round_sudo
        if round_sudo.state == "pending" and base == round_sudo:
            base = self.sudo().approval_round_ids.filtered(
                lambda earlier: earlier.number == round_sudo.number - 1
            )
        if not base:
            return []
        return self._approval_changes(
            base.snapshot, self._approval_snapshots()[self.id]
        )

    def _approval_last_approved(self, round_sudo):
        """Return the latest round of the document that somebody had agreed to."""
        return round_sudo.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("date_approved", "!=", False),
                ("seat_ids", "!=", False),
            ],
            order="number desc",
            limit=1,
        )

    def _approval_panel_round(self, round_sudo):
        """Return the frozen findings and levels of a round."""
        severities = dict(
            round_sudo.finding_ids._fields["severity"]._description_selection(self.env)
        )
        departments = self._approval_department_names()
        levels = []
        for seat_sudo in round_sudo.seat_ids.sorted(lambda s: (s.level_sequence, s.id)):
            if not levels or levels[-1]["sequence"] != seat_sudo.level_sequence:
                levels.append(
                    {
                        "sequence": seat_sudo.level_sequence,
                        "name": seat_sudo.level_name,
                        "is_joint": seat_sudo.is_joint,
                        "seats": [],
                    }
                )
            levels[-1]["seats"].append(self._approval_panel_seat(seat_sudo))
        for level in levels:
            level["is_joint"] = len(level["seats"]) > 1
            level["state"] = _level_state(level["seats"])
        return {
            "levels": levels,
            "findings": [
                {
                    "severity": finding.severity,
                    "severity_label": severities[finding.severity],
                    "department": finding.seat_id.department_id.name
                    or departments.get((finding.department_code or "").lower(), ""),
                    "line": self._approval_line_label(finding.line_label),
                    "text": self._approval_finding_text(
                        finding.code, finding.values or {}
                    ),
                }
                for finding in round_sudo.finding_ids
            ],
        }

    def _approval_department_names(self):
        """Return {lower-case code: name} of the company's departments."""
        departments_sudo = (
            self.env["document.approval.department"]
            .sudo()
            .search([("company_id", "=", self.sudo()._approval_get_company().id)])
        )
        return {dep.code.lower(): dep.name for dep in departments_sudo}

    def _approval_panel_seat(self, seat_sudo):
        deadline = seat_sudo.date_deadline
        return {
            "id": seat_sudo.id,
            "department": seat_sudo.department_id.name,
            "rule_label": self._approval_rule_label(seat_sudo.rule, seat_sudo.quorum),
            "names": seat_sudo._get_names(),
            "is_added": seat_sudo.is_added,
            "why_added": self._approval_panel_why_added(seat_sudo),
            "is_orphaned": seat_sudo.is_orphaned and seat_sudo.state == "open",
            "check_count": len(seat_sudo.check_ids),
            "state": seat_sudo.state,
            "state_label": dict(
                seat_sudo._fields["state"]._description_selection(self.env)
            )[seat_sudo.state],
            "date_deadline": Datetime.to_string(deadline) or False,
            "is_overdue": bool(
                deadline and seat_sudo.state == "open" and deadline < Datetime.now()
            ),
            "can_decide": seat_sudo.with_user(self.env.user)
            .sudo()
            ._get_objection(self.env.user)
            is None,
            "decisions": [
                self._approval_panel_entry(decision)
                for decision in seat_sudo.decision_ids
            ],
        }

    def _approval_panel_why_added(self, seat_sudo):
        """Return who asked for a seat, and for what."""
        added = seat_sudo.decision_ids.filtered(lambda d: d.kind == "add_seat")[:1]
        if not added:
            return ""
        return self.env._(
            "%(user)s asks: %(words)s", user=added.user_id.name, words=added.words or ""
        )

    def _approval_panel_entry(self, decision):
        kinds = dict(decision._fields["kind"]._description_selection(self.env))
        labels = self.env["document.approval.answer"]._get_labels()
        return {
            "who": self._approval_panel_who(decision),
            "people": decision.person_ids.mapped("name"),
            "reason": decision.reason_id.name or "",
            "origin_number": decision.origin_id.round_id.number,
            "answers": [
                {
                    "question": answer.check_id.name,
                    "answer": answer.answer,
                    "answer_label": labels[answer.answer],
                    "remark": answer.remark or "",
                }
                for answer in decision.answer_ids
            ],
            "user": decision.user_id.name,
            "on_behalf": decision.on_behalf_id.name or False,
            "kind": decision.kind,
            "kind_label": kinds.get(decision.kind, dict(DECISION_KINDS)[decision.kind]),
            "department": decision.seat_id.department_id.name or "",
            "date": Datetime.to_string(decision.date),
            "words": decision.words or "",
        }

    def _approval_panel_who(self, decision):
        """Return who said it, and for whom; or whom the system or somebody called."""
        people = format_list(self.env, decision.person_ids.mapped("name"))
        user, absent = decision.user_id.name, decision.on_behalf_id.name
        if decision.kind == "carry_over":
            return absent
        if decision.kind in ("escalate", "replace"):
            return people
        if decision.kind == "delegate":
            user = people
        if not absent:
            return user
        return self.env._("%(deputy)s for %(absent)s", deputy=user, absent=absent)

    def _approval_rule_label(self, rule, needed):
        if rule == "all":
            return self.env._("All %s members", needed)
        if rule == "quorum":
            return self.env._("At least %s members", needed)
        return self.env._("One member")

    def _approval_panel_plan(self):
        """Return the findings and levels a submission now would lead to."""
        plan = self._approval_plans()[self.id]
        document_sudo = self.sudo()
        severities = dict(
            self.env["document.approval.finding"]
            ._fields["severity"]
            ._description_selection(self.env)
        )
        departments = self._approval_department_names()
        return {
            "number": 0,  # what is shown is not a round yet
            "requester": "",
            "date_submitted": False,
            "amount": document_sudo._approval_amounts()[self.id],
            "currency_id": document_sudo._approval_get_company().currency_id.id,
            "problems": plan.problems,
            "reason": plan.reason,
            "findings": [
                {
                    "severity": finding["severity"],
                    "severity_label": severities[finding["severity"]],
                    "department": departments.get(
                        (finding["department"] or "").lower(), finding["department"]
                    ),
                    "line": self._approval_line_label(finding["line_label"]),
                    "text": self._approval_finding_text(
                        finding["code"], finding["values"]
                    ),
                }
                for finding in plan.findings
            ],
            "levels": self._approval_panel_planned_levels(plan),
        }

    def _approval_panel_planned_levels(self, plan):
        return [
            {
                "sequence": index,
                "name": level.name,
                "is_joint": len(level.seats) > 1,
                "state": "waiting",
                "seats": [self._approval_panel_planned_seat(s) for s in level.seats],
            }
            for index, level in enumerate(plan.levels, start=1)
        ]

    def _approval_panel_planned_seat(self, seat):
        return {
            "id": 0,
            "is_added": False,
            "why_added": "",
            "is_orphaned": False,
            "check_count": len(seat.checks),
            "department": seat.department.name,
            "rule_label": self._approval_rule_label(seat.rule, seat.needed),
            # sudo: names of colleagues, shown to readers of the document
            "names": seat.candidates.sudo().mapped("name"),
            "state": "waiting",
            "state_label": "",
            "date_deadline": False,
            "is_overdue": False,
            "can_decide": False,
            "decisions": [],
        }

    def _approval_panel_history(self, round_sudo, preview):
        """Return the rounds not shown above, newest first."""
        rounds_sudo = self.sudo().approval_round_ids.sorted("number", reverse=True)
        if not preview:
            rounds_sudo -= round_sudo
        return [
            {
                "number": earlier.number,
                "state": earlier.state,
                "state_label": self._approval_state_label(earlier.state),
                "requester": earlier.requester_id.name,
                "date_submitted": Datetime.to_string(earlier.date_submitted),
                "reason": earlier.reason or "",
                "entries": [
                    self._approval_panel_entry(decision)
                    for decision in earlier.decision_ids
                ],
            }
            for earlier in rounds_sudo
        ]


def _merge_departments(findings):
    """Return each finding once, naming all departments that must look at it."""
    merged = {}
    for finding in findings:
        key = (finding["severity"], finding["line"], finding["text"])
        first = merged.setdefault(key, {**finding, "department": []})
        if finding["department"] and finding["department"] not in first["department"]:
            first["department"].append(finding["department"])
    return [
        {**finding, "department": " · ".join(finding["department"])}
        for finding in merged.values()
    ]


def _level_state(seats):
    """Return how far a level is, from the states of its seats."""
    states = {seat["state"] for seat in seats}
    if "refused" in states:
        return "refused"
    if "open" in states:
        return "open"
    # closed alone: the round ended before anybody was asked here
    return "done" if "approved" in states else "waiting"
