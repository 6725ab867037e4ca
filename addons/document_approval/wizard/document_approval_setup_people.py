from odoo import models


class DocumentApprovalSetup(models.AbstractModel):
    _inherit = "document.approval.setup"

    def _get_people_steps(self, company):
        steps = [self._check_departments(company)]
        if self._get_departments(company):
            steps += [
                self._check_members(company),
                self._check_heads(company),
                self._check_fallbacks(company),
                self._check_four_eyes(company),
            ]
        return steps

    def _check_departments(self, company):
        title = self.env._("Departments")
        departments = self._get_departments(company)
        action = self._open_departments()
        if departments:
            return self._make_step(
                "departments",
                title,
                self.env._(
                    "%(count)s departments answer for their subjects.",
                    count=len(departments),
                ),
                action=action,
            )
        return self._make_step(
            "departments",
            title,
            self.env._(
                "Create a department for each subject somebody answers for: prices, "
                "credit, delivery dates."
            ),
            "todo",
            action=action,
        )

    def _check_members(self, company):
        title = self.env._("Members")
        in_use = self._get_departments_in_use(company)
        empty = in_use.filtered(lambda dep: not dep._get_eligible_members())
        if not empty:
            return self._make_step(
                "members",
                title,
                self.env._("Every department has somebody who can decide."),
                action=self._open_departments(in_use),
            )
        is_stuck = any(
            seat._get_setup_problems()
            for seat in self._get_seats(company)
            if seat.department_id in empty
        )
        return self._make_step(
            "members",
            title,
            self.env._("Add members: nobody decides for these departments themselves."),
            "todo" if is_stuck else "recommended",
            empty.mapped("name"),
            self._open_departments(empty),
        )

    def _check_heads(self, company):
        title = self.env._("Heads")
        in_use = self._get_departments_in_use(company)
        headless = in_use.filtered(lambda dep: not dep.head_id)
        if not headless:
            return self._make_step(
                "heads",
                title,
                self.env._("The head of each department is told first."),
                action=self._open_departments(in_use),
            )
        return self._make_step(
            "heads",
            title,
            self.env._(
                "Name who is told first. Without a head it is any member of the "
                "department."
            ),
            "recommended",
            headless.mapped("name"),
            self._open_departments(headless),
        )

    def _check_fallbacks(self, company):
        """Four eyes and escalation need somebody to turn to (DESIGN 2)."""
        title = self.env._("Fallback Departments")
        alone = self._get_seats(company).filtered(
            lambda seat: len(seat._get_candidate_pools()) < 2
        )
        if not alone:
            return self._make_step(
                "fallbacks",
                title,
                self.env._(
                    "When nobody of a department may decide, another one is asked."
                ),
                action=self._open_departments(),
            )
        return self._make_step(
            "fallbacks",
            title,
            self.env._(
                "Choose a fallback on the department or on the flow. Without one, what "
                "nobody there may decide on cannot be submitted, and nobody is brought "
                "in when time is over."
            ),
            "recommended",
            self._name_seats(alone),
            self._open_departments(alone.department_id),
        )

    def _check_four_eyes(self, company):
        """Warn of people who alone decide and also submit."""
        title = self.env._("Four Eyes")
        lonely = [
            (user, seat)
            for seat in self._get_seats(company)
            for user in self._get_lonely_submitters(seat, company)
        ]
        departments = self.env["document.approval.department"]
        departments = departments.union(*(seat.department_id for _user, seat in lonely))
        if not lonely:
            return self._make_step(
                "four_eyes",
                title,
                self.env._(
                    "Whoever submits a document, somebody else can decide on it."
                ),
            )
        return self._make_step(
            "four_eyes",
            title,
            self.env._(
                "These people may write documents and are needed to decide on them. "
                "Their own documents could not be submitted: add a second member or a "
                "fallback department."
            ),
            "recommended",
            dict.fromkeys(
                self.env._(
                    "%(user)s, %(department)s",
                    user=user.name,
                    department=seat.department_id.name,
                )
                for user, seat in lonely
            ),
            self._open_departments(departments),
        )

    def _get_lonely_submitters(self, seat, company):
        """Return whose own documents nobody else could decide on at this seat."""
        pools = seat._get_candidate_pools()
        # sudo: members need not be readable to who sets up departments
        members_sudo = pools[0]._get_eligible_members().sudo()
        people_sudo = members_sudo.union(
            *(pool._get_eligible_members().sudo() for pool in pools)
        )
        needed = seat.quorum if seat.rule == "quorum" else 1
        if not members_sudo or len(people_sudo) > needed:
            return members_sudo.browse()
        rounds = self.env["document.approval.round"]._read_group(
            [
                ("company_id", "=", company.id),
                ("res_model", "=", seat.model),
                ("requester_id", "in", members_sudo.ids),
            ],
            groupby=["requester_id"],
        )
        submitted = {user.id for (user,) in rounds}
        documents = self.env[seat.model]
        return members_sudo.filtered(
            lambda user: (
                user.id in submitted
                or documents.with_user(user.id).has_access("create")
            )
        )
