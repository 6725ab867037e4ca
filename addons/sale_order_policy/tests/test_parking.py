from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import SaleOrderPolicyCommon

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestParking(SaleOrderPolicyCommon, HttpCase):
    """A signature on an order that waits is kept, and confirms it in the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.order.sudo().write({"require_signature": True, "require_payment": False})
        cls.order.action_quotation_sent()
        cls.token = cls.order._portal_ensure_token()

    def _sign(self, order=None):
        order = order or self.order
        self.authenticate(None, None)
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Customer",
                "signature": SIGNATURE,
            },
        )

    def _activities(self, order=None):
        order = order or self.order
        return order.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.salesman
        )

    def _page(self):
        self.authenticate(None, None)
        return self.url_open(
            f"/my/orders/{self.order.id}?access_token={self.token}"
        ).text

    def test_signature_on_an_order_in_review_is_kept(self):
        self.order.action_submit_for_approval()
        answer = self._sign()
        self.assertNotIn("error", answer)
        self.env.invalidate_all()
        self.assertTrue(self.order.signature)
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.approval_parked_reason, "signed")
        self.assertEqual(self.order.approval_state, "pending")
        self.assertIn("Signed, awaiting approval", self._activities().mapped("summary"))

    def test_last_approval_confirms_a_signed_order_once(self):
        self.order.action_submit_for_approval()
        self._sign()
        self.env.invalidate_all()
        self._approve(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.approval_parked_reason)
        self.assertEqual(len(self.order.picking_ids), 1)
        mails = self.order.message_ids.filtered(
            lambda message: message.message_type in ("email_outgoing", "auto_comment")
            or self.partner in message.partner_ids
        )
        self.assertTrue(mails, "the customer is told that the order is confirmed")

    def test_signing_submits_an_order_never_submitted(self):
        self._sign()
        self.env.invalidate_all()
        self.assertEqual(self.order.approval_state, "pending")
        self.assertEqual(
            self.order.sudo().approval_round_id.requester_id, self.salesman
        )
        self.assertEqual(self.order.approval_parked_reason, "signed")

    def test_owner_learns_what_keeps_a_signed_order_from_review(self):
        self.order.order_line.price_unit = 0.0
        self._sign()
        self.env.invalidate_all()
        self.assertEqual(self.order.approval_state, "none")
        self.assertEqual(self.order.approval_parked_reason, "signed")
        self.assertIn("the price is 0", self._activities().note)

    def test_refused_order_is_not_submitted_again_by_a_signature(self):
        self.order.action_submit_for_approval()
        seat = self.order.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.state == "open"
        )
        seat.with_user(self.supervisor).action_refuse("Too cheap")
        self._sign()
        self.env.invalidate_all()
        self.assertEqual(self.order.approval_state, "refused")
        self.assertTrue(self.order.signature)

    def test_approved_order_is_confirmed_by_the_signature(self):
        self._submit_and_approve(self.order)
        self._sign()
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.approval_parked_reason)

    def test_signature_on_another_version_confirms_nothing(self):
        self._sign()
        self.env.invalidate_all()
        self.order.with_user(self.salesman).order_line.price_unit = 120.0
        self.assertEqual(self.order.approval_state, "superseded")
        self._submit_and_approve(self.order)
        self.assertEqual(self.order.approval_state, "approved")
        self.assertEqual(self.order.state, "sent")
        self.assertFalse(self.order.approval_parked_reason)
        self.assertTrue(
            any("no longer holds" in a.note for a in self._activities() if a.note)
        )
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_failing_confirmation_keeps_the_approval_and_tells_the_owner(self):
        self.order.action_submit_for_approval()
        self._sign()
        self.env.invalidate_all()

        def fail(_self):
            raise UserError(self.env._("The printer is on fire"))

        self.patch(self.registry["sale.order"], "_action_confirm", fail)
        self._approve(self.order)
        self.assertEqual(self.order.approval_state, "approved")
        self.assertEqual(self.order.state, "sent")
        self.assertTrue(self.order.signature)
        self.assertTrue(any("on fire" in a.note for a in self._activities() if a.note))

    def test_cancelling_ends_the_waiting(self):
        self._sign()
        self.env.invalidate_all()
        self.order.action_cancel()
        self.assertFalse(self.order.approval_parked_reason)
        self.assertEqual(self.order.approval_state, "lapsed")

    def test_page_says_that_nothing_is_left_to_do(self):
        self.assertIn("modalaccept", self._page())
        self._sign()
        page = self._page()
        self.assertIn("Signed, awaiting approval", page)
        self.assertNotIn('href="#" data-bs-target="#modalaccept"', page)
        self.assertNotIn("Accept &amp; Sign", page)

    def test_off_and_observe_confirm_at_once(self):
        for mode in ("off", "observe"):
            with self.subTest(mode=mode):
                self.company.document_approval_mode = mode
                order = self._create_order()
                order.sudo().require_signature = True
                self._sign(order)
                self.env.invalidate_all()
                self.assertEqual(order.state, "sale")

    def test_staff_and_callers_from_outside_are_refused(self):
        self.order.action_submit_for_approval()
        with self.assertRaises(UserError):
            self.order.with_user(self.salesman).action_confirm()
        self.assertFalse(self.order.approval_parked_reason)

    def test_order_placed_on_a_page_is_parked(self):
        """Website pages confirm orders that cost nothing by themselves."""
        public = self.env.ref("base.public_user")
        self.order.with_user(public).sudo().action_confirm()
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.approval_parked_reason, "placed")
        self.assertEqual(self.order.approval_state, "pending")
        self._approve(self.order)
        self.assertEqual(self.order.state, "sale")
