from odoo import api, models

from .customer_credit_account_judge import SEVERITIES


class SaleOrder(models.Model):
    """What credit objects to is found at submission and decided by finance (B4, D4)."""

    _inherit = "sale.order"

    def _approval_findings(self):
        """EXTENDS 'document_approval': the credit of who is invoiced."""
        findings = super()._approval_findings()
        # sudo: the facts about an order are the same whoever asks for them
        for order_id, found in self.sudo()._credit_findings().items():
            findings[order_id] += found
        return findings

    def _credit_findings(self):
        """Return ``{id: [finding]}``; a constant number of queries per company.

        Each order is judged as if it alone were confirmed now.
        """
        result = {}
        exposures = self.env["customer.credit.exposure"]
        accounts = self.env["customer.credit.account"]
        for company, orders in self.grouped(
            lambda order: order.company_id.root_id
        ).items():
            severity = SEVERITIES.get(company._credit_get_mode())
            if not severity:
                continue
            values = exposures._get_order_values(orders)
            debtors = orders.partner_invoice_id.commercial_partner_id
            judged = accounts._prepare_judging(company, debtors)
            for order in orders:
                debtor, _committed, open_amount = values[order.id]
                adding = 0.0 if order.state == "sale" else open_amount
                verdict = accounts._judge_one(judged, debtor, "order", adding)
                result[order.id] = [
                    self._approval_make_finding(
                        objection.code,
                        "finance",
                        "block"
                        if objection.code == "credit_stopped" and severity == "review"
                        else severity,
                        currency_id=company.currency_id.id,
                        **objection.values,
                    )
                    for objection in verdict.objections
                ]
        return result

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code.startswith("credit_"):
            # sudo: a currency's name
            currency = self.env["res.currency"].sudo().browse(values.get("currency_id"))
            text = self.env["customer.credit.account"]._get_objection_text(
                code, values, currency
            )
            if text:
                return text
        return super()._approval_finding_text(code, values)

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': who agreed within his cap has released it.

        Before orders of customers who wait are confirmed.
        """
        for order in self:
            order._credit_release_approved()
        return super()._approval_on_approved()

    def _credit_release_approved(self):
        """Turn finance's agreement to credit findings into a release.

        Bound as every release; beyond the cap of those who agreed the order waits for
        somebody who may release it.
        """
        self.ensure_one()
        round_sudo = self._approval_round()
        company = self.sudo().company_id.root_id
        found = round_sudo.finding_ids.filtered(
            lambda finding: (
                finding.code.startswith("credit_") and finding.severity == "review"
            )
        )
        if not found or company._credit_get_mode() != "enforce":
            return
        users = found.seat_id.decision_ids.filtered("is_agreement").user_id
        excess = max((f.values or {}).get("amount") or 0.0 for f in found)
        # sudo: the last reviewer need not read orders
        self.env["customer.credit.hold"]._release_by_approval(
            self.sudo(), users, set(found.mapped("code")), excess
        )
