import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderImport(models.Model):
    """The spreadsheet is what its orders came in: it is kept (SPEC A3)."""

    _name = "sale.order.import"
    _inherit = ["sale.order.import", "policy.file.keeper"]

    open_row_ids = fields.One2many(
        comodel_name="sale.order.import.row",
        inverse_name="job_id",
        string="Rows to Mend",
        domain=[("state", "=", "error")],
        readonly=True,
        copy=False,
    )

    def _get_kept(self):
        """Return the imports of whose files orders were made."""
        groups = self.env["sale.order.import.row"]._read_group(
            [("job_id", "in", self.ids), ("state", "=", "done")], ["job_id"]
        )
        return self.browse([job.id for (job,) in groups])

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        # sudo: kept whoever asks
        if kept := self.sudo()._get_kept():
            raise UserError(kept._get_kept_text())

    def _get_kept_text(self):
        return self.env._(
            "%(file)s is what orders were made of. It is kept, like any original.",
            file=self[:1].display_name,
        )

    def _get_kept_hash(self, file):
        """EXTENDS: of what is stored now."""
        return hashlib.sha256(file.raw or b"").hexdigest()

    def _get_kept_file_text(self, file):
        """EXTENDS: kept once orders were made of it; before, changed on the import."""
        # sudo: kept whoever asks
        if kept := self.sudo()._get_kept():
            return kept._get_kept_text()
        return self.env._(
            "This spreadsheet belongs to an order import. Choose another file there."
        )
