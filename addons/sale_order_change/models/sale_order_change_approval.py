from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrderChange(models.Model):
    """Who agrees to a change of a confirmed order (SPEC B5, B8, J1)."""

    _inherit = "sale.order.change"

    def action_submit_for_approval(self):
        """EXTENDS 'document_approval': first take the order as it is now.

        :raise UserError: as there, or when something stands in the way of the change
        """
        self.check_access("write")
        for change in self:
            if change.state not in ("draft", "failed"):
                raise UserError(self.env._("%(number)s is closed.", number=change.name))
            if change.approval_state != "pending":
                change._freeze()
                change._keep({"state": "draft", "error": False})
        return super().action_submit_for_approval()

    def _approval_get_company(self):
        """EXTENDS 'document_approval': the company of the order."""
        return self.company_id

    def _approval_owner(self):
        """EXTENDS 'document_approval': who asked for it, else the order's owner."""
        self.ensure_one()
        requester_sudo = self.sudo().requester_id
        if requester_sudo.active and not requester_sudo.share:
            return requester_sudo
        return self.order_id._approval_owner()

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor the salesperson of the order (SPEC B5)."""
        change_sudo = self.sudo()
        return (
            super()._approval_excluded_users()
            | change_sudo.order_id.user_id
            | change_sudo.requester_id
        )

    def _approval_amounts(self):
        """EXTENDS 'document_approval': what is at stake, whichever way it goes."""
        return {change.id: abs(change._get_company_amount()) for change in self}

    def _get_company_amount(self):
        """Return the untaxed difference in the company's currency, at today's rate."""
        self.ensure_one()
        return self.currency_id._convert(
            self.untaxed_difference,
            self.company_id.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    def _approval_abouts(self):
        """EXTENDS 'document_approval': what is to be changed of which order (B4)."""
        return {
            change.id: f"{change.order_id.name}: {change.summary}"
            for change in self.exists()
        }

    def _approval_findings(self):
        """EXTENDS 'document_approval': a lower price is a matter of finance (C1)."""
        findings = super()._approval_findings()
        for change in self.sudo():  # sudo: the same facts whoever asks
            for line in change.line_ids:
                old = line.old_price_unit * (1 - line.old_discount / 100)
                new = line.price_unit * (1 - line.discount / 100)
                if line.order_line_id and new < old - 1e-9:
                    findings[change.id].append(
                        change._approval_make_finding(
                            "price_down",
                            "finance",
                            "review",
                            line=line,
                            old=old,
                            new=new,
                        )
                    )
        return findings

    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code == "price_down":
            return self.env._(
                "net price %(old).2f → %(new).2f", old=values["old"], new=values["new"]
            )
        return super()._approval_finding_text(code, values)

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': with nothing in the way, and somebody to agree.

        Nothing of a confirmed order is changed without anybody's agreement.
        """
        plan = super()._approval_plan(flows_sudo, findings)
        plan.problems += self._get_problems()
        if not plan.needs_review and not plan.problems:
            plan.problems.append(
                self.env._(
                    "Nobody approves order changes yet. Ask the approvals "
                    "administrator for a flow of “Order Change Request” with somebody "
                    "on it."
                )
            )
        return plan

    def _approval_submit(self, plan):
        """EXTENDS 'document_approval': with a sheet for each department (SPEC J2)."""
        round_sudo = super()._approval_submit(plan)
        self._make_sheets(round_sudo)
        return round_sudo

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': what was approved is applied at once."""
        result = super()._approval_on_approved()
        for change in self:
            # sudo: the last reviewer need not be allowed to write orders
            change.sudo()._apply()
        return result
