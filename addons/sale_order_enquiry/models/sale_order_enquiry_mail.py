import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

_logger = logging.getLogger(__name__)
_LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class SaleOrderEnquiry(models.Model):
    """Mailing enquiries and reminders, once each; what no answer means (SPEC A6).

    A mail is a row of Odoo's mail queue, written in one transaction with the state
    "sent": a process that dies before leaves neither.
    """

    _inherit = "sale.order.enquiry"

    @api.model
    def _wake(self):
        """EXTENDS 'sale_order_policy': the job that mails."""
        self.env["sale.requirement.version"]._wake()

    def _work(self):
        """EXTENDS 'sale_order_policy': mail the enquiry, or the reminder."""
        self.ensure_one()
        if not self.is_current:
            self._write_system({"state": "closed"})
            return
        receiver = self._get_receiver()
        if not receiver:
            self._lack_address()
            return
        enquiry = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids
        )
        enquiry._post_mail(receiver)
        now = fields.Datetime.now()
        values = {
            "state": "sent",
            "due_on": self._get_next_due(now),
            "recipients": f"{receiver.display_name} <{receiver.email}>",
            "error": False,
        }
        values["mailed_on" if self.step == "first" else "reminded_on"] = now
        self._write_system(values)

    def _fail(self, error):
        """EXTENDS 'sale_order_policy'."""
        self.ensure_one()
        self._write_system({"state": "failed", "error": error})
        told = self._for_owner()
        told._tell(
            told.env._(
                "%(name)s was not mailed: %(error)s", name=self.name, error=error
            ),
            told.env._("Validity enquiry not mailed"),
        )

    def _lack_address(self):
        self._write_system({"state": "no_address", "error": False})
        told = self._for_owner()
        told._tell(
            told.env._(
                "%(customer)s has no e-mail address and was not asked about open "
                "orders. Enter one and press “Send Again”, or ask and record the "
                "answer on the order.",
                customer=self.partner_id.display_name,
            ),
            told.env._("Validity enquiry: e-mail address missing"),
        )

    def _get_next_due(self, moment):
        company = self.company_id
        return company._sale_enquiry_get_due(moment, company.sale_enquiry_reminder_days)

    def _get_receiver(self):
        """Return whom the mail goes to: the customer, else a contact of an order."""
        self.ensure_one()
        orders = self.line_ids.order_id
        people = self.partner_id | orders.policy_contact_id | orders.partner_id
        return people.filtered(
            lambda person: (
                person.email and person.commercial_partner_id == self.partner_id
            )
        )[:1]

    def _get_mail_words(self):
        """Return subject and body, in the language of the customer."""
        self.ensure_one()
        template = self.env.ref(
            f"sale_order_enquiry.mail_template_enquiry_{self.step}",
            raise_if_not_found=False,
        )
        if not template:
            raise UserError(self.env._("The mail template of enquiries is missing."))
        self._portal_ensure_token()
        lang = self._get_active_lang(self.company_id, self.lang)
        rendered = template.with_context(lang=lang)._generate_template(
            self.with_context(lang=lang).ids, ("subject", "body_html")
        )
        return rendered[self.id]

    def _post_mail(self, receiver):
        """Put the mail in the history and in the mail queue."""
        words = self._get_mail_words()
        owner = self._get_owner() or self.env.user
        sender = owner if owner.email else self.company_id
        message = self.with_context(
            lang=self._get_active_lang(self.company_id, self.lang),
            mail_notify_force_send=False,
            mail_post_autofollow=False,
            mail_post_autofollow_author_skip=True,
        ).message_post(
            subject=words["subject"],
            body=words["body_html"],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=owner.partner_id.id,
            email_from=sender.email_formatted,
            partner_ids=receiver.ids,
            email_layout_xmlid=_LAYOUT,
            notify_author_mention=True,
        )
        by_mail = message.notification_ids.filtered(
            lambda notification: notification.notification_type == "email"
        )
        if receiver not in by_mail.res_partner_id:  # reads messages in Odoo only
            self.env["mail.mail"].create(
                {
                    "subject": message.subject,
                    "body_html": message.body,
                    "email_from": message.email_from,
                    "reply_to": message.reply_to,
                    "recipient_ids": [Command.link(receiver.id)],
                    "auto_delete": True,
                }
            )
        queue = self.env.ref(
            "mail.ir_cron_mail_scheduler_action", raise_if_not_found=False
        )
        if queue:
            queue._trigger()

    def _get_waiting_lines(self):
        """Return the orders that still want an answer: none that ended meanwhile."""
        return self.line_ids.filtered(
            lambda line: line.state == "waiting" and line.order_id.state == "sale"
        )

    def _prepare_rows(self, waiting=False):
        """Return the orders as texts, for mail and page.

        :param bool waiting: only those that still want an answer, for the reminder
        """
        self.ensure_one()
        lines_sudo = self.sudo().line_ids  # sudo: whoever may see the enquiry
        if waiting:
            lines_sudo &= self.sudo()._get_waiting_lines()  # sudo: as above
        return [
            {
                "id": line.id,
                "order": line.order_name,
                "reference": line.order_reference or "",
                "date": format_date(self.env, line.delivery_date)
                if line.delivery_date
                else "",
                "goods": line._prepare_goods(),
                "state": line.state,
                "words": line.words or "",
                "wish_date": format_date(self.env, line.wish_date)
                if line.wish_date
                else "",
            }
            for line in lines_sudo
        ]

    # No answer --------------------------------------------------------------------

    @api.model
    def _follow_up_all(self):
        """Remind, then list as unanswered; each enquiry by itself. It commits."""
        crons = self.env["ir.cron"]
        due_ids = self.search(
            [
                ("state", "=", "sent"),
                ("is_current", "=", True),
                ("due_on", "<", fields.Datetime.now()),
            ],
            order="id",
        ).ids
        crons._commit_progress(remaining=len(due_ids))
        for enquiry in self.browse(due_ids):
            try:
                with self.env.cr.savepoint():
                    enquiry._follow_up()
                    self.env.flush_all()
            except OperationalError as error:  # it is being answered: next run
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                _logger.info("%s: next run, %s", enquiry, error)
            if not crons._commit_progress(1):
                return

    def _follow_up(self):
        """Queue the reminder, or count those who have been reminded as silent."""
        self.ensure_one()
        self._bump()
        if self.state != "sent" or not self.is_current:
            return
        waiting = self._get_waiting_lines()
        if not waiting:  # cancelled meanwhile: nothing left to ask
            self._write_system({"state": "closed"})
            return
        if self.step == "first":
            self._write_system({"state": "queued", "step": "reminder", "attempts": 0})
            self._wake()
            return
        self.line_ids.filtered(lambda line: line.state == "waiting")._write_system(
            {"state": "silent"}
        )
        self._write_system({"state": "unanswered"})
        for owner, lines in waiting.grouped(
            lambda line: line.order_id._approval_owner()
        ).items():
            told = self.with_context(lang=owner.lang)
            told._tell(
                told.env._(
                    "%(customer)s has not said whether these orders are still valid: "
                    "%(orders)s. Please ask and record the answer.",
                    customer=self.partner_id.display_name,
                    orders=", ".join(lines.mapped("order_name")),
                ),
                told.env._("Open orders without an answer"),
                user=owner,
            )
