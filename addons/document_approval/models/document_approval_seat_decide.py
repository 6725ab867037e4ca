from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

from ..plan import as_id, can_all_be_filled


class DocumentApprovalSeat(models.Model):
    _inherit = "document.approval.seat"

    def action_approve(self, comment=None, answers=None):
        """Agree, as the user, on each of these seats (SPEC B1, B2).

        :param str comment: optional words for the log
        :param dict answers: to the seats' checklists, by the ids of their questions:
            ``{id: "yes" | "no" | "na"}`` or ``{id: {"answer": ..., "remark": ...}}``
        :raise AccessError: the user is not one who may decide here
        :raise UserError: the seat is not open, the document changed since, a question
            of the checklist is not answered
        """
        self.check_access("read")
        self._decide("approve", self._clean_words(comment), answers=answers)
        return True

    def action_refuse(self, reason=None, reason_id=None, answers=None):
        """Return the documents for correction, as the user (SPEC B3).

        :param str reason: required; kept for good and told to the requester
        :param int reason_id: a ``document.approval.reason``, to count refusals by
        :param dict answers: as for :meth:`action_approve`, all of them optional
        :raise UserError: without a reason, or as :meth:`action_approve`
        """
        self.check_access("read")
        words = self._clean_words(reason)
        if not words:
            raise UserError(
                self.env._(
                    "Please say why you refuse, so that the requester knows what to "
                    "correct."
                )
            )
        kind_of_reason = self._clean_reason(reason_id)
        self._decide("refuse", words, reason=kind_of_reason, answers=answers)
        return True

    @api.model
    def _clean_reason(self, reason_id):
        """Return the kind of reason with this id, or none.

        :raise UserError: there is no such kind
        """
        reasons = self.env["document.approval.reason"]
        if not reason_id:
            return reasons
        reason = reasons.browse(as_id(reason_id)).exists()
        if not reason:
            raise UserError(self.env._("This kind of reason does not exist."))
        return reason

    @api.model
    def _clean_words(self, words):
        """Return the words without what a database cannot keep, or False.

        :raise UserError: when it is no text at all
        """
        if words is None or words is False:
            return False
        if not isinstance(words, str):
            raise UserError(self.env._("The comment has to be a text."))
        return words.replace("\x00", "").strip() or False

    def _decide(self, kind, words=None, reason=None, answers=None):
        """Record the user's decision and move the round on.

        The round is bumped before anything is read, so of two simultaneous
        decisions one is rerun on what the other left (DESIGN 3).
        """
        user = self.env.user
        seats_sudo = self.sudo()
        seats_sudo.round_id._bump()
        seats_sudo.invalidate_recordset()
        for seat_sudo in seats_sudo:
            objection = seat_sudo._get_objection(user)
            if objection:
                raise AccessError(objection)
            seat_sudo._check_document_unchanged()
            principal = seat_sudo._get_principal(user)
            given = seat_sudo._clean_answers(answers)
            if kind == "approve":
                seat_sudo._check_answers(given)
                seat_sudo._check_others_can_still_decide(user, principal)
            decision = seat_sudo.round_id.with_user(user)._log(
                kind,
                seat_sudo,
                words,
                on_behalf=principal - user,
                reason=reason,
            )
            decision._keep_answers(given)
            seat_sudo._apply(kind, words)

    def _apply(self, kind, words):
        """Move the seat, its round and its document on after a decision."""
        self.ensure_one()
        if kind == "refuse":
            self._close("refused")
            self.round_id._close_seats()
            self.round_id._set_state("refused", reason=words)
            document = self.round_id._get_document()
            document._approval_announce(self.round_id, words=words)
            document._approval_on_refused()
            return
        if len(self.decision_ids.filtered("is_agreement")) >= self.quorum:
            self._close("approved")
        else:
            self._refresh_activity()
        self.round_id._advance()

    def _get_objection(self, user, document=None):
        """Return in words why ``user`` may not decide here now, or None (SPEC B5).

        :param document: the seat's document, when the caller has it at hand
        """
        self.ensure_one()
        seat_sudo = self.sudo()
        round_sudo = seat_sudo.round_id
        if seat_sudo.state != "open" or round_sudo.state != "pending":
            return self.env._(
                "%(document)s: this seat is not open for a decision (any more).",
                document=round_sudo.res_name,
            )
        principal = seat_sudo._get_principal(user, document)
        if not principal:
            return seat_sudo._get_stranger_objection(user)
        if not user.active or round_sudo.company_id not in user.company_ids:
            return self.env._(
                "%(document)s: you have no access to %(company)s.",
                document=round_sudo.res_name,
                company=round_sudo.company_id.name,
            )
        return self._get_four_eyes_objection(user, principal, document)

    def _get_stranger_objection(self, user):
        """Return in words that only others may decide here."""
        self.ensure_one()
        if user in self.deputy_ids:
            return self.env._(
                "%(document)s: you were called for an absent colleague. That "
                "delegation is over, or the document is the colleague's own by now.",
                document=self.res_name,
            )
        return self.env._(
            "%(document)s: only %(names)s may decide for %(department)s.",
            document=self.res_name,
            names=format_list(self.env, self._get_names()),
            department=self.department_id.name,
        )

    def _get_four_eyes_objection(self, user, principal, document=None):
        seat_sudo = self.sudo()
        round_sudo = seat_sudo.round_id
        document = document or round_sudo._get_document()
        if not document:
            return self.env._(
                "%(document)s no longer exists.", document=round_sudo.res_name
            )
        # an absent person whom it concerns has no deputy here
        if user in document._approval_excluded_users() | round_sudo.requester_id:
            return self.env._(
                "%(document)s is your own document or carries your own changes: "
                "somebody else has to decide.",
                document=round_sudo.res_name,
            )
        spoken = seat_sudo._get_rival_seats().decision_ids.filtered(
            lambda decision: decision._get_voices() & (user | principal)
        )
        if spoken:
            return self.env._(
                "%(document)s: %(user)s has decided in this round already, for "
                "%(department)s.",
                document=round_sudo.res_name,
                user=(spoken[:1]._get_voices() & (user | principal))[:1].name,
                department=spoken.seat_id[:1].department_id.name,
            )
        return None

    def _get_rival_seats(self):
        """Return the seats of the round one person may fill only one of."""
        self.ensure_one()
        seats = self.round_id.seat_ids
        if self.company_id.document_approval_same_person:
            return seats.filtered(lambda s: s.level_sequence == self.level_sequence)
        return seats

    def _check_document_unchanged(self):
        document = self.round_id._get_document()
        if document._approval_fingerprints()[document.id] != self.round_id.fingerprint:
            raise UserError(
                self.env._(
                    "%(document)s changed after it was submitted. It has to be "
                    "submitted again.",
                    document=self.round_id.res_name,
                )
            )

    def _check_others_can_still_decide(self, user, principal):
        """Refuse a decision that would leave another seat without anybody.

        One person fills one seat only. Who is the last that can fill another seat
        has to decide there and leave this one to a colleague.
        """
        rivals = self._get_rival_seats()
        taken = rivals.decision_ids._get_voices()
        spent = {user.id, principal.id}
        open_seats = rivals.filtered(lambda s: s.state in ("waiting", "open"))
        wants = {
            seat.id: (
                set((seat._filter_present(seat.candidate_ids) - taken).ids),
                seat._get_missing_count(),
            )
            for seat in open_seats
        }
        if not can_all_be_filled(wants.values()):
            return  # it could not be finished before either: do not stand in the way
        people, needed = wants[self.id]
        wants[self.id] = (people - spent, needed - 1)
        after = [
            (people - spent, needed) for people, needed in wants.values() if needed > 0
        ]
        if not can_all_be_filled(after):
            others = open_seats - self
            raise UserError(
                self.env._(
                    "%(document)s: you are needed for %(departments)s, where nobody "
                    "else could decide. Please let a colleague decide for "
                    "%(department)s.",
                    document=self.round_id.res_name,
                    departments=format_list(
                        self.env,
                        others.filtered(
                            lambda s: user in s.candidate_ids
                        ).department_id.mapped("name"),
                    ),
                    department=self.department_id.name,
                )
            )
