from odoo import models


class IrAttachment(models.Model):
    """Proofs of what customers answered stay what and where they are (A6, A7)."""

    _inherit = "ir.attachment"

    def _policy_get_keepers(self):
        """EXTENDS 'sale_order_policy'."""
        found = super()._policy_get_keepers()
        # sudo: files are guarded against everybody
        versions_sudo = self.env["sale.requirement.version"].sudo()
        for version_sudo in versions_sudo.search([("attachment_id", "in", self.ids)]):
            found[version_sudo.attachment_id] = version_sudo
        for model in ("sale.requirement.answer", "sale.order.enquiry.answer"):
            # sudo: as above
            answers_sudo = self.env[model].sudo()
            for answer_sudo in answers_sudo.search(
                [("attachment_ids", "in", self.ids)]
            ):
                for file_sudo in answer_sudo.attachment_ids:
                    if file_sudo.id in self._ids:
                        found[file_sudo] = answer_sudo
        return found
