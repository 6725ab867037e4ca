import base64
import binascii
import hashlib

from odoo import models
from odoo.exceptions import UserError

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
    """Originals, letters and imported spreadsheets stay what and where they are.

    Guarded for everybody, whatever the route, the context or the rights: only values
    are looked at (SPEC A3, B7). Writing what is there already passes, so that an
    administrator can move the files to another storage.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        if _GUARDED.intersection(vals):
            keepers = self._policy_get_keepers()
            for file_sudo, keeper_sudo in keepers.items():
                file_sudo._policy_check_unchanged(keeper_sudo, vals)
            if keepers:
                # what is written once more is stored as it is
                self = self.with_context(image_no_postprocess=True)
        return super().write(vals)

    def unlink(self):
        keepers = self._policy_get_keepers()
        if not keepers:
            return super().unlink()
        self.check_access("unlink")
        of_model = {}
        for file_sudo, keeper_sudo in keepers.items():
            of_model.setdefault(keeper_sudo._name, []).append((file_sudo, keeper_sudo))
        for pairs in of_model.values():
            files_sudo, keepers_sudo = (
                records[0].union(*records) for records in zip(*pairs, strict=True)
            )
            keepers_sudo._release_files(files_sudo)
        # some files have gone with their originals
        return super(IrAttachment, self.exists()).unlink()

    def _policy_get_keepers(self):
        """Return {file: what it belongs to} of those that are kept, both with
        elevated rights. Made to be extended with other kinds of evidence.
        """
        found = {}
        for model in ("sale.order.original", "sale.order.letter"):
            # sudo: files are guarded against everybody
            keepers_sudo = self.env[model].sudo()
            for keeper_sudo in keepers_sudo.search([("attachment_id", "in", self.ids)]):
                found[keeper_sudo.attachment_id] = keeper_sudo
        # sudo: as above
        files_sudo = self.sudo().filtered(
            lambda file: (
                file.res_model == "sale.order.import" and file.res_field == "file"
            )
        )
        jobs_sudo = self.env["sale.order.import"].sudo()
        jobs_sudo = jobs_sudo.browse(files_sudo.mapped("res_id")).exists()
        if self.env.su:  # as Odoo itself writes the files of fields
            jobs_sudo = jobs_sudo._get_kept()
        jobs = {job_sudo.id: job_sudo for job_sudo in jobs_sudo}
        for file_sudo in files_sudo:
            if file_sudo.res_id in jobs:
                found[file_sudo] = jobs[file_sudo.res_id]
        return found

    def _policy_check_unchanged(self, keeper, vals):
        """Refuse values that would make a kept file another one.

        :raise UserError: saying what to do instead
        """
        self.ensure_one()
        for name in _GUARDED.intersection(vals):
            if not self._policy_is_same(keeper, name, vals[name]):
                raise UserError(keeper._get_kept_file_text(self))

    def _policy_is_same(self, keeper, name, value):
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
            return hashlib.sha256(content).hexdigest() == keeper._get_kept_hash(self)
        field = self._fields[name]
        current = field.convert_to_write(self[name], self)
        return (value or False) == (current or False)
