from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import tagged

from .common import OrderChangeCommon


@tagged("post_install", "-at_install")
class TestChangeApply(OrderChangeCommon):
    """What was approved is applied exactly, once, or nothing is (J1)."""

    def test_quantities_prices_and_lines(self):
        change = self._request()
        self._line(change, self.desks).write({"quantity": 12.0, "price_unit": 90.0})
        self._line(change, self.chairs).quantity = 0.0
        change.line_ids = [
            Command.create({"product_id": self.lamp.id, "quantity": 3.0})
        ]
        # 12 x 90 + 3 x 8 = 1,104 instead of 1,100
        self.assertEqual(change.new_amount_untaxed, 1104.0)
        self.assertEqual(change.untaxed_difference, 4.0)
        self.assertEqual(
            change.line_ids.mapped("amount_difference"), [80.0, -100.0, 24.0]
        )
        change.action_submit_for_approval()
        self._assert_as_before(self.order)
        self._decide(change)
        self.assertEqual((change.state, change.error), ("applied", False))
        self.assertEqual(self.order.amount_untaxed, 1104.0)
        self.assertEqual(self.order.amount_total, change.new_amount_total)
        self.assertEqual(self._demand(self.order), {self.desk: 12.0, self.lamp: 3.0})
        round_sudo = self.order.sudo().approval_round_id
        self.assertEqual((round_sudo.number, round_sudo.is_applied), (2, True))
        self.assertIn(change.name, round_sudo.reason)
        self.assertEqual(
            round_sudo.fingerprint, self.order._approval_fingerprints()[self.order.id]
        )
        self.assertEqual(self.order.approval_state, "approved")
        with self.assertRaisesRegex(UserError, "Request a Change"):
            self.desks.product_uom_qty = 13.0
        self.assertEqual(
            self._line(change, self.desks).sudo()._get_differences()[0]["old"],
            f"10.00 {self.desks.product_uom_id.name}",
        )

    def test_header_values_reach_the_transfers(self):
        place = self.partner.create(
            {"name": "Site", "parent_id": self.partner.id, "type": "delivery"}
        )
        term = self.env["account.payment.term"].create({"name": "In 30 days"})
        date = Datetime.to_datetime("2027-03-01 08:00:00")
        change = self._request(
            commitment_date=date, partner_shipping_id=place.id, payment_term_id=term.id
        )
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self.order.partner_shipping_id, place)
        self.assertEqual(self.order.payment_term_id, term)
        picking = self.order.sudo().picking_ids
        self.assertEqual(picking.partner_id, place)
        self.assertEqual(picking.move_ids.mapped("date_deadline"), [date, date])
        self.assertFalse(picking.activity_ids)

    def test_one_value_leaves_the_others(self):
        term = self.env["account.payment.term"].create({"name": "In 30 days"})
        order = self._create_order({"product_uom_qty": 2.0}, payment_term_id=term.id)
        self._submit_and_approve(order)
        order.action_confirm()
        change = self._request(order=order, commitment_date="2027-03-01 08:00:00")
        self.assertEqual(change.payment_term_id, term)
        self.assertEqual(change.partner_shipping_id, order.partner_shipping_id)
        self.assertEqual(len(change.differences), 1)

    def test_pricelist_does_not_reprice(self):
        """The price stays the approved one, whatever the quantity would give."""
        self.order.pricelist_id.sudo().item_ids = [
            Command.create(
                {
                    "product_id": self.desk.id,
                    "applied_on": "0_product_variant",
                    "min_quantity": 20,
                    "compute_price": "fixed",
                    "fixed_price": 50.0,
                }
            )
        ]
        change = self._quick(self.order, {self.desks: 30.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self.desks.price_unit, 100.0)

    def test_order_changed_meanwhile(self):
        first = self._request()
        self._line(first, self.desks).quantity = 12.0
        first.action_submit_for_approval()
        second = self._quick(self.order, {self.chairs: 5.0})
        self.assertEqual(second.state, "applied")
        self._decide(first)
        self.assertEqual(first.state, "failed")
        self.assertIn("is not what it was", first.error)
        self.assertIn("4 → 5", first.error)
        self.assertEqual(self.desks.product_uom_qty, 10.0)
        self.assertTrue(
            first.sudo().activity_ids.filtered(
                lambda activity: activity.user_id == self.salesman
            )
        )
        # taken up again, it keeps what was asked and follows the rest
        self._approve_change(first)
        self.assertEqual(first.state, "applied", first.error)
        self.assertEqual(self.order.order_line.mapped("product_uom_qty"), [12.0, 5.0])

    def test_never_below_delivered_or_invoiced(self):
        self._deliver(self.order, {self.desks: 6.0})
        self.assertEqual(self.desks.qty_delivered, 6.0)
        change = self._request()
        self._line(change, self.desks).quantity = 5.0
        with self.assertRaisesRegex(UserError, r"not less than 6\.00 .* delivered"):
            change.action_submit_for_approval()
        self._line(change, self.desks).quantity = 6.0
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self._demand(self.order), {self.chair: 4.0})

    def test_delivered_while_in_review(self):
        change = self._request()
        self._line(change, self.desks).quantity = 5.0
        change.action_submit_for_approval()
        self._deliver(self.order, {self.desks: 6.0})
        self._decide(change)
        self.assertEqual(change.state, "failed")
        self.assertIn("6.00", change.error)
        self.assertEqual(self.desks.product_uom_qty, 10.0)
        self.assertEqual(self._demand(self.order), {self.desk: 4.0, self.chair: 4.0})

    def test_draft_invoices_are_in_the_way(self):
        self.desk.sudo().invoice_policy = "order"
        invoice = self.order.sudo()._create_invoices()
        change = self._request()
        self._line(change, self.chairs).quantity = 5.0
        with self.assertRaisesRegex(UserError, "1 draft invoices"):
            change.action_submit_for_approval()
        invoice.unlink()
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)

    def test_failure_leaves_nothing_and_can_be_repeated(self):
        change = self._request()
        self._line(change, self.desks).quantity = 12.0
        change.action_submit_for_approval()
        self.desk.sudo().invoice_policy = "order"
        invoice = self.order.sudo()._create_invoices()
        self._decide(change)
        self.assertEqual((change.state, change.approval_state), ("failed", "approved"))
        self._assert_as_before(self.order)
        self.assertEqual(self.order.sudo().approval_round_id.number, 1)
        invoice.unlink()
        change.action_apply_again()
        self.assertEqual(change.state, "applied")
        self.assertEqual(self.desks.product_uom_qty, 12.0)
        change.action_apply_again()
        self.assertEqual(self.desks.product_uom_qty, 12.0)
        self.assertEqual(self.order.sudo().approval_round_id.number, 2)

    def test_locked_order_stays_locked(self):
        self.order.sudo().action_lock()
        change = self._quick(self.order, {self.desks: 11.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertTrue(self.order.locked)
        self.assertEqual(self._demand(self.order)[self.desk], 11.0)

    def test_nothing_to_change(self):
        change = self._request()
        with self.assertRaisesRegex(UserError, "Nothing would change"):
            change.action_submit_for_approval()

    def test_job_applies_what_was_left(self):
        change = self._request()
        self._line(change, self.desks).quantity = 12.0
        change.action_submit_for_approval()
        self.patch(type(change), "_approval_on_approved", lambda self: None)
        self._decide(change)
        self.assertEqual((change.state, change.approval_state), ("draft", "approved"))
        with self.enter_registry_test_mode():
            self.env.ref("sale_order_change.ir_cron_apply").method_direct_trigger()
        self.assertEqual(change.state, "applied")
        self.assertEqual(self.desks.product_uom_qty, 12.0)

    def test_orders_before_control_are_changed_too(self):
        self.company.document_approval_mode = "off"
        order = self._create_order({"product_uom_qty": 2.0})
        order.action_confirm()
        self.company.document_approval_mode = "enforce"
        change = self._quick(order, {order.order_line: 3.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(order.order_line.product_uom_qty, 3.0)
        self.assertFalse(order.sudo().approval_round_id)
        order.sudo().action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_price_of_a_new_line_without_a_pricelist(self):
        order = self._create_order({"product_uom_qty": 2.0}, pricelist_id=False)
        self._submit_and_approve(order)
        order.action_confirm()
        change = self._quick(order, {}, new=[(self.lamp, 3.0)])
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(order.order_line.mapped("price_unit"), [100.0, 8.0])

    def test_new_letter(self):
        self.company.sale_policy_letter = True
        change = self._quick(self.order, {self.desks: 11.0})
        letter = self.order.sudo().policy_letter_ids
        self.assertEqual(letter.round_id, self.order.sudo().approval_round_id)
        self.assertEqual(change.state, "applied")

    def test_objection_leads_to_a_change_and_a_new_question(self):
        self.company.write({"sale_policy_letter": True, "sale_policy_answer": True})
        cron = self.env.ref("sale_order_policy.ir_cron_follow_confirmations")
        order = self._confirmed({"product_uom_qty": 10.0, "price_unit": 100.0})
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        first = order.policy_letter_answer_id
        with self.assertRaises(UserError):  # nobody objects yet
            first.with_user(self.salesman).action_request_change()
        line = order.order_line
        first.sudo()._answer(
            False, "portal", "Their buyer", "Too many", {line: "We ordered 8"}
        )
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            first.with_user(colleague).action_request_change()
        action = first.with_user(self.salesman).action_request_change()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.salesman)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn("We ordered 8", wizard.reason)
        change = self.env["sale.order.change"].browse(wizard.action_make()["res_id"])
        self._line(change, line).quantity = 8.0
        self._approve_change(change.with_user(self.salesman))
        self.assertEqual((change.state, line.product_uom_qty), ("applied", 8.0))
        self.assertFalse(first.is_current)
        self.assertFalse(order.policy_letter_answer_state)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        second = order.policy_letter_answer_id
        self.assertEqual((second.version, second.state), (2, "waiting"))
