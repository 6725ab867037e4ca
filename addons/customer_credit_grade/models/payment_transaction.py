from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    #: the exposure reaches a customer's money, and what is not booked for invoices,
    #: without reading everybody's; Odoo has an index on all of a state only
    _credit_partner_idx = models.Index(
        "(partner_id) WHERE state IN ('authorized', 'done')"
    )
    _credit_unbooked_idx = models.Index(
        "(id) WHERE state IN ('authorized', 'done') AND payment_id IS NULL"
    )
    #: whether rates are needed is seen at both ends of this one
    _credit_currency_idx = models.Index(
        "(currency_id) WHERE state IN ('authorized', 'done')"
    )

    def write(self, vals):
        """EXTENDS 'payment': what is held may go on when money came in."""
        result = super().write(vals)
        if vals.get("state") in ("authorized", "done"):
            # sudo: customers pay
            for company, transactions in self.sudo().grouped("company_id").items():
                partners = (
                    transactions.sale_order_ids.partner_invoice_id
                    or transactions.partner_id
                )
                self.env["customer.credit.hold"]._wake(company, partners)
        return result
