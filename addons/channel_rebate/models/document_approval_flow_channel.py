from odoo import api, models

#: key in the data of the transaction: companies where assessments are approved
_CONTROLLED = "channel_rebate.assessments_controlled"


class DocumentApprovalFlow(models.Model):
    _inherit = "document.approval.flow"

    @api.model
    def _get_gated_companies(self, model_name):
        """EXTENDS 'document_approval': assessments have a switch of their own.

        Where it is on they are enforced, whatever the switch of approvals says.
        Remembered for the transaction only, as for other documents.
        """
        if model_name != "channel.assessment":
            return super()._get_gated_companies(model_name)
        cursor = self.env.cr
        known = cursor.precommit.data.setdefault(_CONTROLLED, {})
        if cursor.now() not in known:
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
            known[cursor.now()] = dict.fromkeys(controlled.ids, "enforce")
        return known[cursor.now()]

    @api.model
    def _forget_gated_companies(self):
        """EXTENDS 'document_approval': look again, after a change."""
        self.env.cr.precommit.data.pop(_CONTROLLED, None)
        return super()._forget_gated_companies()
