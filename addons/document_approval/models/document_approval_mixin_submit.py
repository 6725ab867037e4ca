from dateutil.relativedelta import relativedelta
from markupsafe import Markup, escape

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tools import format_list

from ..fingerprint import fingerprint_of


class DocumentApprovalMixin(models.AbstractModel):
    _inherit = "document.approval.mixin"

    def action_submit_for_approval(self):
        """Submit as the current user; opens a new round per document (SPEC A2, B3).

        :raise UserError: naming what is missing, who could not be found, or why the
            document cannot be submitted now; nothing is changed then
        """
        self.check_access("write")
        self._approval_touch(editor=False)
        for document in self:
            document._approval_check_submittable()
        for document_id, plan in self._approval_plans().items():
            self.browse(document_id)._approval_submit(plan)
        return True

    def _approval_check_submittable(self):
        self.ensure_one()
        name = self.display_name
        if self._approval_mode() == "off":
            raise UserError(
                self.env._(
                    "%(document)s needs no approval: approval control is off in "
                    "%(company)s, or no flow exists for this type of document.",
                    document=name,
                    company=self._approval_get_company().display_name or "",
                )
            )
        if not self._approval_is_open():
            raise UserError(
                self.env._(
                    "%(document)s is confirmed or cancelled and cannot be submitted.",
                    document=name,
                )
            )
        # sudo: the state is not shown to every group
        if self.sudo().approval_state == "pending":
            raise UserError(
                self.env._("%(document)s is in review already.", document=name)
            )
        if self._approval_has_valid_round():
            raise UserError(
                self.env._("%(document)s is approved already.", document=name)
            )

    def _approval_submit(self, plan):
        """Freeze ``plan`` as a new round and start it."""
        self.ensure_one()
        enforce = self._approval_mode() == "enforce"
        if plan.blocking and enforce:
            raise UserError(self._approval_blocking_text(plan))
        if plan.problems and enforce:
            raise UserError(
                self.env._(
                    "%(document)s cannot be submitted:\n%(problems)s",
                    document=self.display_name,
                    problems="\n".join(f"- {problem}" for problem in plan.problems),
                )
            )
        self._approval_forget_attention()
        round_sudo = self._approval_create_round(plan)
        own_round = round_sudo.with_user(self.env.user)
        own_round._log("submit")
        if plan.problems:  # observed only: nobody could decide, nothing is stopped
            own_round._log("observe", words="\n".join(plan.problems))
            round_sudo._close_seats()
            round_sudo._set_state("observed")
        elif plan.needs_review:
            self._approval_carry_over(round_sudo, plan)
            round_sudo._set_state("pending")
            round_sudo._advance()
        else:
            own_round._log("no_review", words=plan.reason)
            round_sudo._set_state("approved", reason=plan.reason)
            self._approval_on_approved()
        return round_sudo

    def _approval_blocking_text(self, plan):
        return self.env._(
            "%(document)s cannot be submitted yet. Please complete:\n%(findings)s",
            document=self.display_name,
            findings="\n".join(
                f"- {self._approval_finding_message(finding)}"
                for finding in plan.blocking
            ),
        )

    def _approval_create_round(self, plan, state="pending", snapshot=None, amount=None):
        """Create the frozen round of ``plan`` with its findings and seats.

        :param dict snapshot: what it is about; by default the document as it is.
            For a document whose change was approved elsewhere, before it is made
        :param float amount: its amount, likewise
        """
        self.ensure_one()
        if snapshot is None:
            snapshot = self._approval_snapshots()[self.id]
        if amount is None:
            # sudo: the same amount whoever submits
            amount = self.sudo()._approval_amounts()[self.id]
        rounds_sudo = self.env["document.approval.round"].sudo()
        last = rounds_sudo.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)],
            order="number desc",
            limit=1,
        )
        last.filtered("is_latest").write({"is_latest": False})
        round_sudo = rounds_sudo.create(
            {
                "number": last.number + 1,
                "res_model": self._name,
                "res_id": self.id,
                "res_name": self.display_name,
                "company_id": self.sudo()._approval_get_company().id,
                "flow_id": plan.flow.id,
                "flow_name": plan.flow.name,
                "requester_id": self.env.uid,
                "amount": amount,
                "snapshot": snapshot,
                "fingerprint": fingerprint_of(snapshot),
                # sudo: the same files whoever submits
                "enclosures": self.sudo()._approval_enclosures()[self.id] or False,
                "state": state,
                "seat_ids": rounds_sudo._get_seats_values(plan),
            }
        )
        round_sudo._freeze_names()
        self._approval_create_findings(round_sudo, plan)
        return round_sudo

    def _approval_create_findings(self, round_sudo, plan):
        seat_of = {
            index: record
            for planned, record in self._approval_pair_seats(round_sudo, plan)
            for index in planned.findings
        }
        # sudo: only the engine writes findings
        self.env["document.approval.finding"].sudo().create(
            [
                {
                    "round_id": round_sudo.id,
                    "seat_id": seat_of[index].id if index in seat_of else False,
                    "code": finding["code"],
                    "department_code": finding["department"],
                    "severity": finding["severity"],
                    "line_label": finding["line_label"],
                    "values": finding["values"],
                }
                for index, finding in enumerate(plan.findings)
            ]
        )

    def action_withdraw_approval(self):
        """Take a submission back, as its requester or the document's owner.

        :raise UserError: when it is not in review, or somebody else's
        """
        self.check_access("write")
        for document in self:
            round_sudo = document._approval_round()
            round_sudo._bump()
            if round_sudo.state != "pending":
                raise UserError(
                    self.env._(
                        "%(document)s is not in review.", document=document.display_name
                    )
                )
            if (
                self.env.user
                not in round_sudo.requester_id | document._approval_owner()
            ):
                raise UserError(
                    self.env._(
                        "Only %(user)s can withdraw this submission.",
                        user=round_sudo.requester_id.name,
                    )
                )
            round_sudo.with_user(self.env.user).sudo()._end("withdrawn", "withdraw")
        return True

    # What counts ---------------------------------------------------------------

    def _approval_has_valid_round(self):
        """Tell whether an unused approval covers the document as it is now."""
        self.ensure_one()
        round_sudo = self._approval_round()
        return (
            round_sudo.state == "approved"
            and not round_sudo.is_applied
            and not self._approval_is_lapsed(round_sudo)
            and self._approval_fingerprints()[self.id] == round_sudo.fingerprint
        )

    def _approval_is_lapsed(self, round_sudo):
        days = round_sudo.company_id.document_approval_validity_days
        return bool(
            days
            and round_sudo.date_approved
            and round_sudo.date_approved + relativedelta(days=days) < Datetime.now()
        )

    def _approval_is_cleared(self):
        """Tell whether the document may be confirmed now (one record).

        True when its company does not enforce, when it was approved as it is, or
        when nobody has to look at it.
        """
        self.ensure_one()
        if self._approval_mode() != "enforce" or self._approval_has_valid_round():
            return True
        if self._approval_round().state == "pending":
            return False
        plan = self._approval_plans()[self.id]
        return not plan.needs_review and not plan.blocking and not plan.problems

    def _approval_waiting_text(self):
        """Return in words what the document waits for, or False when cleared."""
        self.ensure_one()
        if self._approval_is_cleared():
            return False
        return self._approval_refusal_text(self._approval_round())

    def _approval_refusal_text(self, round_sudo):
        """Return in words why the document cannot be confirmed."""
        self.ensure_one()
        name = self.display_name
        if round_sudo.state == "pending":
            seats = round_sudo.seat_ids.filtered(lambda seat: seat.state == "open")
            return self.env._(
                "%(document)s is still in review. It waits for: %(seats)s.",
                document=name,
                seats="; ".join(
                    f"{seat.department_id.name} "
                    f"({format_list(self.env, seat._get_names())})"
                    for seat in seats
                ),
            )
        if round_sudo.state == "refused":
            return self.env._(
                "%(document)s was refused: %(reason)s\nCorrect it and submit it again.",
                document=name,
                reason=round_sudo.reason or "",
            )
        if round_sudo.state == "approved" and self._approval_is_lapsed(round_sudo):
            return self.env._(
                "The approval of %(document)s has lapsed. Submit it again.",
                document=name,
            )
        if round_sudo.state in ("approved", "superseded"):
            changes = self._approval_changes_text(round_sudo.snapshot)
            return self.env._(
                "%(document)s is not what was submitted or approved in round "
                "%(number)s: %(changes)s\nSubmit it again.",
                document=name,
                number=round_sudo.number,
                changes=changes or self.env._("it was changed since"),
            )
        return self.env._(
            "%(document)s has not been approved yet. Submit it for approval first.",
            document=name,
        )

    def _approval_changes_text(self, snapshot):
        changes = self._approval_changes(snapshot, self._approval_snapshots()[self.id])
        return "; ".join(
            f"{change['label']} {change['old']} → {change['new']}" for change in changes
        )

    # Telling people --------------------------------------------------------------

    def _approval_announce(self, round_sudo, words=None):
        """Tell the owner how the round ended, on the document and by notification."""
        self.ensure_one()
        owner = self._approval_owner()
        lang_self = self.with_context(lang=owner.lang or self.env.lang)
        if round_sudo.state == "approved":
            text = lang_self.env._("Approved in round %s.", round_sudo.number)
        else:
            text = lang_self.env._("Returned for correction.")
        body = Markup("<p><b>%s</b></p>") % text
        if words:
            body += Markup("<p>%s</p>") % escape(words)
        partners = owner.partner_id if owner != self.env.user else owner.partner_id[:0]
        self._approval_post(body, partners)
        if round_sudo.state == "refused":
            self._approval_attention(
                owner, lang_self.env._("Correct and submit again"), words
            )

    def _approval_post(self, body, partners=None):
        """Note something on the document, as the user; nobody follows it for that.

        :param Markup body: what to note
        :param partners: whom to notify of it
        """
        self.ensure_one()
        # sudo: reviewers need not be able to post on the document
        document_sudo = self.sudo().with_context(
            mail_post_autofollow=False, mail_post_autofollow_author_skip=True
        )
        document_sudo.message_post(
            body=body,
            author_id=self.env.user.partner_id.id,
            partner_ids=partners.ids if partners else [],
            subtype_xmlid="mail.mt_note",
        )

    def _approval_attention(self, user, summary, note=None):
        """Give ``user`` one activity on the document; none for nobody."""
        self.ensure_one()
        if not user or not user.active or user.share:
            return
        note = Markup("<p>%s</p>") % escape(note) if note else False
        # sudo: as for messages
        same_sudo = self.sudo().activity_ids.filtered(
            lambda activity: (
                activity.user_id == user
                and activity.summary == summary
                and activity.activity_type_id
                == self.env.ref("document_approval.mail_activity_type_attention")
            )
        )
        if same_sudo:  # one is enough; what was said before stands in the history
            same_sudo[:1].note = note
        else:
            self._approval_activity("attention", user, summary=summary, note=note)

    def _approval_activity(self, kind, user, **values):
        """Give ``user`` an activity, which makes him no follower and sends no mail.

        :param str kind: review or attention
        :return: the activity
        """
        self.ensure_one()
        # sudo: as for messages
        document_sudo = self.sudo()
        followed = user.partner_id in document_sudo.message_partner_ids
        activity = document_sudo.with_context(
            mail_activity_quick_update=True
        ).activity_schedule(
            f"document_approval.mail_activity_type_{kind}", user_id=user.id, **values
        )
        if not followed:
            document_sudo.message_unsubscribe(partner_ids=user.partner_id.ids)
        return activity

    def _approval_forget_attention(self):
        """Remove what :meth:`_approval_attention` asked for: it has been done."""
        # sudo: activities of others are removed too
        self.sudo().activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref(
                    "document_approval.mail_activity_type_attention",
                    raise_if_not_found=False,
                )
            )
        ).unlink()

    def _approval_supersede(self, reason=None):
        """End rounds in review or approved but unused, because the document changed.

        :param str reason: what happened; by default what differs
        """
        for document in self:
            round_sudo = document._approval_round()
            if round_sudo.state not in ("pending", "approved") or round_sudo.is_applied:
                continue
            words = reason or document._approval_changes_text(round_sudo.snapshot)
            round_sudo.with_user(self.env.user).sudo()._end(
                "superseded", "supersede", words=words
            )
            body = Markup("<p><b>%s</b></p><p>%s</p>") % (
                self.env._("Round %s no longer counts.", round_sudo.number),
                words,
            )
            document._approval_post(body)
