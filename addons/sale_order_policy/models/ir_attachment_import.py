from odoo import models
from odoo.exceptions import UserError

#: what a file is, where it is, and who can get at it
_GUARDED = frozenset(
    {
        *("raw", "datas", "db_datas", "store_fname", "type", "url", "public"),
        *("res_model", "res_id", "res_field", "company_id", "mimetype"),
    }
)


class IrAttachment(models.Model):
    """Spreadsheets of imports are changed on the import, which checks that (A4).

    Those that orders were made of stay what and where they are.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        """EXTENDS 'base': a file of an import stays what, and where, it is."""
        if _GUARDED.intersection(vals):
            self._policy_check_import_files(vals)
        return super().write(vals)

    def unlink(self):
        """EXTENDS 'base': as :meth:`write`."""
        self._policy_check_import_files({})
        return super().unlink()

    def _policy_check_import_files(self, vals):
        """Refuse to change spreadsheets behind the back of their import.

        With elevated rights, as Odoo itself writes the files of fields, it may be
        done until orders were made of them. The same content may be written again:
        Odoo does so when it moves files to another storage.

        :raise UserError: naming the file, or where to choose another one
        """
        # sudo: kept whoever asks
        files_sudo = self.sudo().filtered(
            lambda file: (
                file.res_model == "sale.order.import" and file.res_field == "file"
            )
        )
        is_moved = bool(vals) and vals.keys() <= {"raw", "mimetype"}
        if is_moved and all(file.raw == vals.get("raw") for file in files_sudo):
            return
        if not files_sudo:
            return
        jobs_sudo = (
            self.env["sale.order.import"].sudo().browse(files_sudo.mapped("res_id"))
        )
        if kept_sudo := jobs_sudo.exists()._get_kept():
            raise UserError(kept_sudo._get_kept_text())
        if not self.env.su:
            raise UserError(
                self.env._(
                    "This spreadsheet belongs to an order import. Choose another "
                    "file there."
                )
            )
