from odoo import models
from odoo.fields import Command, Datetime
from odoo.tools import SQL


class DocumentApprovalRound(models.Model):
    _inherit = "document.approval.round"

    def _log(
        self,
        kind,
        seat=None,
        words=None,
        on_behalf=None,
        people=None,
        reason=None,
        origin=None,
    ):
        """Append a decision; nothing else ever writes to the log.

        :param str kind: a key of ``document.approval.decision.kind``
        :param on_behalf: for whom the user speaks
        :param people: users who may decide from then on
        :param reason: kind of reason of a refusal
        :param origin: the agreement that is carried over
        :return: the decision
        """
        self.ensure_one()
        return (
            self.env["document.approval.decision"]
            # sudo: only the engine writes the log
            .sudo()
            .create(
                {
                    "round_id": self.id,
                    "seat_id": seat.id if seat else False,
                    "kind": kind,
                    "user_id": self.env.uid,
                    "on_behalf_id": on_behalf.id if on_behalf else False,
                    "words": words or False,
                    "person_ids": [Command.set(people.ids if people else [])],
                    "reason_id": reason.id if reason else False,
                    "origin_id": origin.id if origin else False,
                }
            )
        )

    def _advance(self):
        """Open the next level, or approve the round when all levels have agreed."""
        self.ensure_one()
        round_sudo = self.sudo()
        if round_sudo.state != "pending":
            return
        unfinished = round_sudo.seat_ids.filtered(
            lambda seat: seat.is_required and seat.state in ("waiting", "open")
        )
        if not unfinished:
            self._close_seats()
            self._set_state("approved")
            document_sudo = round_sudo._get_document()
            document_sudo._approval_forget_attention()
            document_sudo._approval_announce(round_sudo)
            document_sudo._approval_on_approved()
            return
        current = min(unfinished.mapped("level_sequence"))
        passed = round_sudo.seat_ids.filtered(
            lambda seat: (
                seat.level_sequence < current and seat.state in ("waiting", "open")
            )
        )
        passed._close()
        round_sudo.seat_ids.filtered(
            lambda seat: seat.level_sequence == current and seat.state == "waiting"
        )._open()

    def _close_seats(self):
        self.sudo().seat_ids.filtered(
            lambda seat: seat.state in ("waiting", "open")
        )._close()

    def _set_state(self, state, reason=None):
        """Move the round and its document's shown state on."""
        values = {"state": state}
        if state != "pending":
            values["date_closed"] = Datetime.now()
        if state == "approved":
            values["date_approved"] = values["date_closed"]
        if reason:
            values["reason"] = reason
        # sudo: only the engine writes rounds
        self.sudo().write(values)
        self.flush_recordset(["state"])  # a new round must not meet the old one
        for round_sudo in self.sudo():
            document_sudo = round_sudo._get_document()
            if document_sudo:
                shown = {"approval_state": state, "approval_round_id": round_sudo.id}
                agreed = round_sudo.seat_ids.filtered(lambda s: s.state == "approved")
                if state == "approved" and agreed and not round_sudo.is_emergency:
                    # others have agreed to what was changed
                    shown["approval_editor_ids"] = [Command.clear()]
                document_sudo._approval_write(shown)

    def _end(self, state, kind, words=None):
        """End rounds that no longer count, keeping what was decided.

        :param str state: superseded, withdrawn, lapsed
        :param str kind: the kind of log entry
        """
        for round_sudo in self.sudo():
            round_sudo._log(kind, words=words)
            round_sudo._close_seats()
            round_sudo._set_state(state, reason=words)

    def _get_seats_values(self, plan):
        """Return the commands that freeze the planned seats of ``plan``."""
        return [
            Command.create(
                {
                    "level_sequence": index,
                    "level_id": level.record.id,
                    "level_name": level.name,
                    "is_joint": len(level.seats) > 1,
                    "department_id": seat.department.id,
                    "rule": seat.rule,
                    "quorum": seat.needed,
                    "is_required": seat.is_required,
                    "deadline_days": seat.deadline_days,
                    "candidate_ids": [Command.set(seat.candidates.ids)],
                    "check_ids": [
                        Command.create(
                            {
                                "origin_id": check.id,
                                "sequence": index,
                                "name": check.name,
                                "must_be_yes": check.must_be_yes,
                            }
                        )
                        for index, check in enumerate(seat.checks)
                    ],
                }
            )
            for index, level in enumerate(plan.levels, start=1)
            for seat in level.seats
        ]

    def _freeze_names(self):
        """Freeze the names of flow and levels in all languages, one statement each.

        The reader of a round need not speak the language of its requester.
        """
        self.flush_recordset()
        self.seat_ids.flush_recordset()
        self.seat_ids.check_ids.flush_recordset()
        for query in (
            "UPDATE document_approval_round r SET flow_name = f.name"
            " FROM document_approval_flow f WHERE f.id = r.flow_id AND r.id IN %s",
            "UPDATE document_approval_seat s SET level_name = l.name"
            " FROM document_approval_flow_level l"
            " WHERE l.id = s.level_id AND s.round_id IN %s",
            "UPDATE document_approval_seat s SET level_name = d.name"
            " FROM document_approval_department d"
            " WHERE s.level_id IS NULL AND d.id = s.department_id"
            " AND s.round_id IN %s",
            "UPDATE document_approval_check c SET name = f.name"
            " FROM document_approval_flow_check f, document_approval_seat s"
            " WHERE f.id = c.origin_id AND s.id = c.seat_id AND s.round_id IN %s",
        ):
            self.env.cr.execute(SQL(query, tuple(self.ids)))
        self.invalidate_recordset(["flow_name"], flush=False)
        self.seat_ids.invalidate_recordset(["level_name"], flush=False)
        self.seat_ids.check_ids.invalidate_recordset(["name"], flush=False)
