from odoo import models


class CustomerCreditRequest(models.Model):
    """How requests pass the approval engine (SPEC D3, B5).

    Requests are under approval as soon as the company observes or enforces credit,
    whatever its switch for other documents says, see
    ``document.approval.flow._get_gated_companies``.
    """

    _inherit = "customer.credit.request"

    def _approval_amounts(self):
        return {request.id: request.amount for request in self.sudo()}

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor does who proposed it, or sells to him."""
        request_sudo = self.sudo()
        accounts_sudo = request_sudo.account_id or request_sudo.group_id.account_ids
        return (
            super()._approval_excluded_users()
            | request_sudo.requester_id
            | accounts_sudo.user_id
        )

    def _approval_owner(self):
        return super()._approval_owner() or self.sudo().requester_id

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': nothing passes for want of a flow."""
        plan = super()._approval_plan(flows_sudo, findings)
        if not plan.levels and not plan.problems:
            plan.problems.append(
                self.env._(
                    "Set up the approval flow for credit requests of %(company)s "
                    "(Approvals, Configuration, Flows): nobody would review this one.",
                    company=self.sudo().company_id.name,
                )
            )
        return plan

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': the last agreement puts it into effect."""
        result = super()._approval_on_approved()
        for request in self:
            request._credit_request_apply()
        return result
