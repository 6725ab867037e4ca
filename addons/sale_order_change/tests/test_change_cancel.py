from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SCAN, OrderChangeCommon


@tagged("post_install", "-at_install")
class TestChangeCancel(OrderChangeCommon):
    """Cancelled by approval; after work began with the customer's agreement (J3)."""

    def test_before_work_began(self):
        change = self._request("cancel")
        self.assertFalse(change.line_ids)
        self.assertEqual(change.total_difference, -self.order.amount_total)
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self.order.state, "cancel")
        self.assertEqual(self.order.sudo().picking_ids.state, "cancel")
        self.assertEqual(self.order.approval_state, "lapsed")

    def test_cancellation_counts_once(self):
        """Confirmed anew, the order needs a new cancellation."""
        change = self._request("cancel")
        self._approve_change(change)
        self.order.action_draft()
        self._submit_and_approve(self.order)
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        with self.assertRaisesRegex(UserError, "Request Cancellation"):
            self.order.action_cancel()
        change.action_apply_again()
        self.assertEqual(self.order.state, "sale")

    def test_after_work_began(self):
        self._deliver(self.order, {self.desks: 2.0})
        change = self._request("cancel")
        self.assertTrue(change.needs_agreement)
        self.assertIn("shipped: 2", change.execution)
        with self.assertRaisesRegex(UserError, "write a compensation plan"):
            change.action_submit_for_approval()
        change.write(
            {
                "compensation": "Two desks stay and are paid.",
                "compensation_payer": "customer",
                "compensation_amount": 200.0,
            }
        )
        with self.assertRaisesRegex(UserError, "has not agreed"):
            change.action_submit_for_approval()
        wizard = (
            self.env["sale.order.change.agreement"]
            .with_user(self.salesman)
            .create({"change_id": change.id, "name": "Wang", "file": SCAN})
        )
        wizard.action_enter()
        self.assertEqual(change.agreement_state, "agreed")
        # another plan is not what was agreed
        change.compensation_amount = 100.0
        self.assertEqual(change.agreement_state, "none")
        with self.assertRaisesRegex(UserError, "has not agreed"):
            change.action_submit_for_approval()
        change.compensation_amount = 200.0
        wizard.action_enter()
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self.order.state, "cancel")
        self.assertEqual(self.desks.qty_delivered, 2.0)
        notes = str(self.order.sudo().message_ids.mapped("body"))
        self.assertIn("returns and credit notes", notes)

    def test_work_began_while_in_review(self):
        change = self._request("cancel")
        change.action_submit_for_approval()
        self._deliver(self.order, {self.desks: 2.0})
        self._decide(change)
        self.assertEqual(change.state, "failed")
        self.assertIn("has begun", change.error)
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self._demand(self.order), {self.desk: 8.0, self.chair: 4.0})

    def test_file_that_was_changed_proves_nothing(self):
        self._deliver(self.order, {self.desks: 2.0})
        change = self._request(
            "cancel", compensation="Nothing", compensation_payer="none"
        )
        change._agree("scan", "Wang", SCAN)
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", change._name),
                    ("res_id", "=", change.id),
                    ("res_field", "=", "agreement_file"),
                ]
            )
        )
        attachment.raw = b"something else"
        change.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "has not agreed"):
            change.action_submit_for_approval()

    def test_posted_invoice_is_work_begun(self):
        self.desk.sudo().invoice_policy = "order"
        invoice = self.order.sudo()._create_invoices()
        invoice.action_post()
        change = self._request("cancel")
        self.assertIn(invoice.name, change.execution)
        self.assertTrue(change.needs_agreement)

    def test_draft_invoices_end_with_the_order(self):
        self.desk.sudo().invoice_policy = "order"
        invoice = self.order.sudo()._create_invoices()
        change = self._request("cancel")
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(invoice.state, "cancel")
