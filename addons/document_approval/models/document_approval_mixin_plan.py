from odoo import models
from odoo.tools import format_list

from ..plan import Plan, PlannedLevel, PlannedSeat, match_people


class DocumentApprovalMixin(models.AbstractModel):
    _inherit = "document.approval.mixin"

    def _approval_plans(self):
        """Return ``{id: Plan}``: who would review each document if submitted now.

        The requester is the current user. Findings are computed once for all.
        """
        findings = self._approval_findings()
        flows_sudo = (
            self.env["document.approval.flow"]
            .sudo()
            .search([("model", "=", self._name), ("active", "=", True)])
        )
        return {
            document.id: document._approval_plan(flows_sudo, findings[document.id])
            for document in self
        }

    def _approval_plan(self, flows_sudo, findings):
        self.ensure_one()
        document_sudo = self.sudo()
        company = document_sudo._approval_get_company()
        flow = next(
            (
                flow
                for flow in flows_sudo
                if flow.company_id == company
                and flow._meets(document_sudo, flow.domain, flow.name)
            ),
            flows_sudo.browse(),
        )
        plan = Plan(flow=flow, findings=findings)
        if not flow:
            plan.reason = self.env._(
                "Nobody has to review it: no approval flow is meant for it."
            )
            return plan
        levels = self._approval_levels(flow, findings)
        plan.levels = self._approval_planned_levels(levels)
        self._approval_assign_findings(plan)
        self._approval_check_levels(plan, levels)
        if not plan.levels:
            plan.reason = self.env._(
                "Nobody has to review it by flow %(flow)s.", flow=flow.name
            )
        self._approval_fill_seats(plan)
        return plan

    def _approval_check_levels(self, plan, levels):
        """A level that takes part but seats nobody is a mistake, not an approval."""
        empty = levels.filtered(
            lambda level: not any(level.seat_ids.mapped("is_required"))
        )
        if empty or not plan.flow.level_ids.seat_ids:
            plan.problems.append(
                self.env._(
                    "Flow %(flow)s is not complete: %(levels)s seats nobody. Ask the "
                    "approvals administrator to add seats.",
                    flow=plan.flow.name,
                    levels=format_list(self.env, empty.mapped("name"))
                    or plan.flow.name,
                )
            )

    def _approval_levels(self, flow, findings):
        """Return the levels that take part, in order (DESIGN 2).

        Always or by condition first; then a finding opens the first level seating
        its department, when that department has no seat yet.
        """
        document_sudo = self.sudo()
        taking_part = flow.level_ids.filtered(lambda lv: lv._matches(document_sudo))
        on_finding = flow.level_ids.filtered(
            lambda lv: lv.participation in ("finding", "domain_or_finding")
        )
        for finding in findings:
            if finding["severity"] != "review":
                continue
            code = (finding["department"] or "").lower()
            seated = taking_part.seat_ids.department_id
            if code in [c.lower() for c in seated.mapped("code")]:
                continue
            taking_part |= on_finding.filtered(
                lambda lv, code=code: (
                    code
                    in [c.lower() for c in lv.seat_ids.department_id.mapped("code")]
                )
            )[:1]
        return taking_part.sorted(lambda lv: (lv.sequence, lv.id))

    def _approval_planned_levels(self, levels):
        """Return planned levels; joint seats replace their departments' ordinary."""
        joint = levels.filtered(lambda lv: len(lv.seat_ids) > 1)
        planned = []
        for level in levels:
            seats = level.seat_ids
            if level not in joint:
                seats = seats.filtered(
                    lambda s: s.department_id not in joint.seat_ids.department_id
                )
            if seats:
                planned.append(
                    PlannedLevel(
                        record=level,
                        name=level.name,
                        seats=[self._approval_planned_seat(seat) for seat in seats],
                    )
                )
        return planned

    def _approval_planned_seat(self, seat):
        return PlannedSeat(
            department=seat.department_id,
            rule=seat.rule,
            quorum=seat.quorum,
            is_required=seat.is_required,
            deadline_days=seat.deadline_days,
            pools=seat._get_candidate_pools(),
            record=seat,
            checks=seat.check_ids,
        )

    def _approval_assign_findings(self, plan):
        """Give every finding to its department's first seat, else to the fallback."""
        by_code = {}
        for level in plan.levels:
            for seat in level.seats:
                by_code.setdefault(seat.department.code.lower(), seat)
        for index, finding in enumerate(plan.findings):
            if finding["severity"] == "block":
                continue
            seat = by_code.get((finding["department"] or "").lower())
            if not seat and finding["severity"] == "review":
                seat = self._approval_fallback_seat(plan, by_code, finding)
            if seat:
                seat.findings.append(index)

    def _approval_fallback_seat(self, plan, by_code, finding):
        fallback = plan.flow.fallback_department_id
        if not fallback:
            plan.problems.append(
                self.env._(
                    "“%(finding)s” concerns department %(department)s, which has no "
                    "seat in flow %(flow)s, and the flow has no fallback department.",
                    finding=self._approval_finding_message(finding),
                    department=finding["department"],
                    flow=plan.flow.name,
                )
            )
            return None
        code = fallback.code.lower()
        if code not in by_code:
            by_code[code] = PlannedSeat(
                department=fallback,
                rule="one",
                quorum=1,
                is_required=True,
                deadline_days=0.0,
                pools=[fallback],
            )
            plan.levels.append(
                PlannedLevel(
                    record=plan.flow.level_ids.browse(),
                    name=fallback.name,
                    seats=[by_code[code]],
                )
            )
        return by_code[code]

    def _approval_fill_seats(self, plan):
        """Find the people, so that nobody is needed in two places at once.

        One person fills one seat of a level, and one of the whole round unless the
        company allows more. Seats that stay short are opened to their fallbacks.
        """
        excluded = self._approval_excluded_users() | self.env.user
        # sudo: the company is read whoever submits
        if self.sudo()._approval_get_company().document_approval_same_person:
            groups = [level.seats for level in plan.levels]
        else:
            groups = [[seat for level in plan.levels for seat in level.seats]]
        for seats in groups:
            for short in self._approval_fill_group(seats, excluded):
                plan.problems.append(
                    self.env._(
                        "Nobody may decide for %(department)s: %(needed)s needed who "
                        "are active, allowed in %(company)s, and neither requester, "
                        "creator, salesperson, last editor nor already needed for "
                        "another seat. Ask the approvals administrator to add "
                        "members or a fallback department.",
                        department=short.department.name,
                        needed=short.needed,
                        # sudo: as above
                        company=self.sudo()._approval_get_company().name,
                    )
                )

    def _approval_fill_group(self, seats, excluded):
        """Fill seats that must go to different people; return those left short."""
        queues = {}
        for seat in seats:
            queues[id(seat)] = list(seat.pools)
            seat.candidates = self.env["res.users"]
            while queues[id(seat)] and not seat.candidates:
                seat.candidates = self._approval_pool(queues[id(seat)], excluded)
            seat.needed = {
                "one": 1,
                "all": max(len(seat.candidates), 1),
                "quorum": seat.quorum,
            }[seat.rule]
        while True:
            found = match_people(
                [(set(seat.candidates.ids), seat.needed) for seat in seats]
            )
            short = [
                seat
                for seat, people in zip(seats, found, strict=True)
                if len(people) < seat.needed
            ]
            extensible = [seat for seat in short if queues[id(seat)]]
            if not extensible:
                return short
            for seat in extensible:
                seat.candidates |= self._approval_pool(queues[id(seat)], excluded)

    def _approval_pool(self, queue, excluded):
        # sudo: departments are read whoever submits
        return queue.pop(0).sudo()._get_eligible_members() - excluded
