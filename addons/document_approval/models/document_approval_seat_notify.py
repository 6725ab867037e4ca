from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Command
from odoo.tools import format_amount, format_date, format_datetime
from odoo.tools.misc import hash_sign, verify_hash_signed

#: what a decision link is signed for, and how long it works
_LINK_SCOPE = "document_approval.decision_link"
_LINK_HOURS = 14 * 24
_LINK_LENGTH = 500


class DocumentApprovalSeat(models.Model):
    """Mails to who should decide, each with its own link (SPEC B4)."""

    _inherit = "document.approval.seat"

    notified_ids = fields.Many2many(
        comodel_name="res.users",
        relation="document_approval_seat_notified_rel",
        column1="seat_id",
        column2="user_id",
        string="Told by Mail",
        readonly=True,
        groups="base.group_system",
        help="Who got a mail about this seat; nobody gets a second one.",
    )

    # Telling ---------------------------------------------------------------------

    def _notify_responsible(self, user):
        """Tell ``user`` by mail that this seat waits for him, as he prefers (B4).

        At most one mail for a seat and a person. Nothing for who is acting himself,
        who left, has no address, or prefers a digest or no mails.
        """
        self.ensure_one()
        # sudo: address, language and preference of a colleague; facts of the round
        user_sudo, seat_sudo = user.sudo(), self.sudo()
        if (
            user == self.env.user
            or not user_sudo.active
            or user_sudo.share
            or not user_sudo.email
            or user_sudo.document_approval_notify != "each"
            or user in seat_sudo.notified_ids
        ):
            return
        seat_sudo.notified_ids = [Command.link(user.id)]
        company = seat_sudo.company_id
        seat_sudo = seat_sudo._with_reader(user_sudo, company)
        values = seat_sudo._prepare_seat_mail_values(user_sudo)
        seat_sudo._queue_approval_mail(
            user_sudo,
            seat_sudo.env._(
                "Please decide: %(document)s (%(department)s)",
                document=values["name"],
                department=values["department"],
            ),
            "document_approval.mail_seat",
            values,
            sender=seat_sudo.requester_id,
        )

    def _with_reader(self, user_sudo, company):
        """Return the seats in the language and time zone of who will read the mail.

        Nothing else of the context is kept: it belongs to the request of somebody
        else, and its defaults must not add a recipient.
        """
        # pylint: disable=context-overridden
        return self.with_user(SUPERUSER_ID).with_context(
            {
                "lang": user_sudo.lang,
                "tz": user_sudo.tz,
                "allowed_company_ids": company.ids,
            }
        )

    def _prepare_seat_mail_values(self, user_sudo):
        """Return what the mail about one seat shows, in the reader's language."""
        self.ensure_one()
        row = self._prepare_mail_row(user_sudo)
        principal = self._get_principal(user_sudo)
        return {
            **row,
            "department": self.department_id.name,
            "level": self.level_name,
            "absent": principal.name if principal != user_sudo else False,
            "findings": list(dict.fromkeys(self.finding_ids.mapped("message"))),
            "question_count": len(self.check_ids),
            "company": self.company_id,
            "button": {"url": row["url"], "title": self.env._("Look and decide")},
        }

    def _prepare_mail_row(self, user_sudo):
        """Return the facts of one seat as texts in the language of ``self``."""
        self.ensure_one()
        env = self.env
        deadline = self.date_deadline
        return {
            "name": self.res_name or "",
            # sudo: the name of a document type
            "type": self.sudo().model_id.name or "",
            "amount": format_amount(env, self.amount, self.currency_id)
            if self.amount
            else "",
            "requester": self.requester_id.name,
            "since": format_date(env, self.date_open),
            "deadline": format_datetime(
                env, deadline, tz=user_sudo.tz or "UTC", dt_format="short"
            )
            if deadline
            else "",
            "is_overdue": self.is_overdue,
            "url": self._get_decision_url(user_sudo),
        }

    @api.model
    def _queue_approval_mail(self, user_sudo, subject, template, values, sender=None):
        """Put a mail in the queue, which sends it after the transaction.

        It belongs to no document: nothing of it shows in a chatter or an inbox, and
        nobody becomes a follower. Called in the environment of :meth:`_with_reader`.

        :param str template: a QWeb template for the body, inside Odoo's mail layout
        :param dict values: of the template; with ``company`` and ``button``
        :param sender: the user whom answers go to; by default the company
        """
        company = values["company"]
        author = sender if sender and sender.email else company.partner_id
        email = author.email_formatted or self.env.user.email_formatted
        base_url = self.browse().get_base_url()
        body = self.env["ir.qweb"]._render(
            template,
            {
                **values,
                "list_url": f"{base_url}/odoo/my-approvals",
                "preferences_url": f"{base_url}/odoo/my-preferences/{user_sudo.id}",
            },
            minimal_qcontext=True,
        )
        layout = {
            "company": company,
            "has_button_access": True,
            "button_access": values["button"],
            "subtitles": [subject],
            "email_notification_force_footer": True,
        }
        renderer = self.env["mail.render.mixin"]
        self.env["mail.mail"].create(
            {
                "subject": " ".join(subject.split()),
                "body_html": renderer._render_encapsulate(
                    "mail.mail_notification_layout", body, add_context=layout
                ),
                "email_from": email,
                "reply_to": email,
                "recipient_ids": [Command.link(user_sudo.partner_id.id)],
                "auto_delete": True,
            }
        )
        queue = self.env.ref(
            "mail.ir_cron_mail_scheduler_action", raise_if_not_found=False
        )
        if queue:
            queue._trigger()

    # The link ----------------------------------------------------------------------

    def _get_decision_url(self, user):
        """Return the address at which ``user``, logged in, may decide on this seat."""
        self.ensure_one()
        base_url = self.browse().get_base_url()  # where one works, not a website's
        return f"{base_url}/approval/decide/{self._get_decision_token(user)}"

    def _get_decision_token(self, user):
        """Return a signed token for this seat and user that works for two weeks.

        It opens nothing by itself: it names a seat and the person it was made for.
        """
        self.ensure_one()
        return hash_sign(
            # sudo: the database's secret
            self.sudo().env,
            _LINK_SCOPE,
            [self.id, user.id],
            expiration_hours=_LINK_HOURS,
        )

    @api.model
    def _read_decision_token(self, token):
        """Return the ids of the seat and the user that a token names, or None.

        None for whatever this database did not sign for this purpose, or too long
        ago; never an error.
        """
        if not isinstance(token, str) or len(token) > _LINK_LENGTH:
            return None
        try:
            # sudo: the database's secret
            return verify_hash_signed(self.sudo().env, _LINK_SCOPE, token)
        except ValueError:  # not even shaped like a token
            return None
