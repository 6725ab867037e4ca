from odoo import api, models


class SaleOrder(models.Model):
    """Facts about terms, amounts and requirements (SPEC B2, B4)."""

    _inherit = "sale.order"

    def _approval_findings(self):
        """EXTENDS 'document_approval': terms, amount classes, requirements."""
        findings = super()._approval_findings()
        # sudo: the facts about an order are the same whoever asks for them
        orders_sudo = self.sudo()
        for found in (
            orders_sudo._policy_payment_term_findings(),
            self.env["sale.amount.class"]._get_findings(orders_sudo),
            orders_sudo._policy_requirement_findings(),
        ):
            for order_id, order_findings in found.items():
                findings[order_id] += order_findings
        return findings

    def _policy_payment_term_findings(self):
        """Return {id: [finding]}: other payment terms than the customer's own."""
        findings = {order.id: [] for order in self}
        for company, orders in self.grouped("company_id").items():
            for order in orders.with_company(company):
                own = order.partner_id.property_payment_term_id
                used = order.payment_term_id
                if used != own:
                    findings[order.id].append(
                        order._approval_make_finding(
                            "payment_term",
                            "finance",
                            "review",
                            used_id=used.id,
                            used=used.name or "",
                            own_id=own.id,
                            own=own.name or "",
                        )
                    )
        return findings

    def _policy_requirement_findings(self):
        """Return {id: [finding]}: technical requirements go to the joint review."""
        return {
            order.id: [
                order._approval_make_finding(
                    "technical_requirement",
                    department,
                    "review",
                    line=line,
                    line_label=line._policy_get_label(),
                    requirement=line.policy_requirement,
                )
                for line in order.order_line
                if line.policy_requirement and not line.display_type
                for department in ("technical", "production", "finance")
            ]
            for order in self
        }

    @api.model
    def _approval_finding_text(self, code, values):
        """EXTENDS 'document_approval'."""
        if code == "payment_term":
            return self.env._(
                "payment terms %(used)s, the customer's are %(own)s",
                used=self._policy_get_term_name(values, "used"),
                own=self._policy_get_term_name(values, "own"),
            )
        if code == "amount_class":
            return self.env["sale.amount.class"]._get_text(values)
        if code == "technical_requirement":
            return self.env._(
                "technical requirement: %(requirement)s",
                requirement=values["requirement"],
            )
        return super()._approval_finding_text(code, values)

    @api.model
    def _policy_get_term_name(self, values, key):
        """Return payment terms as the reader calls them; as they were, if gone."""
        # sudo: names only, of what was found on an order the reader may see
        term_sudo = self.env["account.payment.term"].sudo().browse(values[f"{key}_id"])
        return term_sudo.exists().name or values[key] or self.env._("none")

    def _approval_line_values(self, line):
        """EXTENDS 'document_approval': requirements count where there are any.

        Orders approved before there were such have no value for it.
        """
        values = super()._approval_line_values(line)
        if not values["policy_requirement"]:
            del values["policy_requirement"]
        return values
