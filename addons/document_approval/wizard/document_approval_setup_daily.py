from odoo import fields, models, tools
from odoo.fields import Domain
from odoo.tools import format_datetime

#: an absence that ends within these days is worth a look
SOON_DAYS = 2


class DocumentApprovalSetup(models.AbstractModel):
    _inherit = "document.approval.setup"

    def _get_daily_steps(self, company):
        return [
            self._check_mail(),
            self._check_emergency_people(company),
            self._check_emergency_told(company),
            self._check_deputies(company),
            self._check_open_seats(company),
        ]

    def _check_mail(self):
        title = self.env._("Outgoing Mail")
        # sudo: only whether there is one
        servers_sudo = self.env["ir.mail_server"].sudo()
        configured = tools.config.get("smtp_server")
        action = None
        if self.env.user.has_group("base.group_system"):
            action = self._open("base.action_ir_mail_server_list")
        if servers_sudo.search_count([], limit=1) or (
            configured and configured != "localhost"
        ):
            return self._make_step(
                "mail",
                title,
                self.env._("Reviewers are told by mail, with a link to decide."),
                action=action,
            )
        return self._make_step(
            "mail",
            title,
            self.env._(
                "Set up a mail server, so that reviewers get a mail with a link to "
                "decide. Without mails they look into My Approvals."
            ),
            "recommended",
            action=action,
        )

    def _check_emergency_people(self, company):
        title = self.env._("Emergency Release")
        # sudo: groups and their members are for system administrators to read
        group_sudo = self.env.ref("document_approval.group_emergency").sudo()
        users_sudo = group_sudo.all_user_ids._approval_working_for(company)
        action = None
        if self.env["res.groups"].has_access("write"):
            action = self._open("document_approval.res_groups_action_emergency")
        if users_sudo:
            return self._make_step(
                "emergency_people",
                title,
                self.env._(
                    "In an emergency these people may release a document, with a "
                    "reason that is logged:"
                ),
                details=users_sudo.mapped("name"),
                action=action,
            )
        return self._make_step(
            "emergency_people",
            title,
            self.env._(
                "Name who may release a document in an emergency: put them into the "
                "group Emergency Release. Nobody can do it now."
            ),
            "recommended",
            action=action,
        )

    def _check_emergency_told(self, company):
        title = self.env._("Told of Emergency Releases")
        department = company.document_approval_emergency_department_id
        if not department:
            department = self._get_departments(company).filtered(
                lambda dep: dep.code.lower() == "management"
            )
        if department and department._get_eligible_members():
            return self._make_step(
                "emergency_told",
                title,
                self.env._(
                    "Department %(department)s is told of every one.",
                    department=department[:1].name,
                ),
                action=self._open_departments(department),
            )
        return self._make_step(
            "emergency_told",
            title,
            self.env._(
                "Choose a department in the settings, or add members to the one with "
                "the code management. Nobody would be told now."
            ),
            "recommended",
            action=self._open_departments(department)
            if department
            else self._open_settings() or self._open_departments(),
        )

    def _check_deputies(self, company):
        """Look at absences: deputies who left, and those that end soon."""
        title = self.env._("Deputies")
        delegations_sudo = self._get_delegations(company)
        action = self._open("document_approval.document_approval_delegation_action")
        gone_sudo = delegations_sudo.filtered(
            lambda delegation: (
                not delegation.delegate_id.active
                or company not in delegation.delegate_id.company_ids
            )
        )
        if gone_sudo:
            return self._make_step(
                "deputies",
                title,
                self.env._("These deputies cannot decide any more. Name others."),
                "todo",
                gone_sudo.mapped("display_name"),
                action,
            )
        text = self.env._("Nobody is away.")
        if delegations_sudo:
            text = self.env._(
                "%(count)s absences are running or planned, with a deputy each.",
                count=len(delegations_sudo),
            )
        return self._make_step(
            "deputies",
            title,
            text,
            details=self._name_ending(delegations_sudo),
            action=action,
        )

    def _get_delegations(self, company):
        """Return the absences of members that run or are planned."""
        members = self.env["res.users"].union(
            *(dep._get_eligible_members() for dep in self._get_departments(company))
        )
        return (
            self.env["document.approval.delegation"]
            .sudo()  # also names of archived users
            .search(
                [
                    ("date_to", ">", fields.Datetime.now()),
                    ("company_id", "in", (False, company.id)),
                    ("user_id", "in", members.ids),
                ]
            )
        )

    def _name_ending(self, delegations):
        """Return the running ones that end soon, in words."""
        now = fields.Datetime.now()
        soon = fields.Datetime.add(now, days=SOON_DAYS)
        return [
            self.env._(
                "%(delegation)s, until %(date)s",
                delegation=delegation.display_name,
                date=format_datetime(self.env, delegation.date_to, dt_format="short"),
            )
            for delegation in delegations
            if delegation.date_from <= now and delegation.date_to < soon
        ]

    def _check_open_seats(self, company):
        """Look at what waits now for somebody who is gone."""
        title = self.env._("What Waits Now")
        count, late, stuck = self._get_waiting_seats(company)
        if stuck:
            return self._make_step(
                "open_seats",
                title,
                self.env._(
                    "Nobody is left to decide on these. Add members to the department "
                    "or to its fallback."
                ),
                "todo",
                stuck.mapped("display_name"),
                self._open_departments(stuck.department_id),
            )
        text = self.env._("Nothing waits for a decision.")
        if count:
            text = self.env._(
                "%(count)s seats wait for a decision, %(late)s of them overdue; each "
                "has somebody who may decide.",
                count=count,
                late=late,
            )
        return self._make_step(
            "open_seats",
            title,
            text,
            action=late
            and self._open("document_approval.document_approval_report_action_overdue"),
        )

    def _get_waiting_seats(self, company):
        """Return how many seats wait, how many of them too long, and the stuck ones."""
        waiting = (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "open")
            & Domain("round_id.state", "=", "pending")
        )
        gone = Domain("candidate_ids", "not any", [("active", "=", True)])
        # sudo: candidates need not be readable to who sets up departments
        seats_sudo = self.env["document.approval.seat"].sudo()
        stuck_sudo = seats_sudo.search(
            waiting & (Domain("is_orphaned", "=", True) | gone), order="id"
        )
        late = Domain("date_deadline", "<", fields.Datetime.now())
        return (
            seats_sudo.search_count(waiting),
            seats_sudo.search_count(waiting & late),
            stuck_sudo.sudo(False),
        )

    # The switch ----------------------------------------------------------------------

    def _get_switch_steps(self, company, is_ready):
        return [self._check_observed(company), self._check_switch(company, is_ready)]

    def _check_observed(self, company):
        title = self.env._("Observe First")
        count = self.env["document.approval.round"].search_count(
            [("company_id", "=", company.id), ("state", "=", "observed")]
        )
        rounds = self._open(
            "document_approval.document_approval_round_action",
            [("company_id", "=", company.id), ("state", "=", "observed")],
        )
        if not count and company.document_approval_mode == "enforce":
            return self._make_step(
                "observed", title, self.env._("The company has gone further already.")
            )
        if count:
            return self._make_step(
                "observed",
                title,
                self.env._(
                    "%(count)s documents were recorded without being stopped.",
                    count=count,
                ),
                action=rounds,
            )
        if company.document_approval_mode == "observe":
            return self._make_step(
                "observed",
                title,
                self.env._("Nothing was recorded yet. Wait for some documents."),
                "recommended",
                action=rounds,
            )
        return self._make_step(
            "observed",
            title,
            self.env._(
                "Switch to Observe for some weeks: what would have been found and "
                "asked is recorded, and nothing is stopped."
            ),
            "recommended",
            action=self._open_settings(),
        )

    def _check_switch(self, company, is_ready):
        title = self.env._("Enforce")
        action = self._open_settings()
        if company.document_approval_mode == "enforce":
            return self._make_step(
                "switch",
                title,
                self.env._("A document without its approvals cannot be confirmed."),
                action=action,
            )
        if not is_ready:
            text = self.env._(
                "Do what is marked “To do” above, then switch to Enforce."
            )
        else:
            text = self.env._("Switch to Enforce when what was observed looks right.")
        return self._make_step("switch", title, text, "todo", action=action)
