from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ChannelRectification(models.Model):
    """Telling the partner, taking his answer, verifying it (SPEC L4)."""

    _inherit = "channel.rectification"

    def _check_officer(self):
        """:raise AccessError: for others than channel officers"""
        self.check_access("write")
        if not self.env.user.has_group("channel_rebate.group_officer"):
            raise AccessError(self.env._("Channel officers do that."))

    def _check_state(self, *states):
        """:raise UserError: where it is not that far, or further"""
        if wrong := self.filtered(lambda each: each.state not in states):
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(rectification)s is “%(state)s”: this is not its next step.",
                    rectification=wrong[0].display_name,
                    state=labels[wrong[0].state],
                )
            )

    # The partner -----------------------------------------------------------------

    def action_tell(self):
        """Tell the partners by mail and in the portal what they have to do.

        :raise UserError: without words, or an address to send them to
        """
        self._check_officer()
        self._check_state("draft")
        for each in self:
            if not (each.required_actions or "").strip():
                raise UserError(self.env._("Say first what the partner has to do."))
            if not each.partner_id.email:
                raise UserError(
                    self.env._(
                        "%(partner)s has no e-mail address.",
                        partner=each.partner_id.display_name,
                    )
                )
        self._write_system({"state": "told", "told_on": fields.Datetime.now()})
        for each in self:
            each._forget_activities()
            each._mail_partner()

    def _mail_partner(self):
        """Send the words to the partner, in his language."""
        self.ensure_one()
        lang_self = self.with_context(lang=self.partner_id.lang or self.env.lang)
        deadline = lang_self.env["ir.qweb.field.date"].value_to_html(
            self.date_deadline, {}
        )
        self._post_quietly(
            subject=lang_self.env._("Please put right by %(date)s", date=deadline),
            body=lang_self._prepare_mail_body(deadline),
            partner_ids=self.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def _prepare_mail_body(self, deadline):
        """Return what the partner reads in his mail."""
        self.ensure_one()
        lines = Markup("<br/>").join
        return Markup(
            "<p>%(intro)s</p><p><b>%(found)s</b><br/>%(findings)s</p>"
            "<p><b>%(todo)s</b><br/>%(actions)s</p><p>%(end)s</p>"
        ) % {
            "intro": self.env._(
                "In our regular assessment we found something that has to be put right "
                "by %(date)s.",
                date=deadline,
            ),
            "found": self.env._("What we found"),
            "findings": lines(escape(t) for t in self.findings.splitlines()),
            "todo": self.env._("What we ask you to do"),
            "actions": lines(escape(t) for t in self.required_actions.splitlines()),
            "end": self.env._(
                "Please answer in your portal, with what shows that it is done."
            ),
        }

    def _post_quietly(self, **values):
        """Post as the user; neither he nor the partner follows for that."""
        self.ensure_one()
        # sudo: who moves it need not be able to post
        self.sudo().with_context(
            mail_post_autofollow=False, mail_post_autofollow_author_skip=True
        ).message_post(
            author_id=self.env.user.partner_id.id, message_type="comment", **values
        )

    def action_answer(self):
        """Enter that the partner answered, with his words in “Answer”.

        :raise UserError: without the answer, or when he was not told yet
        """
        self._check_officer()
        self._check_state("told")
        if any(not (each.answer or "").strip() for each in self):
            raise UserError(self.env._("Enter what the partner answered."))
        self._set_answered()

    def _answer_from_portal(self, text, files=()):
        """Take the answer of the partner himself.

        The caller has checked that the user may read the record as its partner.

        :param str text: his words
        :param files: list of (name, bytes)
        :raise UserError: without words, or when no answer is waited for
        """
        self.ensure_one()
        record_sudo = self.sudo()  # sudo: partners write by this method only
        record_sudo._check_state("told")
        if not (text or "").strip():
            raise UserError(self.env._("Please say what you have done."))
        attachments = record_sudo.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content in files
            ]
        )
        record_sudo._write_system(
            {
                "answer": text.strip(),
                "answer_attachment_ids": [(4, file.id) for file in attachments],
            }
        )
        record_sudo._set_answered()

    def _set_answered(self):
        self._write_system(
            {
                "state": "answered",
                "answered_on": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
            }
        )
        for each in self:
            each._remind(
                self.env._(
                    "%(partner)s answered: verify it",
                    partner=each.sudo().partner_id.name,  # sudo: for the partner
                )
            )

    # The officer -----------------------------------------------------------------

    def _check_verifier(self):
        """:raise AccessError: for the salesperson of the partner, and others"""
        self._check_officer()
        for each in self:
            channel_sudo = each.channel_partner_id.sudo()  # sudo: whoever it is
            if self.env.user in channel_sudo.user_id | channel_sudo.partner_id.user_id:
                raise AccessError(
                    self.env._(
                        "%(partner)s is yours: another officer verifies it.",
                        partner=channel_sudo.display_name,
                    )
                )

    def _close(self, state):
        self._write_system(
            {
                "state": state,
                "verified_by_id": self.env.uid,
                "verified_on": fields.Datetime.now(),
            }
        )
        for each in self:
            each._forget_activities()

    def action_done(self):
        """Verify that it was put right; without others open the partner is active.

        :raise AccessError: for the salesperson of the partner
        :raise UserError: before the partner answered
        """
        self._check_verifier()
        self._check_state("answered")
        # sudo: the state of the partner follows
        channels_sudo = self.sudo().channel_partner_id
        channels_sudo._bump_assessed()
        self._close("done")
        for channel_sudo in channels_sudo:
            failed = channel_sudo.rectification_ids.filtered(
                lambda each, channel=channel_sudo: (
                    each.state == "failed"
                    and each.assessment_id == channel.assessment_id
                )
            )
            waiting = channel_sudo._has_open_rectification() or failed
            if channel_sudo.state == "rectification" and not waiting:
                channel_sudo._write_assessed({"state": "active"})

    def action_failed(self):
        """Enter that it was not put right, and have management decide.

        :raise AccessError: for the salesperson of the partner
        :raise UserError: without saying why
        """
        self._check_verifier()
        self._check_state("told", "answered")
        if any(not (each.verification_note or "").strip() for each in self):
            raise UserError(
                self.env._("Say in “What Was Verified” what is still not right.")
            )
        self._close("failed")
        for each in self:
            each._escalate()

    def _escalate(self):
        """Ask management whether the partner stays one."""
        self.ensure_one()
        user = self._get_superior()
        if not user:
            return
        # sudo: the to-do is somebody else's
        self.channel_partner_id.sudo().with_context(
            mail_activity_quick_update=True
        ).activity_schedule(
            "channel_rebate.mail_activity_type_rectification",
            user_id=user.id,
            summary=self.with_context(lang=user.lang).env._(
                "Rectification failed: decide how to go on with %(partner)s",
                partner=self.channel_partner_id.display_name,
            ),
            note=Markup("<p>%s</p>") % self.verification_note,
        )

    def _get_superior(self):
        """Return who decides: of the department management, else the officer."""
        company_sudo = self.company_id.sudo()  # sudo: members of departments
        department_sudo = (
            self.env["document.approval.department"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company_sudo.id),
                    ("code", "=ilike", "management"),
                ],
                limit=1,
            )
        )
        user = department_sudo and department_sudo._get_task_responsible()
        return user or company_sudo.channel_assessment_user_id

    def action_cancel(self):
        """Give it up; it stays in the history. Not while an assessment asked for it.

        :raise AccessError: for others than channel administrators when it follows from
            an assessment
        """
        self._check_officer()
        self._check_state("draft", "told", "answered")
        manager = self.env.user.has_group("channel_rebate.group_manager")
        if any(each.assessment_id for each in self):
            if not manager:
                raise AccessError(
                    self.env._(
                        "An assessment asked for this: a channel administrator gives "
                        "it up."
                    )
                )
            self._check_verifier()
        self._write_system({"state": "cancel"})
        for each in self:
            each._forget_activities()

    # To-dos ----------------------------------------------------------------------

    def _remind(self, summary):
        """Give the responsible one activity with the deadline; none for nobody."""
        self.ensure_one()
        record_sudo = self.sudo()  # sudo: the to-do is somebody else's
        user = record_sudo.user_id
        if not user or not user.active:
            return
        record_sudo._forget_activities()
        followed = user.partner_id in record_sudo.message_partner_ids
        record_sudo.with_context(mail_activity_quick_update=True).activity_schedule(
            "channel_rebate.mail_activity_type_rectification",
            user_id=user.id,
            summary=summary,
            date_deadline=record_sudo.date_deadline,
        )
        if not followed:
            record_sudo.message_unsubscribe(partner_ids=user.partner_id.ids)

    def _forget_activities(self):
        """Remove what :meth:`_remind` asked for: it has been done."""
        kind = self.env.ref(
            "channel_rebate.mail_activity_type_rectification", raise_if_not_found=False
        )
        # sudo: activities of others are removed too
        self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        ).unlink()

    @api.model
    def _cron_remind_overdue(self, batch_size=100):
        """Tell the responsible of what is overdue, once per deadline."""
        cron = self.env["ir.cron"]
        today = fields.Date.context_today(self)
        domain = [
            ("is_open", "=", True),
            ("date_deadline", "<", today),
            ("reminded_on", "=", False),
        ]
        if not cron._commit_progress(remaining=self.search_count(domain)):
            return
        while batch := self.search(domain, limit=batch_size):
            for each in batch:
                lang_self = each.with_context(lang=each.user_id.lang)
                each._remind(
                    lang_self.env._(
                        "Rectification of %(partner)s is overdue",
                        partner=each.partner_id.name,
                    )
                )
            batch._write_system({"reminded_on": today})
            if not cron._commit_progress(len(batch)):
                return
