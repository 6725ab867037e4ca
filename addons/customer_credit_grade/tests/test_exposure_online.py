from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .exposure_common import ExposureCommon


@tagged("post_install", "-at_install")
class TestExposureOnline(AccountPaymentCommon, ExposureCommon):
    """Money paid online counts once: before it is booked, or as booked (DESIGN 4)."""

    serial = 0

    def setUp(self):
        super().setUp()
        # printing the order belongs to other tests
        mails = patch.object(
            self.registry["sale.order"], "_send_order_notification_mail"
        )
        self.startPatcher(mails)

    def _transact(self, state, amount, order=None, **values):
        type(self).serial += 1
        self.provider.support_manual_capture = "partial"
        self.partner = values.pop("partner", self.customer)
        return self._create_transaction(
            "redirect",
            reference=f"Money {self.serial}",
            amount=amount,
            currency_id=values.pop("currency", self.company.currency_id).id,
            state=state,
            sale_order_ids=[Command.set(order.ids)] if order else False,
            **values,
        )

    def _post_process(self, transaction):
        transaction._post_process()

    def test_states(self):
        order = self._make_order((self.by_order, 10))
        for state, online in (
            ("draft", 0.0),
            ("pending", 0.0),
            ("cancel", 0.0),
            ("error", 0.0),
            ("authorized", 100.0),
            ("done", 100.0),
        ):
            with self.subTest(state=state):
                transaction = self._transact(state, 100, order)
                self.assertExposure(1100.0 - online, online=online)
                transaction.state = "cancel"

    def test_booked_later_counts_once(self):
        order = self._make_order((self.by_order, 10))
        transaction = self._transact("done", 100, order)
        self.assertExposure(1000.0, online=100.0, receivable=0.0)
        self._post_process(transaction)
        self.assertEqual(transaction.payment_id.move_id.state, "posted")
        self.assertExposure(1000.0, online=0.0, receivable=-100.0, ordered=1100.0)

    def test_booked_and_cancelled_is_no_money(self):
        order = self._make_order((self.by_order, 10))
        transaction = self._transact("done", 100, order)
        self._post_process(transaction)
        transaction.payment_id.action_draft()
        self.assertExposure(1100.0)
        transaction.payment_id.action_cancel()
        self.assertExposure(1100.0, online=0.0)

    def test_refunded(self):
        order = self._make_order((self.by_order, 10))
        transaction = self._transact("done", 100, order)
        self._post_process(transaction)
        refund = transaction._create_child_transaction(30, is_refund=True)
        refund.state = "done"
        self.assertExposure(1030.0, online=-30.0, receivable=-100.0)
        self._post_process(refund)
        self.assertExposure(1030.0, online=0.0, receivable=-70.0)

    def test_captured_in_part(self):
        order = self._make_order((self.by_order, 10))
        transaction = self._transact("authorized", 100, order)
        part = transaction._create_child_transaction(40)
        self.assertExposure(1000.0)
        part.state = "done"
        self.assertExposure(1000.0, online=100.0)
        self._post_process(part)
        self.assertExposure(1000.0, online=60.0)
        void = transaction._create_child_transaction(60)
        void.state = "cancel"
        self.assertExposure(1060.0, online=0.0)
        transaction.state = "done"
        self.assertExposure(1060.0, online=0.0)

    def test_validation_is_no_money(self):
        self._transact("done", 100, operation="validation")
        self.assertExposure(0.0)

    def test_without_document_counts_for_who_pays(self):
        self._transact("done", 100, partner=self.contact)
        self.assertExposure(-100.0)

    def test_counts_for_whose_order_is_paid(self):
        order = self._make_order((self.by_order, 10))
        self._transact("done", 100, order, partner=self.payer)
        self.assertExposure(1000.0)
        self.assertExposure(0.0, self.payer)

    def test_counts_for_whose_invoice_is_paid(self):
        invoice = self._invoice(self._make_order((self.by_order, 10)))
        transaction = self._transact(
            "done",
            100,
            partner=self.payer,
            invoice_ids=[Command.set(invoice.ids)],
        )
        self.assertExposure(1000.0)
        self.assertExposure(0.0, self.payer)
        self._post_process(transaction)
        self.assertExposure(1000.0, online=0.0)
        self.assertExposure(0.0, self.payer)

    def test_two_orders_count_once(self):
        orders = self._make_order((self.by_order, 1)) | self._make_order(
            (self.by_order, 1), partner=self.payer
        )
        self._transact("done", 100, orders)
        exposures = self.env["customer.credit.exposure"]
        together = exposures._get_exposures(self.company)
        self.assertEqual(together[self.customer.id].online, 100.0)
        self.assertEqual(together[self.payer.id].online, 0.0)
        self.assertExposure(10.0)
        self.assertExposure(110.0, self.payer)

    def test_foreign_currency_at_todays_rate(self):
        self._transact("done", 100, currency=self.euro)
        self.assertExposure(-50.0, online=50.0)
        self.euro.rate_ids.rate = 4.0
        self.assertExposure(-25.0, online=25.0)

    def test_quotation_paid_ahead(self):
        order = self._make_order((self.by_order, 10), confirm=False)
        self._transact("authorized", 400, order)
        self.assertExposure(-400.0)
        order.action_confirm()
        self.assertExposure(700.0)
