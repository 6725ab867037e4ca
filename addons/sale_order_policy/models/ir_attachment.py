import base64
import binascii
import hashlib

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

#: what a file is, where it is, and who can get at it
_GUARDED = frozenset(
    {
        "checksum",
        "company_id",
        "datas",
        "db_datas",
        "file_size",
        "mimetype",
        "name",
        "public",
        "raw",
        "res_field",
        "res_id",
        "res_model",
        "res_name",
        "store_fname",
        "type",
        "url",
    }
)


class IrAttachment(models.Model):
    """The files of originals stay what and where they are (SPEC A3).

    Guarded for everybody, whatever the route, the context or the rights: only values
    are looked at. Writing what is there already passes, so that an administrator can
    move the files to another storage.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        if _GUARDED.intersection(vals):
            originals_sudo = self._policy_get_originals()
            if originals_sudo:
                for original in originals_sudo:
                    original.attachment_id._policy_refuse_change(original, vals)
                # what is written once more is stored as it is
                self = self.with_context(image_no_postprocess=True)
        return super().write(vals)

    def unlink(self):
        originals_sudo = self._policy_get_originals()
        if not originals_sudo:
            return super().unlink()
        self.check_access("unlink")
        originals_sudo.unlink()  # refuses when they are protected
        # some files have gone with their originals
        return super(IrAttachment, self.exists()).unlink()

    def _policy_get_originals(self):
        """Return the originals behind these files, with elevated rights."""
        # sudo: files are guarded against everybody
        originals_sudo = self.env["sale.order.original"].sudo()
        return originals_sudo.search([("attachment_id", "in", self.ids)])

    def _policy_refuse_change(self, original_sudo, vals):
        """Refuse values that would make the file of an original another one.

        :raise UserError: saying what to do instead
        """
        self.ensure_one()
        for name in _GUARDED.intersection(vals):
            if not self._policy_is_same(original_sudo, name, vals[name]):
                raise UserError(
                    self.env._(
                        "%(file)s is an original of %(order)s: its file cannot be "
                        "changed or moved. Replace the original on the order, with a "
                        "reason.",
                        file=original_sudo.name,
                        order=original_sudo.order_id.name,
                    )
                )

    def _policy_is_same(self, original_sudo, name, value):
        """Tell whether writing ``value`` changes nothing."""
        if name in ("raw", "datas"):
            try:
                content = value or b""
                if name == "datas":
                    content = base64.b64decode(content)
                elif isinstance(content, str):
                    content = content.encode()
            except (binascii.Error, ValueError):
                return False
            return hashlib.sha256(content).hexdigest() == original_sudo.sha256
        field = self._fields[name]
        current = field.convert_to_write(self[name], self)
        return (value or False) == (current or False)

    # Internal originals are not for customers

    def _policy_is_staff(self):
        return self.env.su or self.env.user._is_internal()

    def _policy_get_internal(self):
        """Return those of these files that are internal originals."""
        originals_sudo = self._policy_get_originals()
        internal = originals_sudo.filtered("is_internal").attachment_id
        return self.filtered(lambda attachment: attachment.id in internal._ids)

    def _check_access(self, operation):
        """EXTENDS 'base': internal originals are for the staff, whatever the flags."""
        result = super()._check_access(operation)
        if self._policy_is_staff():
            return result
        hidden = self._policy_get_internal()
        if not hidden:
            return result
        return (result[0] | hidden if result else hidden), lambda: AccessError(
            self.env._("Sorry, you are not allowed to access this document.")
        )

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """EXTENDS 'base': as :meth:`_check_access`."""
        query = super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
        if not bypass_access and not self._policy_is_staff():
            query.add_where(
                SQL(
                    "%s NOT IN (SELECT attachment_id FROM sale_order_original"
                    " WHERE is_internal)",
                    SQL.identifier(query.table, "id"),
                )
            )
        return query

    def _has_attachments_ownership(self, attachment_tokens):
        """EXTENDS 'mail': no token makes an internal original somebody else's."""
        if not self.env.user._is_internal() and self._policy_get_internal():
            return False
        return super()._has_attachments_ownership(attachment_tokens)
