from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # orders that took stock on paper only; read for every order that is checked
    _policy_claims_idx = models.Index(
        "(approval_state) WHERE state IN ('draft', 'sent')"
        " AND approval_state IN ('pending', 'approved')"
    )

    def _approval_findings(self):
        """EXTENDS 'document_approval': whether the delivery dates can be kept."""
        findings = super()._approval_findings()
        # sudo: the facts about an order are the same whoever asks for them
        found = self.env["sale.order.feasibility"].sudo()._get_findings(self.sudo())
        for order_id, order_findings in found.items():
            findings[order_id] += order_findings
        return findings

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        text = self.env["sale.order.feasibility.report"]._get_text(code, values)
        return text or super()._approval_finding_text(code, values)
