from odoo import models


class SaleOrder(models.Model):
    """Customers never lose anything to the credit gate either (DESIGN 2)."""

    _inherit = "sale.order"

    def _policy_may_be_parked(self):
        """EXTENDS 'sale_order_policy': also where only credit is controlled."""
        return super()._policy_may_be_parked() or (
            self.company_id._credit_get_mode() == "enforce"
        )

    def _approval_park(self, reason, error):
        """EXTENDS 'sale_order_policy': keep the hold that the refusal undid."""
        result = super()._approval_park(reason, error)
        if self.state != "sale":
            self._credit_hold_parked()
        return result

    def _credit_hold_parked(self):
        """Make the hold of a parked order that credit would refuse now."""
        self.ensure_one()
        order_sudo = self.sudo()
        company = order_sudo.company_id.root_id
        if company._credit_get_mode() != "enforce":
            return
        debtor = order_sudo.partner_invoice_id.commercial_partner_id
        values = self.env["customer.credit.exposure"]._get_order_values(order_sudo)
        _debtor, committed, open_amount = values[order_sudo.id]
        verdict = self.env["customer.credit.account"]._judge(
            company, debtor, "order", {debtor.id: open_amount}
        )[debtor.id]
        if verdict.objections:
            case = {
                "debtor": debtor,
                "document": order_sudo,
                "amount": committed,
                "verdict": verdict,
            }
            note = self.env["customer.credit.gate"]._get_note(company, case, "order")
            self.env["customer.credit.hold"]._note([note])
