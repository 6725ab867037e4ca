from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class IrAttachment(models.Model):
    """Internal originals are for the staff, whatever the route (SPEC A3)."""

    _inherit = "ir.attachment"

    def _policy_get_originals(self):
        """Return the originals behind these files, with elevated rights."""
        # sudo: files are guarded against everybody
        originals_sudo = self.env["sale.order.original"].sudo()
        return originals_sudo.search([("attachment_id", "in", self.ids)])

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
