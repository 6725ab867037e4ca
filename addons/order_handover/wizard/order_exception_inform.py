from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty


class OrderExceptionInform(models.TransientModel):
    """Mail the customer about an exception, or note that he was called (SPEC I3)."""

    _name = "order.exception.inform"
    _description = "Inform the Customer of an Exception"

    exception_id = fields.Many2one(
        comodel_name="order.exception", required=True, readonly=True
    )
    how = fields.Selection(
        selection=[("mail", "E-mail"), ("phone", "Phone")],
        required=True,
        compute="_compute_content",
        store=True,
        readonly=False,
        precompute=True,
    )
    receiver = fields.Char(compute="_compute_receiver")
    subject = fields.Char(
        compute="_compute_content", store=True, readonly=False, precompute=True
    )
    body = fields.Html(
        string="Message",
        compute="_compute_content",
        store=True,
        readonly=False,
        precompute=True,
    )
    note = fields.Text(string="What Was Said")

    def _get_readable(self):
        """Return the exception if the user may read it; else nothing of it is shown."""
        exception = self.exception_id.sudo(False)  # stored values are computed as sudo
        return exception if exception.has_access("read") else exception.browse()

    @api.depends("exception_id")
    def _compute_receiver(self):
        for wizard in self:
            person = wizard._get_readable()._get_customer()
            wizard.receiver = ", ".join(
                text for text in (person.name, person.email, person.phone) if text
            )

    @api.depends("exception_id")
    def _compute_content(self):
        template = self.env.ref(
            "order_handover.mail_template_exception", raise_if_not_found=False
        )
        for wizard in self:
            exception = wizard._get_readable()
            exception_sudo = exception.sudo()  # sudo: names in the mail
            wizard.how = "mail" if exception._get_customer().email else "phone"
            wizard.subject = wizard.body = False
            if template and exception_sudo:
                # sudo: the template is set-up
                values = template.sudo()._generate_template(
                    exception_sudo.ids, ("subject", "body_html")
                )[exception_sudo.id]
                wizard.subject = values["subject"]
                wizard.body = values["body_html"]

    def action_inform(self):
        """Send the mail or note the call; for who may write the exception.

        :raise UserError: without address, message or note
        """
        self.ensure_one()
        exception = self.exception_id
        exception._refuse_without_access()
        if self.how == "phone":
            self._note_call(exception)
        else:
            self._send_mail(exception)
        return {"type": "ir.actions.act_window_close"}

    def _note_call(self, exception):
        if not (self.note or "").strip():
            raise UserError(self.env._("Please note what was said."))
        exception._post_quietly(
            Markup("<p><b>%s</b></p><p>%s</p>")
            % (self.env._("The customer was called."), escape(self.note))
        )
        exception._note_informed("phone", self.note)

    def _send_mail(self, exception):
        customer = exception._get_customer()
        if not customer.email:
            raise UserError(
                self.env._(
                    "%(customer)s has no e-mail address. Call, and note what was said.",
                    customer=customer.display_name,
                )
            )
        if is_html_empty(self.body):
            raise UserError(self.env._("The message is empty."))
        exception._post_quietly(
            self.body,
            subject=self.subject,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=customer.ids,
        )
        exception._note_informed("mail", html2plaintext(self.body))
