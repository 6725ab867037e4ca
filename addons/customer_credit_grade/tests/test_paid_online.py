from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestPaidOnline(AccountPaymentCommon, CreditCommon):
    """Who pays online is let through, and loses nothing when he is not (SPEC D9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order_of(1000)
        cls.credit_account = cls._set_limit(cls.order.partner_invoice_id, 0, "prepay")
        cls.order.sudo().write({"require_payment": True, "require_signature": False})
        cls.currency = cls.order.currency_id
        cls.partner = cls.order.partner_invoice_id
        cls.amount = cls.order.amount_total
        methods = cls.provider.journal_id.inbound_payment_method_line_ids
        methods.filtered(
            lambda line: line.payment_provider_id == cls.provider
        ).payment_account_id = cls.inbound_payment_method_line.payment_account_id

    def _pay_online(self, state="done", **values):
        self.provider.support_manual_capture = "full_only"
        tx = self._create_transaction(
            "redirect", sale_order_ids=[self.order.id], state=state, **values
        )
        with mute_logger("odoo.addons.sale.models.payment_transaction"):
            tx._post_process()
        return tx

    def test_paid_in_full_is_confirmed(self):
        tx = self._pay_online()
        self.assertEqual(self.order.state, "sale")
        self.assertTrue(tx.payment_id)
        # booked: it counts once
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.online, 0.0)
        self.assertEqual(self.credit_account.exposure, 0.0)

    def test_authorized_is_as_good(self):
        self._pay_online(state="authorized")
        self.assertEqual(self.order.state, "sale")
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.online, 1000.0)
        self.assertEqual(self.credit_account.exposure, 0.0)

    def test_part_payment_is_kept_and_the_order_waits(self):
        self.order.prepayment_percent = 0.5
        tx = self._pay_online(amount=500.0, reference="Half")
        self.assertTrue(tx.is_post_processed)
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.approval_parked_reason, "paid")
        hold = self.env["customer.credit.hold"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        )
        self.assertRecordValues(hold, [{"state": "waiting", "excess": 500.0}])
        self._pay(500.0)
        hold.sudo()._reconsider_one()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(hold.state, "used")
