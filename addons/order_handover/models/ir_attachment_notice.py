from odoo import models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _policy_get_keepers(self):
        """EXTENDS 'sale_order_policy': shipping notices are kept as they were sent."""
        found = super()._policy_get_keepers()
        # sudo: files are guarded against everybody
        notices_sudo = self.env["order.shipping.notice"].sudo()
        for notice_sudo in notices_sudo.search([("attachment_id", "in", self.ids)]):
            found[notice_sudo.attachment_id] = notice_sudo
        return found
