from odoo import models
from odoo.exceptions import UserError


class PolicyFileKeeper(models.AbstractModel):
    """A record that stands for a file nobody may change (SPEC A3, B7).

    ``ir.attachment`` asks it before it writes or deletes the file.
    """

    _name = "policy.file.keeper"
    _description = "Keeper of a File"

    def _get_kept_hash(self, file):
        """Return the SHA-256 of what the file has to hold, in hexadecimal digits."""
        self.ensure_one()
        return self.sha256

    def _get_kept_file_text(self, file):
        """Return in words why the file stays, and what to do instead."""
        raise NotImplementedError

    def _release_files(self, files):
        """Agree to the files being deleted.

        :raise UserError: saying why not; by default always
        """
        raise UserError(self[:1]._get_kept_file_text(files[:1]))
