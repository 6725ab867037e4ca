from odoo import api, models


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    @api.ondelete(at_uninstall=True)
    def _unlink_except_in_approved_orders(self):
        """Deleting would change approved orders behind their backs (SPEC B6)."""
        self.env["sale.order"]._policy_check_deletion("payment_term_id", self)
