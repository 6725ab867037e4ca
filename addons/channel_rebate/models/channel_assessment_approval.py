from odoo import models


class ChannelAssessment(models.Model):
    """Who agrees to an assessment (SPEC B5, B8, L4)."""

    _inherit = "channel.assessment"

    def _approval_get_company(self):
        """EXTENDS 'document_approval'."""
        return self.company_id.root_id

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor the partner's salesperson, nor the assessor.

        Neither who is the salesperson now, nor who was when it was made.
        """
        assessor_sudo = self.sudo().user_id  # sudo: whoever it is
        return (
            super()._approval_excluded_users() | self._get_salespeople() | assessor_sudo
        )

    def _approval_amounts(self):
        """EXTENDS 'document_approval': what the market support costs."""
        return {each.id: each.support_amount for each in self}

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': without anybody to approve it, refused."""
        plan = super()._approval_plan(flows_sudo, findings)
        if not plan.needs_review and not plan.problems:
            plan.problems.append(
                self.env._(
                    "Nobody approves channel assessments yet. Ask the approvals "
                    "administrator for a flow of “Channel Assessment” with somebody "
                    "on it."
                )
            )
        return plan

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': what was approved is in effect at once."""
        result = super()._approval_on_approved()
        self.sudo()._apply()  # sudo: the last reviewer need not manage partners
        return result
