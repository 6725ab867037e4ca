from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_list

from odoo.addons.mail.tools.discuss import Store

#: what a message says, from whom, where, with which files
_GUARDED = frozenset(
    {
        "attachment_ids",
        "author_id",
        "body",
        "date",
        "email_from",
        "message_type",
        "model",
        "res_id",
        "subject",
    }
)


class MailMessage(models.Model):
    """Messages that carry originals of orders (SPEC A3).

    A message of a protected order that carries an original is evidence: it is
    neither edited nor deleted. Internal originals do not go out with messages.
    """

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        if any(vals.get("attachment_ids") for vals in vals_list):
            messages._policy_keep_inside()
        return messages

    def write(self, vals):
        if _GUARDED.intersection(vals):
            self._policy_refuse_change()
        return super().write(vals)

    def unlink(self):
        self._policy_refuse_change()
        return super().unlink()

    def _policy_refuse_change(self):
        """Refuse to touch messages of protected orders that carry an original.

        Copies that were sent out as mass mails are no evidence; the mail queue
        deletes them.

        :raise UserError: also for the superuser
        """
        if not self.ids:
            return
        self.flush_recordset(["attachment_ids", "model", "res_id", "message_type"])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT o.id FROM mail_message m"
                " JOIN message_attachment_rel r ON r.message_id = m.id"
                " JOIN sale_order_original o ON o.attachment_id = r.attachment_id"
                " AND o.order_id = m.res_id"
                " WHERE m.id IN %s AND m.model = 'sale.order'"
                " AND m.message_type != 'email_outgoing'",
                tuple(self.ids),
            )
        )
        # sudo: messages are guarded against everybody
        originals_sudo = (
            self.env["sale.order.original"].sudo().browse([row[0] for row in rows])
        )
        if kept := originals_sudo._get_protected():
            raise UserError(
                self.env._(
                    "This message brought an original of %(orders)s (%(files)s) and "
                    "is kept as it is, since the order was submitted, confirmed or "
                    "cancelled.",
                    orders=format_list(self.env, kept.order_id.mapped("name")),
                    files=format_list(self.env, kept.mapped("name")),
                )
            )

    # Internal originals -------------------------------------------------------------

    def _policy_keep_inside(self):
        """Refuse to let an internal original go out with a new message.

        Only a note within the company may carry one, to colleagues. A message that
        brought the file before it became an original stays as it is.

        :raise UserError: saying which file, also for the superuser
        """
        # sudo: files are kept inside whoever sends them
        messages_sudo = self.sudo()
        internal = messages_sudo.attachment_ids._policy_get_internal()
        for message in messages_sudo if internal else messages_sudo.browse():
            hidden = message.attachment_ids & internal
            is_note = message.is_internal or message.subtype_id.internal
            if not hidden or (is_note and not message._policy_get_outsiders()):
                continue
            raise UserError(
                self.env._(
                    "%(files)s: an internal original does not go to customers. Send "
                    "the message without it, log an internal note to colleagues, or "
                    "have it marked as not internal first.",
                    files=format_list(self.env, hidden.mapped("name")),
                )
            )

    def _policy_get_outsiders(self):
        """Return in words or records who outside the staff this message is for."""
        self.ensure_one()
        return self.outgoing_email_to or self.partner_ids.filtered(
            lambda partner: not any(user._is_internal() for user in partner.user_ids)
        )

    def _portal_message_format(self, properties_names, options=None):
        """EXTENDS 'portal': customers do not even see the names."""
        values_list = super()._portal_message_format(properties_names, options=options)
        if self.env.user._is_internal():
            return values_list
        # sudo: which ones are internal is found out for others
        hidden = set(self.sudo().attachment_ids._policy_get_internal().ids)
        for values in values_list:
            if hidden and values.get("attachment_ids"):
                values["attachment_ids"] = [
                    file
                    for file in values["attachment_ids"]
                    if file["id"] not in hidden
                ]
        return values_list

    def _to_store_defaults(self, target):
        """EXTENDS 'mail': as :meth:`_portal_message_format`."""
        defaults = super()._to_store_defaults(target)
        if target.is_internal(self.env):
            return defaults
        return [
            Store.Many(
                "attachment_ids",
                sort="id",
                dynamic_fields=lambda m: m._get_store_attachment_fields(target),
                sudo=True,
                value=lambda m: m._policy_get_open_files(),
            )
            if getattr(item, "field_name", item) == "attachment_ids"
            else item
            for item in defaults
        ]

    def _policy_get_open_files(self):
        """Return the files that customers may know of, with elevated rights."""
        # sudo: who may read the message may know its files, as in Odoo itself
        files_sudo = self.sudo().attachment_ids
        return files_sudo - files_sudo._policy_get_internal()
