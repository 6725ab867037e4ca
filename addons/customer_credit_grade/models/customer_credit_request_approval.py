from odoo import models


class CustomerCreditRequest(models.Model):
    """Who agrees to a credit request (SPEC B5, B8, D3)."""

    _inherit = "customer.credit.request"

    def _approval_get_company(self):
        """EXTENDS 'document_approval'."""
        return self.company_id.root_id

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor the customer's salesperson (SPEC B5)."""
        request_sudo = self.sudo()
        accounts_sudo = request_sudo.account_id
        if request_sudo.kind == "group_limit":
            accounts_sudo |= request_sudo.group_id.account_ids
        return super()._approval_excluded_users() | accounts_sudo.user_id

    def _approval_amounts(self):
        """EXTENDS 'document_approval'."""
        return {request.id: request.amount for request in self}

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': without anybody to approve it, refused."""
        plan = super()._approval_plan(flows_sudo, findings)
        if not plan.needs_review and not plan.problems:
            plan.problems.append(
                self.env._(
                    "Nobody approves credit requests yet. Ask the approvals "
                    "administrator for a flow of “Credit Request” with somebody on it."
                )
            )
        return plan

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': what was approved is in force at once."""
        result = super()._approval_on_approved()
        self.sudo()._apply()  # sudo: the last reviewer need not manage credit
        return result
