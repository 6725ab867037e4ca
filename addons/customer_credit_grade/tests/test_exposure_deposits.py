from odoo.tests import tagged

from .exposure_common import ExposureCommon


@tagged("post_install", "-at_install")
class TestExposureDeposits(ExposureCommon):
    """Down payments move what counts from the order to the receivables, no more."""

    def test_draft_counts_nothing(self):
        order = self._make_order((self.by_order, 10))
        self._down_payment(order, 30, post=False)
        self.assertExposure(1100.0, ordered=1100.0)

    def test_posted_does_not_count_on_top(self):
        for method, amount in (("percentage", 30), ("fixed", 330)):
            with self.subTest(method=method):
                order = self._make_order((self.by_order, 10))
                invoice = self._down_payment(order, amount, method)
                self.assertExposure(1100.0, ordered=770.0, receivable=330.0)
                self._pay(invoice)
                self.assertExposure(770.0, ordered=770.0, receivable=0.0)
                final = self._invoice(order)
                self.assertEqual(final.amount_total, 770.0)
                self.assertExposure(770.0, ordered=0.0, receivable=770.0)
                self._pay(final)
                self.assertExposure(0.0)

    def test_by_delivery(self):
        order = self._make_order((self.by_delivery, 10))
        invoice = self._down_payment(order, 30)
        self._pay(invoice)
        self._deliver(order, 4)
        self.assertExposure(770.0, ordered=770.0, shipped=110.0)
        self._invoice(order)  # deducts all of it
        self.assertExposure(770.0, receivable=110.0, ordered=660.0)

    def test_refunded(self):
        order = self._make_order((self.by_order, 10))
        invoice = self._down_payment(order, 30)
        self._pay(invoice)
        refund = self._refund(invoice, post=False)
        self.assertExposure(770.0)
        refund.action_post()
        # the order is open in full, and 330 are the customer's
        self.assertExposure(770.0, ordered=1100.0, receivable=-330.0, unapplied=330.0)

    def test_refunded_unpaid(self):
        order = self._make_order((self.by_order, 10))
        self._refund(self._down_payment(order, 30))
        self.assertExposure(1100.0, ordered=1100.0, receivable=0.0)

    def test_reset_to_draft_after_payment(self):
        order = self._make_order((self.by_order, 10))
        invoice = self._down_payment(order, 30)
        self._pay(invoice)
        invoice.button_draft()
        self.assertExposure(770.0, ordered=1100.0, receivable=-330.0)

    def test_invoiced_without_deducting(self):
        """More is billed than there will be: the final invoice gives it back."""
        order = self._make_order((self.by_order, 10))
        self._pay(self._down_payment(order, 50))
        invoice = self._invoice(order, 8)
        self.assertEqual(invoice.amount_total, 880.0)
        self.assertExposure(550.0, receivable=880.0, ordered=-330.0)
        final = self._invoice(order, post=False)
        self.assertEqual(final.amount_total_signed, -330.0)
        self.assertExposure(550.0)
        final.action_post()
        self.assertExposure(550.0, receivable=550.0, ordered=0.0)

    def test_rest_given_up(self):
        """Down payment paid, part delivered and billed, the rest cancelled."""
        order = self._make_order((self.by_delivery, 10))
        self._pay(self._down_payment(order, 50))
        self._deliver(order, 4, backorder=False)
        self.assertExposure(-110.0, ordered=-110.0)

    def test_order_cancelled(self):
        order = self._make_order((self.by_order, 10))
        self._pay(self._down_payment(order, 50))
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertExposure(0.0)

    def test_foreign_currency_and_rate(self):
        """The order stays at its rate, the down payment at the rate it was booked."""
        order = self._make_order(
            {"product_id": self.by_order.id, "product_uom_qty": 10, "price_unit": 100},
            pricelist_id=self.euro_pricelist.id,
        )
        self.assertExposure(550.0)
        self.euro.rate_ids = [(0, 0, {"name": "2100-01-01", "rate": 4.0})]
        invoice = self._down_payment(order, 30, post=False)
        invoice.invoice_date = "2100-01-01"
        invoice.action_post()
        self.assertExposure(467.5, receivable=82.5, ordered=385.0)

    def test_prepay_need(self):
        grade = self.env["customer.credit.grade"].sudo().search([], limit=1)
        grade.prepayment_share = 30
        account = self.env["customer.credit.account"]._bump(self.company, self.customer)
        account._credit_apply({"mode": "limited", "grade_id": grade.id})
        order = self._make_order((self.by_order, 10))
        self.assertExposure(1100.0, prepay_need=330.0)
        self._down_payment(order, 220, "fixed")
        self.assertExposure(1100.0, prepay_need=110.0)
        account._credit_apply({"mode": "prepay"})
        grade.prepayment_share = 0
        self.assertExposure(1100.0, prepay_need=880.0)
        self._down_payment(order, 880, "fixed")
        self.assertExposure(1100.0, prepay_need=0.0)

    def test_billed_line_cannot_become_a_down_payment(self):
        """It would be deducted from the order it was billed of."""
        order = self._make_order((self.by_order, 10))
        self._invoice(order)
        self.company.sudo().credit_mode = "observe"
        with self.assertRaisesRegex(Exception, "down payment by its invoice"):
            order.order_line.is_downpayment = True
