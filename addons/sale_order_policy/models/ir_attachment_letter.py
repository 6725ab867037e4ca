import hashlib

from odoo import api, models
from odoo.exceptions import UserError

#: what says which document a kept file is, what is in it, and who may see it
_IDENTITY = frozenset(
    {
        "name",
        "type",
        "url",
        "mimetype",
        "datas",
        "db_datas",
        "raw",
        "res_model",
        "res_id",
        "res_field",
        "company_id",
        "public",
    }
)


class IrAttachment(models.Model):
    """Confirmation letters are kept as they were sent (SPEC B7).

    Whoever asks: a letter would prove nothing if elevated rights could replace it.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        """EXTENDS 'base': a kept letter stays what, and where, it is."""
        touched = _IDENTITY.intersection(vals)
        if touched:
            for attachment_sudo, letter_sudo in self._sale_letters_kept().items():
                for name in touched:
                    if not attachment_sudo._policy_is_same(
                        letter_sudo, name, vals[name]
                    ):
                        self._sale_letter_refuse(attachment_sudo)
        return super().write(vals)

    def _set_attachment_data(self, asbytes):
        """EXTENDS 'base': every way to replace a content ends here.

        The same content may be written again: Odoo does so when it moves files to
        another storage.
        """
        for attachment_sudo, letter_sudo in self._sale_letters_kept().items():
            content = asbytes(self.browse(attachment_sudo.id)) or b""
            if hashlib.sha256(content).hexdigest() != letter_sudo.sha256:
                self._sale_letter_refuse(attachment_sudo)
        return super()._set_attachment_data(asbytes)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_sale_letter(self):
        for attachment_sudo in self._sale_letters_kept():
            self._sale_letter_refuse(attachment_sudo)

    def _sale_letters_kept(self):
        """Return {attachment: letter} of those of ``self`` that are letters."""
        # sudo: kept for everybody, also for who may not read the letters
        letters_sudo = self.env["sale.order.letter"].sudo()
        found_sudo = letters_sudo.search([("attachment_id", "in", self.ids)])
        return {letter.attachment_id: letter for letter in found_sudo}

    @api.model
    def _sale_letter_refuse(self, attachment_sudo):
        raise UserError(
            self.env._(
                "%(file)s is an order confirmation letter. It is kept as it was made "
                "and cannot be changed, moved or deleted.",
                file=attachment_sudo.name,
            )
        )
