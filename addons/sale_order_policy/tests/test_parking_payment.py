from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestParkingPayment(AccountPaymentCommon, SaleOrderPolicyCommon):
    """A payment for an order that waits is booked; approval does the rest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order({"product_uom_qty": 4.0})
        cls.order.sudo().write({"require_payment": True, "require_signature": False})
        cls.currency = cls.order.currency_id
        cls.partner = cls.order.partner_invoice_id
        cls.amount = cls.order.amount_total
        methods = cls.provider.journal_id.inbound_payment_method_line_ids
        methods.filtered(
            lambda line: line.payment_provider_id == cls.provider
        ).payment_account_id = cls.inbound_payment_method_line.payment_account_id

    def _pay(self, state="done", **values):
        self.provider.support_manual_capture = "full_only"
        tx = self._create_transaction(
            "redirect", sale_order_ids=[self.order.id], state=state, **values
        )
        with mute_logger("odoo.addons.sale.models.payment_transaction"):
            tx._post_process()
        return tx

    def _invoice_automatically(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "sale.automatic_invoice", "True"
        )

    def test_payment_is_booked_and_the_order_waits(self):
        tx = self._pay()
        self.assertTrue(tx.is_post_processed)
        self.assertTrue(tx.payment_id)
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.approval_parked_reason, "paid")
        self.assertEqual(self.order.approval_state, "pending")
        self.assertFalse(self.order._has_to_be_paid())
        self.assertIn(
            "Paid, awaiting approval", self.order.activity_ids.mapped("summary")
        )

    def test_approval_confirms_invoices_and_reconciles(self):
        self._invoice_automatically()
        tx = self._pay()
        self.assertFalse(self.order.invoice_ids)
        with mute_logger("odoo.addons.sale.models.payment_transaction"):
            self._approve(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.approval_parked_reason)
        invoice = self.order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice, tx.invoice_ids)
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertTrue(tx.payment_id.is_reconciled)

    def test_several_payments_make_one_invoice(self):
        self._invoice_automatically()
        self.order.prepayment_percent = 0.5
        half = self.order.amount_total / 2
        first = self._pay(amount=half, reference="First")
        second = self._pay(amount=half, reference="Second")
        with mute_logger("odoo.addons.sale.models.payment_transaction"):
            self._approve(self.order)
        self.assertEqual(len(self.order.invoice_ids), 1)
        self.assertEqual(self.order.invoice_ids.amount_residual, 0.0)
        self.assertTrue(first.payment_id.is_reconciled)
        self.assertTrue(second.payment_id.is_reconciled)

    def test_authorized_payment_counts(self):
        tx = self._pay(state="authorized")
        self.assertEqual(self.order.approval_parked_reason, "paid")
        self._approve(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(tx.payment_id)

    def test_payment_taken_back_confirms_nothing(self):
        tx = self._pay(state="authorized")
        tx.state = "cancel"
        self._approve(self.order)
        self.assertEqual(self.order.approval_state, "approved")
        self.assertEqual(self.order.state, "sent")

    def test_too_small_a_payment_parks_nothing(self):
        self._pay(amount=1.0)
        self.assertFalse(self.order.approval_parked_reason)
        self.assertEqual(self.order.state, "draft")

    def test_payment_of_an_approved_order_confirms_and_invoices(self):
        self._invoice_automatically()
        self._submit_and_approve(self.order)
        tx = self._pay()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(tx.invoice_ids.state, "posted")
        self.assertEqual(tx.invoice_ids.amount_residual, 0.0)

    def test_order_nobody_must_see_is_confirmed_by_the_payment(self):
        self._invoice_automatically()
        self.flow.level_ids.participation = "finding"
        tx = self._pay()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(tx.invoice_ids.state, "posted")
        self.assertEqual(self.order.approval_state, "approved")
