from odoo import api, models


class DocumentApprovalFlow(models.Model):
    _inherit = "document.approval.flow"

    @api.model
    def _get_gated_companies(self, model_name):
        """EXTENDS 'document_approval': credit is never changed without approval.

        Where credit is controlled, requests are enforced whatever the switch of
        approvals says: a limit that nobody approved would open the credit gate. Where
        it is off, administrators load limits without approval.
        """
        if model_name != "customer.credit.request":
            return super()._get_gated_companies(model_name)
        # sudo: the switch counts for whoever asks
        controlled = (
            self.env["res.company"]
            .sudo()
            .with_context(active_test=False)
            .search([("parent_id", "=", False), ("credit_mode", "!=", "off")])
        )
        return dict.fromkeys(controlled.ids, "enforce")
