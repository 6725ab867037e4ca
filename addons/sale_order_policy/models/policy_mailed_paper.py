import hashlib

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

_LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class PolicyMailedPaper(models.AbstractModel):
    """A paper of an order that is made once, kept, and mailed once (SPEC B7, H2).

    Whoever inherits has the fields ``order_id`` (or says what the document is instead),
    ``company_id``, ``lang``, ``attachment_id`` and ``sha256``. The mails are rows of
    Odoo's mail queue, written in the same transaction as the state "sent": a process
    that dies before leaves neither.
    """

    _name = "policy.mailed.paper"
    _inherit = ["sale.order.policy.queue", "policy.file.keeper"]
    _description = "Paper That Is Kept and Mailed"

    #: what a paper states; it never changes once it is said
    _stated_fields = frozenset()
    #: xml id of the report that prints it
    _paper_report = None

    def write(self, vals):
        """Refuse to change what a paper states, whoever asks.

        :raise AccessError: naming the field
        """
        for name in self._stated_fields.intersection(vals):
            field = self._fields[name]
            for paper_sudo in self.sudo():  # the stored values, whoever writes
                now = field.convert_to_write(paper_sudo[name], paper_sudo)
                if now and now != vals[name]:
                    raise AccessError(
                        self._get_stated_text(field._description_string(self.env))
                    )
        return super().write(vals)

    # Where it belongs ----------------------------------------------------------------

    def _get_paper_document(self):
        """Return the record that keeps the file and in whose history the mail stands.

        The order; made to be extended by papers of something else.
        """
        return self.order_id

    def _get_paper_owner(self):
        """Return the user in whose name the paper is mailed. Made to be extended."""
        return self.order_id._approval_owner()

    # Words, by whoever inherits ----------------------------------------------------

    def _get_stated_text(self, field):
        """Return in words that ``field``, a label, cannot be changed."""
        raise NotImplementedError

    def _get_not_made_text(self):
        """Return in words that there is no file yet."""
        raise NotImplementedError

    def _get_not_printed_text(self):
        """Return in words that the report gave nothing."""
        raise NotImplementedError

    def _get_file_name(self):
        """Return the name of the file, in the language of the paper."""
        raise NotImplementedError

    # The file ----------------------------------------------------------------------

    def action_open_pdf(self):
        """Show the file.

        :raise UserError: when it has not been made yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(self._get_not_made_text())
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }

    def _get_lang(self):
        """Return the paper's language, or the company's when it is not active."""
        self.ensure_one()
        active = {code for code, _name in self.env["res.lang"].get_installed()}
        for lang in (self.lang, self.company_id.partner_id.lang):
            if lang in active:
                return lang
        return "en_US"

    def _make_file(self):
        """Print the paper and keep it, unless that was done before."""
        if self.attachment_id:
            return
        content = self._render_pdf()
        document = self._get_paper_document()
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._get_file_name(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": document._name,
                "res_id": document.id,
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
        """Return the paper as the bytes of a PDF.

        :raise UserError: when it cannot be made
        """
        self.ensure_one()
        reports = self.env["ir.actions.report"].with_context(lang=self._get_lang())
        content, _kind = reports._render_qweb_pdf(self._paper_report, self.ids)
        if not content:
            raise UserError(self._get_not_printed_text())
        return content

    # The mail ----------------------------------------------------------------------

    def _post_paper(self, recipients, words):
        """Put the paper in its document's history and its mails in the mail queue.

        :param recipients: partners with an address
        :param dict words: ``subject`` and ``body_html``
        """
        owner = self._get_paper_owner()
        sender = owner if owner.email else self.company_id
        # from the queue, not at the end of the transaction: one way only
        message = (
            self._get_paper_document()
            .with_context(
                lang=self._get_lang(),
                mail_notify_force_send=False,
                mail_post_autofollow=False,
            )
            .message_post(
                subject=words["subject"],
                body=words["body_html"],
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=owner.partner_id.id,
                email_from=sender.email_formatted,
                partner_ids=recipients.ids,
                attachment_ids=self.attachment_id.ids,
                email_layout_xmlid=_LAYOUT,
                notify_author_mention=True,
            )
        )
        self._copy_to_unmailed(message, recipients)
        self._wake_mail_queue()

    def _copy_to_unmailed(self, message, recipients):
        """Mail who reads messages in Odoo only too: a paper goes out by mail."""
        by_mail = message.notification_ids.filtered(
            lambda notification: notification.notification_type == "email"
        )
        for partner in recipients - by_mail.res_partner_id:
            self.env["mail.mail"].create(
                {
                    "subject": message.subject,
                    "body_html": message.body,
                    "email_from": message.email_from,
                    "reply_to": message.reply_to,
                    "recipient_ids": [Command.link(partner.id)],
                    "attachment_ids": [Command.link(self.attachment_id.id)],
                    "auto_delete": True,
                }
            )

    @api.model
    def _get_addresses(self, recipients):
        """Return names and addresses, one in a line, as they are kept."""
        return "\n".join(
            f"{partner.display_name} <{partner.email}>" for partner in recipients
        )
