import logging

from psycopg2 import OperationalError

from odoo import api, models

_logger = logging.getLogger(__name__)

#: documents named in one digest; the others are counted
_DIGEST_LENGTH = 50


class DocumentApprovalSeat(models.Model):
    """One mail a day for who does not want one for each document (SPEC B4)."""

    _inherit = "document.approval.seat"

    @api.model
    def _cron_send_digest(self):
        """Send what waits for them to those whose morning it is.

        Every user by himself: what fails for one is logged and does not keep the
        others from their mail. Called by the scheduled job only.
        """
        users = self.env["res.users"]._get_approval_digest_users()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(users))
        for user in users:
            self._try_send_digest(user)
            if not cron._commit_progress(1):
                break

    @api.model
    def _try_send_digest(self, user):
        """Send one digest, or log why it could not be; it is not tried again today.

        :raise OperationalError: a lost race, after which the job is repeated
        """
        # sudo: only this job writes the date
        user_sudo = user.sudo()
        user_sudo.document_approval_digest_date = user._get_approval_local_time().date()
        try:
            with self.env.cr.savepoint():
                self._send_digest(user)
        except OperationalError:
            raise
        except Exception:
            _logger.exception("no approval digest for user %s", user.id)

    @api.model
    def _send_digest(self, user):
        """Mail ``user`` the list of what he can decide, if there is anything."""
        seats = self.with_user(user).with_context(
            lang=user.lang,
            tz=user.tz,
            allowed_company_ids=(user.company_id | user.company_ids).ids,
        )
        domain = [("can_decide", "=", True)]
        seats = seats.search(
            domain, order="date_deadline, date_open, id", limit=_DIGEST_LENGTH
        )
        if not seats or not user.email:
            return
        count = len(seats)
        if count == _DIGEST_LENGTH:
            count = seats.search_count(domain)
        mailer = self._with_reader(user, user.company_id)
        rows = [seat._prepare_mail_row(user) for seat in seats]
        mailer._queue_approval_mail(
            user,
            mailer.env._("Documents waiting for your decision: %s", count),
            "document_approval.mail_digest",
            {
                "rows": rows,
                "more_count": count - len(rows),
                "company": user.company_id,
                "button": {
                    "url": f"{self.browse().get_base_url()}/odoo/my-approvals",
                    "title": mailer.env._("My Approvals"),
                },
            },
        )
