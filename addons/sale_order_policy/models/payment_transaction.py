from odoo import models
from odoo.tools import str2bool


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """EXTENDS 'sale': a paid order that may not be confirmed yet is parked.

        A refusal here would lose the rest of the payment's processing.
        """
        confirmed_orders = self.env["sale.order"]
        for tx in self:
            confirm = super(PaymentTransaction, tx)._check_amount_and_confirm_order
            order = tx.sale_order_ids
            if (
                len(order) == 1
                and order.state in ("draft", "sent")
                and order._policy_may_be_parked()
                and order._is_confirmation_amount_reached()
            ):
                confirmed_orders |= order._approval_confirm_or_park(confirm, "paid")
            else:
                confirmed_orders |= confirm()
        return confirmed_orders

    def _policy_invoice_late(self):
        """Make the automatic invoice of an order confirmed after its payment.

        One invoice for all payments, as the order is fully or partly paid. Posting
        it reconciles it with the payments that were booked meanwhile. A transaction
        still being processed makes its own.
        """
        params_sudo = self.env["ir.config_parameter"].sudo()
        if not str2bool(params_sudo.get_param("sale.automatic_invoice")):
            return
        done = self.filtered(lambda tx: tx.state == "done").sorted("id")
        if not done or not all(done.mapped("is_post_processed")):
            return
        last = done[-1]
        last._invoice_sale_orders()
        last.invoice_ids.filtered(lambda move: move.state == "draft").action_post()
        send_cron = self.env.ref("sale.send_invoice_cron", raise_if_not_found=False)
        if str2bool(params_sudo.get_param("sale.async_emails")) and send_cron:
            send_cron.sudo()._trigger()
        else:
            last._send_invoice()
