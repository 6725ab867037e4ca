from odoo import api, models


class DocumentApprovalFlow(models.Model):
    _inherit = "document.approval.flow"

    @api.model
    def _get_gated_companies(self, model_name):
        """EXTENDS 'document_approval': no contract is signed unreviewed (SPEC E1).

        Whatever the switch says: who signs binds the company.
        """
        if model_name != "sale.contract":
            return super()._get_gated_companies(model_name)
        # sudo: it counts for whoever asks
        companies = (
            self.env["res.company"]
            .sudo()
            .with_context(active_test=False)
            .search([("parent_id", "=", False)])
        )
        return dict.fromkeys(companies.ids, "enforce")
