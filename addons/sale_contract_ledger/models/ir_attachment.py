from odoo import models


class IrAttachment(models.Model):
    """The papers of contracts stay what and where they are (SPEC E1, E2)."""

    _inherit = "ir.attachment"

    def _policy_get_keepers(self):
        """EXTENDS 'sale_order_policy': papers of contracts too."""
        found = super()._policy_get_keepers()
        # sudo: files are guarded against everybody
        papers_sudo = self.env["sale.contract.paper"].sudo()
        for paper_sudo in papers_sudo.search([("attachment_id", "in", self.ids)]):
            found[paper_sudo.attachment_id] = paper_sudo
        return found
