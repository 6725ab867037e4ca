from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class DocumentApprovalMixin(models.AbstractModel):
    """Release in an emergency: allowed to few, never silent (SPEC B5, DESIGN 2)."""

    _inherit = "document.approval.mixin"

    approval_can_release = fields.Boolean(
        string="May Be Released in an Emergency",
        compute="_compute_approval_can_release",
    )

    @api.depends_context("uid")
    def _compute_approval_can_release(self):
        is_allowed = self.env.user.has_group("document_approval.group_emergency")
        for document in self:
            document.approval_can_release = (
                is_allowed
                and bool(document.id)
                and document.approval_must_wait
                and self.env.user not in document._approval_emergency_excluded()
            )

    def _approval_emergency_excluded(self):
        """Return who may not release the document: whoever it belongs to."""
        self.ensure_one()
        return self._approval_excluded_users() | self._approval_round().requester_id

    def action_emergency_release(self, reason=None):
        """Approve the document as it is, without the reviews it needs.

        The reviews that were given stay; the round says what it is. Management is
        told, and so is who the document belongs to. What keeps a document from being
        submitted keeps it from being released too.

        :param str reason: required, kept for good
        :raise AccessError: the user is not in the group for it, or the document is
            the user's own
        :raise UserError: no reason, nothing to release, or something is missing on it
        """
        if len(self) != 1:
            raise UserError(self.env._("Documents are released one by one."))
        self.check_access("read")
        words = self.env["document.approval.seat"]._clean_words(reason)
        self._approval_check_releasable(words)
        self._approval_touch(editor=False)
        round_sudo = self._approval_round()
        round_sudo._bump()
        self._approval_check_releasable(words)
        self._approval_forget_attention()
        if round_sudo.state != "pending":
            plan = self._approval_plans()[self.id]
            if plan.blocking:
                raise UserError(self._approval_blocking_text(plan))
            round_sudo = self._approval_create_round(plan)
        round_sudo.with_user(self.env.user)._log("emergency", words=words)
        round_sudo._close_seats()
        round_sudo.write({"is_emergency": True})
        round_sudo._set_state("approved", reason=words)
        self._approval_announce_release(round_sudo, words)
        self._approval_on_approved()
        return True

    def _approval_check_releasable(self, words):
        self.ensure_one()
        user = self.env.user
        # sudo: companies of the document need not be among the chosen ones
        company = self.sudo()._approval_get_company()
        if (
            not user.active
            or not user.has_group("document_approval.group_emergency")
            or company not in user.company_ids
        ):
            raise AccessError(
                self.env._(
                    "Only people of the group “Emergency Release” may release "
                    "%(document)s.",
                    document=self.display_name,
                )
            )
        if user in self._approval_emergency_excluded():
            raise AccessError(
                self.env._(
                    "%(document)s is your own document or carries your own changes: "
                    "somebody else has to release it.",
                    document=self.display_name,
                )
            )
        if not words:
            raise UserError(self.env._("Please say why this is an emergency."))
        if (
            self._approval_mode() != "enforce"
            or not self._approval_is_open()
            or self._approval_has_valid_round()
        ):
            raise UserError(
                self.env._(
                    "%(document)s waits for no approval: there is nothing to release.",
                    document=self.display_name,
                )
            )

    def _approval_announce_release(self, round_sudo, words):
        """Tell the owner and management of an emergency release."""
        self.ensure_one()
        watchers = self._approval_emergency_watchers() - self.env.user
        if not watchers:  # never without anybody else hearing of it
            # sudo: who administrates approvals, whoever releases
            managers_sudo = (
                self.env.ref("document_approval.group_manager").sudo().all_user_ids
            )
            watchers = managers_sudo._approval_working_for(
                round_sudo.company_id
            ).with_env(self.env)
        people = (self._approval_owner() | watchers) - self.env.user
        by_lang = people.grouped("lang") or {self.env.lang: people}
        for number, (lang, users) in enumerate(by_lang.items()):
            lang_self = self.with_context(lang=lang or self.env.lang)
            body = Markup("<p><b>%s</b></p><p>%s</p>") % (
                lang_self.env._(
                    "%(user)s released %(document)s in an emergency (round "
                    "%(number)s).",
                    user=self.env.user.name,
                    document=self.display_name,
                    number=round_sudo.number,
                ),
                escape(words),
            )
            if not number:
                self._approval_post(body)
            # sudo: who releases need not be able to write on the document
            self.sudo().message_notify(
                body=body,
                subject=lang_self.env._("Emergency release: %s", self.display_name),
                author_id=self.env.user.partner_id.id,
                partner_ids=users.partner_id.ids,
            )

    def _approval_emergency_watchers(self):
        """Return the members of management who are told of emergency releases."""
        self.ensure_one()
        # sudo: departments are read whoever releases
        company_sudo = self.sudo()._approval_get_company()
        department_sudo = company_sudo.document_approval_emergency_department_id
        if not department_sudo:
            department_sudo = department_sudo.search(
                [
                    ("company_id", "=", company_sudo.id),
                    ("code", "=ilike", "management"),
                ],
                limit=1,
            )
        users = self.env["res.users"]
        return department_sudo._get_eligible_members() if department_sudo else users
