import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

_REPORT = "order_handover.report_shipping_notice"
_LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class OrderShippingNotice(models.Model):
    """How a shipping notice is made and mailed, once (SPEC H2).

    The mails are rows of Odoo's mail queue, written in the same transaction as the
    state "sent": a process that dies before leaves neither.
    """

    _inherit = "order.shipping.notice"

    @api.model
    def _cron_send(self):
        """Send what waits. Called by the scheduled job, which a delivery wakes."""
        self.env["ir.cron"]._commit_progress(remaining=self._count_queued())
        self._work_off()

    def _work(self):
        """EXTENDS: make the file if there is none yet, then mail it."""
        self.ensure_one()
        notice = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids
        )
        notice._make_file()
        receiver = notice._get_receiver()
        if not receiver:
            notice._lack_address()
            return
        notice._post(receiver)
        notice.write(
            {
                "state": "sent",
                "date_sent": fields.Datetime.now(),
                "recipients": f"{receiver.display_name} <{receiver.email}>",
                "error": False,
            }
        )

    # The file -----------------------------------------------------------------------

    def _make_file(self):
        """Render the notice and keep it, unless that was done before."""
        if self.attachment_id:
            return
        content = self._render_pdf()
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._get_file_name(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": "sale.order",
                "res_id": self.order_id.id,
                "company_id": self.company_id.id,
            }
        )
        self.write(
            {
                "attachment_id": attachment.id,
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )

    def _render_pdf(self):
        """Return the notice as the bytes of a PDF.

        :raise UserError: when it cannot be made
        """
        self.ensure_one()
        reports = self.env["ir.actions.report"].with_context(lang=self._get_lang())
        content, _kind = reports._render_qweb_pdf(_REPORT, self.ids)
        if not content:
            raise UserError(self.env._("The shipping notice could not be printed."))
        return content

    def _get_lang(self):
        """Return the customer's language, or the company's when it is not active."""
        self.ensure_one()
        active = {code for code, _name in self.env["res.lang"].get_installed()}
        for lang in (self.lang, self.company_id.partner_id.lang):
            if lang in active:
                return lang
        return "en_US"

    def _get_file_name(self):
        """Return the name of the file, in the customer's language."""
        self.ensure_one()
        return self.with_context(lang=self._get_lang()).env._(
            "Shipping notice %(order)s %(delivery)s.pdf",
            order=self.order_id.name.replace("/", "-"),
            delivery=self.picking_id.name.replace("/", "-"),
        )

    # The mail -----------------------------------------------------------------------

    def _get_receiver(self):
        """Return to whom the notice is mailed; nobody without an address."""
        self.ensure_one()
        receiver = self.order_id._handover_get_receiver()
        return (receiver | self.order_id.partner_id).filtered("email")[:1]

    def _post(self, receiver):
        """Put the notice in the order's history and its mail in the mail queue."""
        values = self._get_words()
        order = self.order_id
        owner = order._approval_owner()
        sender = owner if owner.email else self.company_id
        # from the queue, not at the end of the transaction: one way only
        message = order.with_context(
            lang=self._get_lang(),
            mail_notify_force_send=False,
            mail_post_autofollow=False,
            mail_post_autofollow_author_skip=True,
        ).message_post(
            subject=values["subject"],
            body=values["body_html"],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=owner.partner_id.id,
            email_from=sender.email_formatted,
            partner_ids=receiver.ids,
            attachment_ids=self.attachment_id.ids,
            email_layout_xmlid=_LAYOUT,
        )
        self._copy_to_unmailed(message, receiver)
        queue = self.env.ref(
            "mail.ir_cron_mail_scheduler_action", raise_if_not_found=False
        )
        if queue:
            queue._trigger()

    def _get_words(self):
        """Return subject and body of the mail."""
        template = self.env.ref(
            "order_handover.mail_template_shipping_notice", raise_if_not_found=False
        )
        if not template:
            raise UserError(
                self.env._("The mail template of shipping notices is missing.")
            )
        rendered = template._generate_template(self.ids, ("subject", "body_html"))
        return rendered[self.id]

    def _copy_to_unmailed(self, message, receiver):
        """Mail who reads messages in Odoo only too: a notice goes out by mail."""
        mailed = message.notification_ids.filtered(
            lambda notification: (
                notification.notification_type == "email"
                and notification.res_partner_id == receiver
            )
        )
        if mailed:
            return
        self.env["mail.mail"].create(
            {
                "subject": message.subject,
                "body_html": message.body,
                "email_from": message.email_from,
                "reply_to": message.reply_to,
                "recipient_ids": [Command.link(receiver.id)],
                "attachment_ids": [Command.link(self.attachment_id.id)],
                "auto_delete": True,
            }
        )

    # What goes wrong ----------------------------------------------------------------

    def _lack_address(self):
        """Tell the salesperson that nobody at the customer can be written to."""
        self.write({"state": "no_address", "error": False})
        order = self.order_id.with_context(lang=self.order_id._approval_owner().lang)
        order._policy_tell_owner(
            order.env._(
                "The goods of %(delivery)s have left, but %(customer)s has no e-mail "
                "address for the shipping notice. Enter one and press “Send Again” on "
                "the notice, or print it and hand it over.",
                delivery=self.picking_id.name,
                customer=order.partner_id.display_name,
            ),
            summary=order.env._("Shipping notice: e-mail address missing"),
        )

    def _fail(self, error):
        """EXTENDS: the salesperson is told; it can be sent again from its list."""
        self.ensure_one()
        self.write({"state": "failed", "error": error})
        order = self.order_id.with_context(lang=self.order_id._approval_owner().lang)
        order._policy_tell_owner(
            order.env._(
                "The shipping notice of %(delivery)s was not sent: %(error)s\nThe "
                "goods have left. When the cause is removed, press “Send Again” on "
                "the notice.",
                delivery=self.picking_id.name,
                error=error,
            ),
            summary=order.env._("Shipping notice not sent"),
        )

    # On paper -----------------------------------------------------------------------

    def _get_carrier(self):
        """Return carrier and tracking reference as texts. Made to be extended."""
        self.ensure_one()
        return {"carrier": "", "tracking": "", "url": ""}

    def _get_paper(self):
        """Return what the notice states, as texts in the customer's language."""
        self.ensure_one()
        lang = self._get_lang()
        notice = self.with_context(lang=lang)
        picking = notice.picking_id
        moves = picking.move_ids.filtered(lambda move: move.state == "done")
        zone = self._get_zone(self.company_id).zone
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), self.date)
        keeper = picking.picking_type_id.warehouse_id.partner_id
        return {
            "notice": notice,
            "lang": lang,
            "order": notice.order_id,
            "picking": picking,
            "company": notice.company_id,
            "receiver": picking.partner_id or notice.order_id.partner_shipping_id,
            "contact": notice.order_id._handover_get_receiver(),
            "date": local.date(),
            "keeper": keeper or notice.company_id.partner_id,
            "moves": moves,
            **notice._get_carrier(),
        }
