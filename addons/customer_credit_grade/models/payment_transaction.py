from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

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
