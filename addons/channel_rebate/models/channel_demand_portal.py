from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.mimetypes import guess_mimetype

_OFFICE = "application/vnd.openxmlformats-officedocument."
#: what partners may send along; what a file is its content says
_ALLOWED = frozenset(
    {
        "application/pdf",
        "application/vnd.ms-excel",
        "application/msword",
        f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}wordprocessingml.document",
        "image/bmp",
        "image/gif",
        "image/heic",
        "image/jpeg",
        "image/png",
        "image/webp",
    }
)
MOST_FILES = 10
MOST_BYTES = 5 * 1024 * 1024
#: a partner needs fewer, a robot more
_MOST_A_DAY = 200


class ChannelDemand(models.Model):
    """What partners do with their demands in the portal (SPEC L2).

    All of it is called as sudo for the file of the partner who is logged in; the
    controller has found the file by the user, never by what he asks for.
    """

    _inherit = "channel.demand"

    @api.model
    def _portal_create(self, channel_sudo, values, lines, key):
        """Return the new demand; of a form that was sent before, the one made then.

        :param str key: what the form carries, the same when it is sent again
        :raise UserError: when nothing can be placed
        """
        channel_sudo._channel_bump()
        if refusal := channel_sudo._channel_get_refusal():
            raise UserError(refusal)
        # sudo: partners have no access to the model
        demands_sudo = self.sudo().with_context(mail_create_nosubscribe=True)
        key = (key or "")[:64]
        own = [("channel_partner_id", "=", channel_sudo.id)]
        if key and (same := demands_sudo.search([*own, ("request_key", "=", key)])):
            return same
        since = fields.Datetime.now() - timedelta(days=1)
        if demands_sudo.search_count([*own, ("create_date", ">", since)]) >= (
            _MOST_A_DAY
        ):
            raise UserError(
                self.env._("This is a lot for one day. Please call us for the rest.")
            )
        demand_sudo = demands_sudo.create(
            {
                **values,
                "channel_partner_id": channel_sudo.id,
                "company_id": channel_sudo.company_id.id,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        if key:
            demand_sudo._write_system({"request_key": key})
        return demand_sudo

    def _portal_write(self, values, lines):
        """Replace the partner's words.

        :raise UserError: once the demand was sent in
        """
        self.ensure_one()
        self._bump()
        self._check_editable()
        self.write(
            {
                **values,
                "line_ids": [
                    Command.clear(),
                    *(Command.create(line) for line in lines),
                ],
            }
        )

    # Files -------------------------------------------------------------------------

    def _portal_get_files(self):
        """Return the files of this demand; call as sudo."""
        self.ensure_one()
        return self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], order="id"
        )

    @api.model
    def _portal_check_files(self, files):
        """Return ``[(name, content, type)]``; the type is what the content says.

        :param list files: (name, content)
        :raise UserError: for what is too large or of another kind
        """
        checked = []
        if len(files) > MOST_FILES:
            raise UserError(self.env._("At most %(count)s files.", count=MOST_FILES))
        for name, content in files:
            name = name.replace("\0", "")[:150]
            if len(content) > MOST_BYTES:
                raise UserError(
                    self.env._(
                        "%(file)s is larger than %(size)s MB.",
                        file=name,
                        size=MOST_BYTES // 1024 // 1024,
                    )
                )
            mimetype = guess_mimetype(content, default="application/octet-stream")
            if mimetype not in _ALLOWED:
                raise UserError(
                    self.env._(
                        "%(file)s is neither a picture nor a PDF, Excel or Word file.",
                        file=name,
                    )
                )
            checked.append((name, content, mimetype))
        return checked

    def _portal_add_files(self, checked):
        """Keep files of :meth:`_portal_check_files`.

        :raise UserError: when there are too many
        """
        self.ensure_one()
        if not checked:
            return
        self._check_editable()
        if len(self._portal_get_files()) + len(checked) > MOST_FILES:
            raise UserError(self.env._("At most %(count)s files.", count=MOST_FILES))
        self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": self.company_id.id,
                }
                for name, content, mimetype in checked
            ]
        )

    # Reading -----------------------------------------------------------------------

    def _portal_get_progress(self):
        """Return in words how far it is, and where to look; call as sudo.

        :return: dict of ``text``, ``kind`` (a colour) and ``url`` (or nothing)
        """
        self.ensure_one()
        texts = {
            "draft": (self.env._("Draft, not sent in yet"), "secondary"),
            "submitted": (self.env._("Sent in, we are looking at it"), "info"),
            "returned": (self.env._("Returned, please correct it"), "warning"),
            "withdrawn": (self.env._("Withdrawn"), "secondary"),
        }
        if self.state in texts:
            text, kind = texts[self.state]
            return {"text": text, "kind": kind, "url": ""}
        order = self.order_id
        texts = {
            "draft": (self.env._("Accepted, order being prepared"), "info"),
            "sent": (self.env._("Quotation ready"), "primary"),
            "sale": (self.env._("Order confirmed"), "success"),
            "cancel": (self.env._("Order cancelled"), "secondary"),
        }
        text, kind = texts[order.state]
        url = f"/my/orders/{order.id}" if order.state in ("sent", "sale") else ""
        return {"text": text, "kind": kind, "url": url}
