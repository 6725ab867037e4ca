from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import tagged

from .common import CreditCommon

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestHold(CreditCommon):
    """Holds, attempts and releases (SPEC D4)."""

    def _held(self, amount=5500, user=None):
        """Return an order that was refused, and the hold the rollback leaves."""
        order = self._order_of(amount, user=user)
        gate = self.env["customer.credit.gate"]
        holds = self.env["customer.credit.hold"]
        debtor = order.partner_invoice_id.commercial_partner_id
        verdict = self.credit_accounts._judge(
            self.company, debtor, "order", {debtor.id: order.amount_total}
        )[debtor.id]
        case = {
            "debtor": debtor,
            "document": order,
            "amount": order.amount_total,
            "verdict": verdict,
        }
        note = gate.with_user(user or self.salesman)._get_note(
            self.company, case, "order"
        )
        return order, holds._note([note])

    def test_attempts_are_kept(self):
        order, hold = self._held()
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "waiting",
                    "excess": 500.0,
                    "amount": 5500.0,
                    "attempt_count": 1,
                    "owner_id": self.salesman.id,
                }
            ],
        )
        self.assertEqual(hold.attempt_ids.user_id, self.salesman)

    def test_release_within_cap(self):
        order, hold = self._held()
        with self.assertRaises(UserError):
            order.action_confirm()
        hold.with_user(self.financier).action_release("Bank guarantee is on its way")
        self.assertEqual(hold.state, "released")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(hold.state, "used")

    def test_release_needs_reason_cap_and_other_person(self):
        order, hold = self._held(6500)
        with self.assertRaisesRegex(UserError, "may release up to"):
            hold.with_user(self.financier).action_release("please")
        with self.assertRaises(UserError):
            hold.with_user(self.director).action_release("  ")
        with self.assertRaises(AccessError):
            hold.with_user(self.salesman).action_release("mine")
        with self.assertRaises(AccessError):
            hold.with_user(self.other_salesman).action_release("other")
        self.releaser.user_id = self.salesman
        self.releaser.amount = 99999
        with self.assertRaisesRegex(AccessError, "his own"):
            hold.with_user(self.salesman).action_release("mine")
        hold.with_user(self.director).action_release("Agreed with the board")
        order.action_confirm()

    def test_release_is_void_when_the_order_grows(self):
        order, hold = self._held()
        hold.with_user(self.financier).action_release("once")
        order.order_line.product_uom_qty = 56
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_release_is_void_when_more_is_exceeded(self):
        order, hold = self._held()
        hold.with_user(self.financier).action_release("once")
        self._order_of(100).action_confirm()
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_release_ends(self):
        order, hold = self._held()
        hold.with_user(self.financier).action_release("today only", Date.today())
        release = hold.release_ids
        release.sudo().date_to = Date.today() - timedelta(days=1)
        with self.assertRaises(UserError):
            order.action_confirm()
        with self.assertRaisesRegex(UserError, "good until"):
            hold.sudo().state = "waiting"
            hold.with_user(self.financier).action_release(
                "long", Date.today() + timedelta(days=30)
            )

    def test_release_is_for_its_kind(self):
        order, hold = self._held()
        hold.with_user(self.financier).action_release("over the limit only")
        self.credit_account._credit_apply({"mode": "stopped"})
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_money_clears_a_hold(self):
        order, hold = self._held()
        self._pay(500)
        cron = self.env.ref("customer_credit_grade.ir_cron_reconsider_holds")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(hold.state, "cleared")
        self.assertIn(
            "suffices", order.activity_ids.filtered("note").mapped("note")[-1]
        )
        order.action_confirm()
        self.assertEqual(hold.state, "used")

    def test_cleared_hold_waits_again(self):
        order, hold = self._held()
        payment = self._pay(500)
        hold._reconsider_one()
        payment.action_draft()
        hold._reconsider_one()
        self.assertEqual(hold.state, "waiting")
        order.sudo()._action_cancel()
        hold._reconsider_one()
        self.assertEqual(hold.state, "obsolete")

    def test_nobody_writes_holds(self):
        _order, hold = self._held()
        for user in (self.salesman, self.financier, self.director):
            with self.assertRaises(AccessError):
                hold.with_user(user).write({"state": "released"})
            with self.assertRaises(AccessError):
                self.env["customer.credit.release"].with_user(user).create(
                    {
                        "hold_id": hold.id,
                        "user_id": user.id,
                        "date": "2030-01-01",
                        "date_to": "2030-01-01",
                        "amount": 1e9,
                        "excess": 1e9,
                        "codes": ["credit_over_limit"],
                        "reason": "x",
                    }
                )
            with self.assertRaises(AccessError):
                hold.with_user(user).unlink()

    def test_signed_order_is_parked_and_goes_on(self):
        order = self._order_of(5500)
        order.sudo().write(
            {"state": "sent", "require_signature": True, "signature": PIXEL}
        )
        order.sudo()._validate_order()
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.approval_parked_reason, "signed")
        hold = self.env["customer.credit.hold"].search([("res_id", "=", order.id)])
        self.assertEqual(hold.state, "waiting")
        self._pay(500)
        hold._reconsider_one()
        self.assertEqual(order.state, "sale")
        self.assertEqual(hold.state, "used")
