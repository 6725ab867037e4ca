from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..plan import as_id, can_all_be_filled
from .document_approval_answer import ANSWERS


class DocumentApprovalSeat(models.Model):
    """What a reviewer does besides deciding: checks, asks, calls others in (B2)."""

    _inherit = "document.approval.seat"

    # Checklists --------------------------------------------------------------------

    @api.model
    def _clean_answers(self, answers):
        """Return ``{check id: (answer, remark)}`` of what a caller gave.

        Answers to questions of other seats are left out: one call may decide on
        several seats.

        :raise UserError: when something is no answer
        """
        if not answers:
            return {}
        if not isinstance(answers, dict):
            raise UserError(self.env._("The answers to the checklist are not usable."))
        result = {}
        for check in self.check_ids:
            given = answers.get(check.id, answers.get(str(check.id)))
            if not given:
                continue
            remark = False
            if isinstance(given, dict):
                remark = self._clean_words(given.get("remark"))
                given = given.get("answer")
            if not given:
                continue
            if not isinstance(given, str) or given not in dict(ANSWERS):
                raise UserError(
                    self.env._(
                        "“%(question)s”: the answer is yes, no or not applicable.",
                        question=check.name,
                    )
                )
            result[check.id] = (given, remark)
        return result

    def _check_answers(self, given):
        """Refuse to agree while the checklist is not answered as it has to be.

        :param dict given: as :meth:`_clean_answers` returns it
        """
        self.ensure_one()
        missing = self.check_ids.filtered(lambda check: check.id not in given)
        wrong = (self.check_ids - missing).filtered(
            lambda check: check.must_be_yes and given[check.id][0] != "yes"
        )
        if missing:
            raise UserError(
                self.env._(
                    "%(document)s: please answer the checklist of %(department)s "
                    "first:\n%(questions)s",
                    document=self.res_name,
                    department=self.department_id.name,
                    questions="\n".join(f"- {check.name}" for check in missing),
                )
            )
        if wrong:
            raise UserError(
                self.env._(
                    "%(document)s: %(department)s can agree only when this is "
                    "answered with yes:\n%(questions)s",
                    document=self.res_name,
                    department=self.department_id.name,
                    questions="\n".join(f"- {check.name}" for check in wrong),
                )
            )

    # Asking --------------------------------------------------------------------------

    def action_ask(self, question=None):
        """Ask the requester something before deciding; nothing is decided.

        :param str question: required; kept in the log and on the document
        :raise AccessError: the user may not decide here
        """
        self.check_access("read")
        words = self._clean_words(question)
        if not words:
            raise UserError(self.env._("Please write what you want to know."))
        for seat_sudo in self.sudo():
            seat_sudo._check_may_act()
            round_sudo = seat_sudo.round_id
            round_sudo.with_user(self.env.user)._log(
                "ask", seat_sudo, words, on_behalf=seat_sudo._get_absent_principal()
            )
            document_sudo = round_sudo._get_document()
            owner = document_sudo._approval_owner()
            lang_self = self.with_context(lang=owner.lang)
            document_sudo._approval_post(
                Markup("<p><b>%s</b></p><p>%s</p>")
                % (lang_self.env._("A question before deciding:"), escape(words)),
                (owner - self.env.user).partner_id,
            )
            document_sudo._approval_attention(
                owner, lang_self.env._("A reviewer asks"), words
            )
        return True

    def _check_may_act(self):
        """Bump the round, then refuse who may not decide on the seat now.

        :raise AccessError: in words why not
        """
        self.ensure_one()
        self.round_id._bump()
        self.invalidate_recordset()
        objection = self._get_objection(self.env.user)
        if objection:
            raise AccessError(objection)

    # Calling others in -----------------------------------------------------------

    def action_add_seat(self, department_id=None, words=None, user_ids=None):
        """Have another department review too, side by side with this seat (SPEC B2).

        The level is left only when it has agreed as well. The one who adds it still
        decides on the seat he sits on.

        :param int department_id: of the document's company
        :param str words: required; what it is asked to look at
        :param list user_ids: only these of its members; by default all
        :raise AccessError: the user may not decide on this seat now
        :raise UserError: the department sits there already, or nobody of it may decide
        """
        if len(self) != 1:
            raise UserError(
                self.env._("Departments are added to one review at a time.")
            )
        self.check_access("read")
        words = self._clean_words(words)
        if not words:
            raise UserError(
                self.env._("Please say what the other department should look at.")
            )
        seat_sudo = self.sudo()
        seat_sudo._check_may_act()
        seat_sudo._check_document_unchanged()
        department_sudo = seat_sudo._find_department(department_id)
        people = seat_sudo._get_addable_users(department_sudo)
        if user_ids:
            chosen = user_ids if isinstance(user_ids, list) else [user_ids]
            people = people.filtered(lambda user: user.id in chosen)
        seat_sudo._check_addable(department_sudo, people)
        added_sudo = seat_sudo.create(
            seat_sudo._prepare_added_seat_values(department_sudo, people)
        )
        added_sudo._take_level_name(seat_sudo)
        seat_sudo.round_id.with_user(self.env.user)._log(
            "add_seat",
            added_sudo,
            words,
            people=people,
            on_behalf=seat_sudo._get_absent_principal(),
        )
        added_sudo._open()
        return True

    def _get_added_beside(self):
        """Return the seats a reviewer added beside this one, in whatever round.

        An agreement that is carried over was given beside those of its first round.
        """
        asked = self | self.decision_ids.origin_id.seat_id
        return asked.round_id.seat_ids.filtered(
            lambda seat: (
                seat.is_added
                and (seat.round_id, seat.level_sequence)
                in [(own.round_id, own.level_sequence) for own in asked]
            )
        )

    def _find_department(self, department_id):
        """Return the department with this id in the seat's company.

        :raise UserError: there is none
        """
        departments = self.env["document.approval.department"]
        department = departments.browse(as_id(department_id)).exists()
        if not department.active or department.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "Please choose a department of %(company)s.",
                    company=self.company_id.name,
                )
            )
        return department

    def _get_addable_users(self, department):
        """Return who of ``department`` could decide beside this seat."""
        self.ensure_one()
        return (
            department._get_eligible_members()
            - self._get_excluded_users()
            - self._get_rival_seats().decision_ids._get_voices()
            - self.env.user
        )

    def _check_addable(self, department, people):
        """Refuse a seat that is there already, or that nobody could fill.

        :raise UserError: in words
        """
        self.ensure_one()
        beside = self.round_id.seat_ids.filtered(
            lambda seat: (
                seat.level_sequence == self.level_sequence
                and seat.department_id == department
            )
        )
        if beside:
            raise UserError(
                self.env._(
                    "%(department)s reviews %(document)s on this level already.",
                    department=department.name,
                    document=self.res_name,
                )
            )
        rivals = self._get_rival_seats()
        taken = rivals.decision_ids._get_voices()
        wants = [
            (
                set((seat._filter_present(seat.candidate_ids) - taken).ids),
                seat._get_missing_count(),
            )
            for seat in rivals
            if seat.state in ("waiting", "open")
        ]
        if not people or not can_all_be_filled([*wants, (set(people.ids), 1)]):
            raise UserError(
                self.env._(
                    "Nobody of %(department)s may decide on %(document)s: whoever "
                    "there is left is requester, creator, salesperson or editor, or "
                    "is needed on another seat.",
                    department=department.name,
                    document=self.res_name,
                )
            )

    def _get_missing_count(self):
        """Return how many have still to agree."""
        self.ensure_one()
        return self.quorum - len(self.decision_ids.filtered("is_agreement"))

    def _prepare_added_seat_values(self, department, people):
        """Return the values of a seat beside this one."""
        self.ensure_one()
        return {
            "round_id": self.round_id.id,
            "level_sequence": self.level_sequence,
            "level_id": self.level_id.id,
            "level_name": self.level_name,
            "is_joint": True,
            "department_id": department.id,
            "rule": "one",
            "quorum": 1,
            "is_required": True,
            "deadline_days": self.deadline_days,
            "candidate_ids": [fields.Command.set(people.ids)],
            "is_added": True,
            "added_by_id": self.env.uid,
        }

    def _take_level_name(self, seat):
        """Name the level as ``seat`` does, in all languages."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE document_approval_seat s SET level_name = o.level_name"
                " FROM document_approval_seat o WHERE o.id = %s AND s.id IN %s"
                " RETURNING s.id",
                seat.id,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["level_name"], flush=False)
