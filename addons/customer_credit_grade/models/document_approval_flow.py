from odoo import api, models

from odoo.addons.document_approval.models.document_approval_flow import _GATED

REQUEST = "customer.credit.request"


class DocumentApprovalFlow(models.Model):
    _inherit = "document.approval.flow"

    @api.model
    def _get_gated_companies(self, model_name):
        """EXTENDS 'document_approval': credit's own switch counts for its requests.

        Enforced as soon as the company observes or enforces credit, whatever its
        switch for approvals says and even before it has a flow.
        """
        if model_name != REQUEST:
            return super()._get_gated_companies(model_name)
        cursor = self.env.cr
        known = cursor.precommit.data.setdefault(_GATED, {})
        key = (model_name, cursor.now())
        if key not in known:
            # sudo: the switch counts for users who may not read companies
            companies = self.env["res.company"].sudo().with_context(active_test=False)
            known[key] = {
                company.id: "enforce"
                for company in companies.search(
                    [("parent_id", "=", False), ("credit_mode", "!=", "off")]
                )
            }
        return known[key]
