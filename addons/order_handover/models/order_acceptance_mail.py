import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

_LAYOUT = "mail.mail_notification_light"


class OrderAcceptance(models.Model):
    """Telling the customer, reminding once, and acceptance by default.

    Mails are rows of Odoo's queue, written with the date that says they are made: a
    process that dies leaves both or neither.
    """

    _inherit = "order.acceptance"

    def _get_recipient(self):
        """Return whom at the customer mails go to; nobody without an address."""
        self.ensure_one()
        order = self.order_id
        contact = order.policy_contact_id.filtered(
            lambda c: c.commercial_partner_id == self.partner_id.commercial_partner_id
        )
        return (contact | self.delivery_partner_id | self.partner_id).filtered("email")[
            :1
        ]

    def _mail_ready(self):
        """Mail the link to the slip, if the company does, once."""
        for slip in self:
            if not slip.company_id.handover_acceptance_mail or slip.date_mailed:
                continue
            if slip._mail("order_handover.mail_template_acceptance_ready"):
                slip.date_mailed = fields.Datetime.now()

    def _attempt(self, action, *arguments):
        """Run ``action`` in a savepoint: what fails stops nothing else.

        :return: what ``action`` returns; nothing when it failed, which is noted
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                return action(*arguments)
        except OperationalError:  # a rival: the whole run is done again
            raise
        except UserError as error:
            text = str(error.args[0] if error.args else error)
            _logger.warning("%s: %s", self.name, text)
        except Exception as error:
            text = repr(error)
            _logger.exception("%s", self.name)
        self.message_post(body=text, subtype_xmlid="mail.mt_note")
        return None

    def _mail(self, template):
        """Put a mail to the customer into the queue; what fails is noted.

        :return: whether there was anybody to write to
        """
        self.ensure_one()
        return bool(self._attempt(self._post_mail, template))

    def _post_mail(self, template):
        """Put a mail to the customer into the queue.

        :return: whether there was anybody to write to
        """
        self.ensure_one()
        recipient = self._get_recipient()
        record = self.env.ref(template, raise_if_not_found=False)
        if not recipient or not record:
            return False
        self._portal_ensure_token()
        slip = self.with_context(lang=recipient.lang or self.env.lang)
        values = record.with_context(lang=recipient.lang)._generate_template(
            slip.ids, ("subject", "body_html")
        )[slip.id]
        owner = slip.user_id.partner_id or slip.company_id.partner_id
        slip.with_context(
            mail_notify_force_send=False, mail_post_autofollow=False
        ).message_post(
            subject=values["subject"],
            body=values["body_html"],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=owner.id,
            email_from=owner.email_formatted or slip.company_id.email_formatted,
            partner_ids=recipient.ids,
            email_layout_xmlid=_LAYOUT,
            notify_author_mention=True,
        )
        return True

    # Scheduled job ---------------------------------------------------------------

    @api.model
    def _cron_follow_up(self, batch_size=50):
        """Remind of slips, and accept by default what nobody answered.

        Each slip is taken by one worker only; done work is committed in batches.
        """
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(self._get_due()))
        while slips := self._get_due(limit=batch_size):
            taken = slips.try_lock_for_update()
            if not taken:
                return
            for slip in taken:
                slip._follow_up()
            if not crons._commit_progress(len(taken), remaining=len(self._get_due())):
                return

    @api.model
    def _get_due(self, limit=None):
        """Return waiting slips somebody has to be reminded of, or that lapse."""
        now = fields.Datetime.now()
        due = self.browse()
        companies = self.env["res.company"].search(
            Domain("handover_acceptance_default_days", ">", 0)
            | Domain("handover_acceptance_reminder_days", ">", 0)
        )
        for company in companies:
            wanted = Domain.FALSE
            if days := company.handover_acceptance_default_days:
                wanted |= Domain("date_ready", "<=", now - timedelta(days=days))
            if days := company.handover_acceptance_reminder_days:
                wanted |= Domain("date_ready", "<=", now - timedelta(days=days)) & (
                    Domain("date_reminded", "=", False)
                )
            due |= self.search(
                wanted
                & Domain("company_id", "=", company.id)
                & Domain("state", "=", "waiting")
                & Domain("failed_on", "=", False),
                limit=limit,
            )
        return due[:limit] if limit else due

    def _follow_up(self):
        """Do what is due for one slip; what fails is noted and left to people."""
        self.ensure_one()
        now = fields.Datetime.now()
        days = self.company_id.handover_acceptance_default_days
        if self.state != "waiting":
            return
        if days and self.date_ready <= now - timedelta(days=days):
            if not self._attempt(self._accept_by_default):
                self.failed_on = now
            return
        self._mail("order_handover.mail_template_acceptance_reminder")
        self.date_reminded = now
