from odoo import api, models


class DocumentApprovalFlow(models.Model):
    _inherit = "document.approval.flow"

    @api.model
    def _get_gated_companies(self, model_name):
        """EXTENDS 'document_approval': no request is applied without its approval.

        Whatever the switch of the company says: an approved change opens the gate of
        the order.
        """
        if model_name != "sale.order.change":
            return super()._get_gated_companies(model_name)
        companies = (
            self.env["res.company"]
            .sudo()  # sudo: it counts for whoever asks
            .with_context(active_test=False)
            .search([("id", ">", 0)])
        )
        return dict.fromkeys(companies.ids, "enforce")
