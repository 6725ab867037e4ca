from odoo import api, models


class DocumentApprovalFlow(models.Model):
    _inherit = "document.approval.flow"

    @api.model
    def _get_gated_companies(self, model_name):
        """EXTENDS 'document_approval': credit is never changed without approval.

        Where credit is controlled, requests are enforced whatever the switch of
        approvals says: a limit that nobody approved would open the credit gate.
        """
        gated = super()._get_gated_companies(model_name)
        if model_name != "customer.credit.request":
            return gated
        # sudo: the switch counts for whoever asks
        controlled = (
            self.env["res.company"]
            .sudo()
            .search([("parent_id", "=", False), ("credit_mode", "!=", "off")])
        )
        return {**gated, **dict.fromkeys(controlled.ids, "enforce")}
