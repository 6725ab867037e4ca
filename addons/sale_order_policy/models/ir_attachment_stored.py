import logging
import os

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class IrAttachment(models.Model):
    """A file is stored whole or not at all, and who sent it is told (SPEC A3)."""

    _inherit = "ir.attachment"

    @api.model
    def _file_write(self, bin_value, checksum):
        """EXTENDS 'base': nothing stays of a file the disk has no room for.

        What Odoo leaves of it would later be taken for another file with the same
        checksum: this one could never be sent again.

        :raise UserError: with what the system says
        """
        try:
            return super()._file_write(bin_value, checksum)
        except OSError as error:
            self._policy_drop_part(bin_value, checksum)
            _logger.exception("a file could not be stored")
            raise UserError(
                self.env._(
                    "The file could not be stored, and nothing was changed: "
                    "%(reason)s. Tell your administrator and try again later.",
                    reason=error.strerror or str(error),
                )
            ) from error

    @api.model
    def _policy_drop_part(self, bin_value, checksum):
        """Remove what was written of a file, unless it is there whole."""
        path = self._full_path(f"{checksum[:2]}/{checksum}")
        if os.path.isfile(path) and not self._same_content(bin_value, path):
            os.unlink(path)
