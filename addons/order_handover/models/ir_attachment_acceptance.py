from odoo import models


class IrAttachment(models.Model):
    """Signed papers and signatures stay what and where they are (SPEC I1)."""

    _inherit = "ir.attachment"

    def _policy_get_keepers(self):
        """EXTENDS 'sale_order_policy'."""
        found = super()._policy_get_keepers()
        # sudo: files are guarded against everybody
        slips_sudo = self.env["order.acceptance"].sudo()
        for slip_sudo in slips_sudo.search([("paper_id", "in", self.ids)]):
            found[slip_sudo.paper_id] = slip_sudo
        return found
