from odoo import api, models


class DocumentApprovalFlow(models.Model):
    _inherit = "document.approval.flow"

    @api.model
    def _get_gated_companies(self, model_name):
        """EXTENDS 'document_approval': assessments have a switch of their own.

        Where it is on they are enforced, whatever the switch of approvals says.
        """
        if model_name != "channel.assessment":
            return super()._get_gated_companies(model_name)
        # sudo: the switch counts for whoever asks
        controlled = (
            self.env["res.company"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("parent_id", "=", False),
                    ("channel_assessment_mode", "=", "enforce"),
                ]
            )
        )
        return dict.fromkeys(controlled.ids, "enforce")
