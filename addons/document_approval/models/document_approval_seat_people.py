from odoo import api, fields, models

#: more than this many open seats of an absent person are left to the scheduled job
_HAND_OVER_NOW = 50


class DocumentApprovalSeat(models.Model):
    """Who may decide: candidates, their deputies, and who comes after them (B5)."""

    _inherit = "document.approval.seat"

    # Who may decide ----------------------------------------------------------------

    def _get_able_users(self):
        """Return the candidates who could decide here now, in their own right.

        Active, allowed in the company, not concerned by the document themselves, and
        without a voice spent on a seat they may not hold beside this one.
        """
        self.ensure_one()
        seat_sudo = self.sudo()
        excluded = seat_sudo._get_excluded_users()
        spent = seat_sudo._get_rival_seats().decision_ids._get_voices()
        return seat_sudo._filter_present(seat_sudo.candidate_ids) - excluded - spent

    def _filter_present(self, users):
        """Return those of ``users`` who still work for the seat's company."""
        self.ensure_one()
        return users._approval_working_for(self.company_id)

    def _get_excluded_users(self, document=None):
        """Return who may not decide on the seat's document (four eyes)."""
        self.ensure_one()
        document = document or self.round_id._get_document()
        requester = self.round_id.requester_id
        return (document._approval_excluded_users() if document else requester) | (
            requester
        )

    def _get_principal(self, user, document=None):
        """Return in whose place ``user`` decides here: his own, or an absentee's.

        :return: one user; none when he may not decide here at all
        """
        self.ensure_one()
        if user in self.candidate_ids:
            return user
        if user not in self.deputy_ids:
            return user.browse()
        excluded = self._get_excluded_users(document)
        absent = self._get_delegations()._get_absent(
            user, self.company_id, self.department_id, without=excluded
        )
        able = self._filter_present(self.candidate_ids & absent)
        spent = self._get_rival_seats().decision_ids._get_voices()
        return (able - spent or able)[:1]

    def _get_absent_principal(self):
        """Return for whom the user acts here, if not for himself."""
        return self._get_principal(self.env.user) - self.env.user

    def _get_delegations(self):
        """Return the delegations running now."""
        return self.env["document.approval.delegation"]._get_running()

    def _get_pools(self):
        """Return the departments asked in turn: the seat's own, then its fallbacks."""
        self.ensure_one()
        pools = self.env["document.approval.department"]
        department = self.department_id
        while department and department not in pools:
            pools |= department
            department = department.fallback_id
        return pools | self.round_id.flow_id.fallback_department_id

    # Who comes after them --------------------------------------------------------

    def _bring_in(self, kind, users):
        """Let ``users`` decide too, and log why.

        :param str kind: ``replace`` or ``escalate``
        """
        self.ensure_one()
        self.write({"candidate_ids": [fields.Command.link(user.id) for user in users]})
        self.round_id._log(kind, self, people=users)

    def _replace_departed(self):
        """Call a fallback department when too few of the candidates are left.

        People who left the company or the document concerns by now cannot decide;
        their place is taken, and if nobody is left anywhere, administrators are told.
        """
        self.ensure_one()
        agreed = len(self.decision_ids.filtered("is_agreement"))
        missing = self.quorum - agreed - len(self._get_able_users())
        for pool in self._get_pools():
            if missing <= 0:
                break
            users = (
                pool._get_eligible_members()
                - self.candidate_ids
                - self._get_excluded_users()
                - self._get_rival_seats().decision_ids._get_voices()
            )
            if users:
                self._bring_in("replace", users)
                missing -= len(users)
        is_orphaned = missing > 0
        if is_orphaned != self.is_orphaned:
            self.write({"is_orphaned": is_orphaned})
            if is_orphaned:
                self._tell_orphaned()

    def _tell_orphaned(self):
        """Tell the approvals administrators that nobody is left to decide."""
        self.ensure_one()
        managers = self.env.ref("document_approval.group_manager").all_user_ids
        document = self.round_id._get_document()
        for user in self._filter_present(managers):
            lang_self = self.with_context(lang=user.lang)
            document._approval_attention(
                user,
                lang_self.env._("Nobody is left to decide"),
                lang_self.env._(
                    "%(document)s waits for %(department)s, where nobody who may "
                    "decide is left. Add members to the department or its fallback.",
                    document=self.res_name,
                    department=lang_self.department_id.name,
                ),
            )

    def _call_deputies(self):
        """Let the deputies of absent candidates decide, and log it once for each."""
        self.ensure_one()
        running = self._get_delegations()
        excluded = self._get_excluded_users() if running else None
        for delegation in running:
            for absent in self.candidate_ids & delegation.user_id:
                deputies = running._get_deputies(
                    absent, self.company_id, self.department_id, without=excluded
                )
                new = self._filter_present(deputies) - self.deputy_ids
                if new:
                    self.write({"deputy_ids": [fields.Command.link(u.id) for u in new]})
                    # sudo: in the name of who entered the delegation
                    round_sudo = self.round_id.with_user(delegation.author_id).sudo()
                    round_sudo._log("delegate", self, on_behalf=absent, people=new)

    @api.model
    def _hand_over(self, delegations):
        """Hand what is open over to the deputies of ``delegations``, at once."""
        for seat in self.search(
            [
                ("state", "=", "open"),
                ("candidate_ids", "in", delegations.user_id.ids),
            ],
            limit=_HAND_OVER_NOW,
        ):
            seat.round_id._bump()
            seat._call_deputies()
            seat._refresh_activity()

    # Who is asked ------------------------------------------------------------------

    def _get_responsible(self):
        """Return the user who gets the activity: present, and first in rank."""
        self.ensure_one()
        able = self._get_able_users()
        pools = self._get_pools()
        first = pools[min(self.escalation_count, len(pools) - 1)]
        called = self.decision_ids.filtered(lambda d: d.kind == "escalate")[-1:]
        user = first._get_first_responsible(able & called.person_ids or able)
        excluded = self._get_excluded_users()
        deputies = self._get_delegations()._get_deputies(
            user, self.company_id, self.department_id, without=excluded
        )
        # who is concerned himself or has spoken already cannot stand in
        spent = self._get_rival_seats().decision_ids._get_voices()
        free = self._filter_present(deputies & self.deputy_ids)
        return (free - excluded - spent)[:1] or user

    def _refresh_activity(self):
        """Have the one activity of an open seat lie with who should decide now."""
        self.ensure_one()
        user = self._get_responsible() if self.state == "open" else None
        activity = self.activity_id.filtered("active")  # not one marked as done
        if activity and activity.user_id == user:
            return
        self._remove_activity()
        if user:
            self._schedule_activity(user)
            if user != self.env.user:
                self._notify_responsible(user)

    # For the reader ------------------------------------------------------------------

    def _get_documents(self):
        """Return {seat: document}, all documents of a type read together."""
        result = {}
        for model_name, seats in self.sudo().grouped("res_model").items():
            model = self.env.get(model_name)
            if model is None or not hasattr(model, "_approval_write"):
                continue
            documents = model.browse(seats.mapped("res_id")).exists()
            by_id = {document.id: document for document in documents}
            result.update((seat, by_id.get(seat.res_id)) for seat in seats)
        return result

    def _get_names(self):
        """Return the names of who may decide, deputies with whom they stand for."""
        self.ensure_one()
        if self.state not in ("waiting", "open"):
            return self.candidate_ids.mapped("name")
        names = self._filter_present(self.candidate_ids).mapped("name")
        running = self._get_delegations()
        for deputy in self.deputy_ids - self.candidate_ids:
            absent = self.candidate_ids & running._get_absent(
                deputy, self.company_id, self.department_id
            )
            names += [
                self.env._("%(deputy)s for %(absent)s", deputy=deputy.name, absent=name)
                for name in absent[:1].mapped("name")
            ]
        return names
