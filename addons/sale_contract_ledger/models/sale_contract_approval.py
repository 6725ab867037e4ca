from odoo import fields, models
from odoo.exceptions import UserError

from .sale_contract import ALTERING, SIGNED


class SaleContract(models.Model):
    """Who agrees to a contract; what was approved is what is signed (SPEC E1, E4)."""

    _inherit = "sale.contract"

    _approval_protected_states = SIGNED
    _approval_material_fields = (
        "company_id",
        "partner_id",
        "kind",
        "parent_id",
        "title",
        "signer_id",
        "date_start",
        "date_end",
        "date_delivery",
        "payment_term_id",
        "payment_text",
        "currency_id",
        "amount",
        "is_major",
        "follow_up",
        "orders_content",
    )
    _approval_people_fields = frozenset({"user_id"})
    _approval_line_field = "article_ids"
    _approval_material_line_fields = ("name", "body", "sequence")

    revision = fields.Integer(readonly=True, copy=False, groups="base.group_user")

    def _approval_get_company(self):
        """EXTENDS 'document_approval'."""
        return self.company_id.root_id

    def _approval_excluded_users(self):
        """EXTENDS 'document_approval': nor who is responsible (SPEC B5)."""
        contract_sudo = self.sudo()  # sudo: who is responsible, whoever asks
        return super()._approval_excluded_users() | contract_sudo.user_id

    def _approval_owner(self):
        """EXTENDS 'document_approval': who is responsible."""
        user_sudo = self.sudo().user_id  # sudo: as above
        owner = user_sudo.filtered(lambda u: u.active and not u.share)
        return owner or super()._approval_owner()

    def _approval_amounts(self):
        """EXTENDS 'document_approval': in the currency of the company."""
        today = fields.Date.context_today(self)
        return {
            contract.id: contract.currency_id._convert(
                contract.amount,
                contract.company_id.currency_id,
                contract.company_id,
                today,
            )
            for contract in self
        }

    def _approval_abouts(self):
        """EXTENDS 'document_approval': which contract, with whom (SPEC B4)."""
        return {
            contract.id: f"{contract._get_title()}: {contract.partner_id.display_name}"
            for contract in self.exists()
        }

    def _approval_findings(self):
        """EXTENDS 'document_approval': what is missing; agreements go to legal."""
        findings = super()._approval_findings()
        for contract in self.sudo():  # sudo: the facts are the same for everybody
            found = findings[contract.id]
            found += [
                contract._approval_make_finding("contract", "sales", "block", what=what)
                for what in contract._get_missing()
            ]
            if contract.kind in ALTERING:
                found.append(
                    contract._approval_make_finding(
                        "agreement", "legal", "review", parent=contract.parent_id.name
                    )
                )
            if contract.is_major:
                found.append(
                    contract._approval_make_finding("major", "legal", "review")
                )
        return findings

    def _get_missing(self):
        """Return keys of what keeps the contract from review (SPEC A2, E1)."""
        missing = []
        orders = self.order_ids.filtered(lambda order: order.state != "cancel")
        if not self.signer_id:
            missing.append("signer")
        if not self.article_ids:
            missing.append("articles")
        if self.kind == "order" and not orders and not self.amount:
            missing.append("orders")
        if orders and self.kind == "order":
            if orders.currency_id != self.currency_id:
                missing.append("currency")
            elif self.currency_id.compare_amounts(
                self.amount, sum(orders.mapped("amount_total"))
            ):
                missing.append("amount")
        if self.kind in ALTERING and not (self.follow_up or "").strip():
            missing.append("follow_up")
        if self.kind in ALTERING and self.parent_id.state != "signed":
            missing.append("parent")
        if self.kind == "framework" and not self.date_end:
            missing.append("date_end")
        return missing

    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code == "agreement":
            return self.env._(
                "alters the signed contract %(contract)s", contract=values["parent"]
            )
        if code == "major":
            return self.env._("a major contract")
        if code != "contract":
            return super()._approval_finding_text(code, values)
        return {
            "signer": self.env._("Name who signs for us"),
            "articles": self.env._("The contract has no articles"),
            "orders": self.env._("Add orders, or enter the amount agreed"),
            "currency": self.env._("The orders are in another currency"),
            "amount": self.env._("The amount is not that of the orders"),
            "follow_up": self.env._("Say which orders have to follow, or “none”"),
            "parent": self.env._("The contract it alters is not in force"),
            "date_end": self.env._("A framework needs a last day"),
        }.get(values.get("what"), "")

    def _approval_plan(self, flows_sudo, findings):
        """EXTENDS 'document_approval': never without anybody, never without legal."""
        plan = super()._approval_plan(flows_sudo, findings)
        if plan.problems:
            return plan
        if not plan.needs_review:
            plan.problems.append(
                self.env._(
                    "Nobody reviews contracts yet. Ask the approvals administrator "
                    "for a flow of “Contract” with somebody on it."
                )
            )
        return plan

    def _approval_supersede(self, reason=None):
        """EXTENDS 'document_approval': what is out for signature comes back."""
        # sudo: the state, whoever changed the order
        sent = self.filtered(lambda contract: contract.sudo().state == "sent")
        result = super()._approval_supersede(reason)
        for contract in sent:
            # sudo: whoever changed the order need not write contracts
            contract.sudo()._keep({"state": "draft"})
            contract._approval_attention(
                contract._approval_owner(),
                self.env._("Taken back: it changed while being signed"),
            )
        return result

    def _approval_check_recomputed(self):
        """EXTENDS 'document_approval': also when others change the orders."""
        # sudo: whoever may change an order need not read its contract
        return super(SaleContract, self.sudo())._approval_check_recomputed()

    def _check_approved(self):
        """:raise UserError: saying what the contract waits for"""
        for contract in self:
            if not contract._approval_has_valid_round():
                raise UserError(
                    contract._approval_waiting_text()
                    or self.env._(
                        "%(contract)s is not approved: submit it first.",
                        contract=contract.name,
                    )
                )
