from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditFindings(CreditCommon):
    """Credit is found at submission and decided by finance (SPEC B4, D4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "enforce"

    def _messages(self, order):
        return [
            text
            for finding in self._get_findings(order)
            if finding["code"].startswith("credit_")
            for text in [order._approval_finding_message(finding)]
        ]

    def test_amount_over_and_prepayment(self):
        order = self._order_of(5500)
        (message,) = self._messages(order)
        self.assertRegex(message, r"credit exceeded by .*500.00; a prepayment")
        self.assertFalse(self._messages(self._order_of(5000)))

    def test_agreement_within_cap_releases(self):
        order = self._order_of(5500)
        self._submit_and_approve(order)
        self.assertEqual(order.approval_state, "approved")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        release = self.env["customer.credit.release"].search(
            [("res_id", "=", order.id)]
        )
        self.assertRecordValues(
            release,
            [{"user_id": self.financier.id, "excess": 500.0, "amount": 5500.0}],
        )

    def test_agreement_beyond_cap_waits(self):
        order = self._order_of(7500)
        self._submit_and_approve(order)
        with self.assertRaisesRegex(UserError, "2,500.00"):
            order.action_confirm()
        hold = self.env["customer.credit.hold"].search([("res_id", "=", order.id)])
        self.assertEqual(hold.state, "waiting")
        hold.with_user(self.director).action_release("Strategic customer")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_checked_anew_at_confirmation(self):
        order = self._order_of(4000)
        self._submit_and_approve(order)
        self._set_limit(self.partner, 3000.0)
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_stopped_cannot_be_submitted(self):
        self.credit_account._credit_apply({"mode": "stopped"})
        with self.assertRaisesRegex(UserError, "stopped"):
            self._order_of(100).action_submit_for_approval()

    def test_observe_informs_only(self):
        self.company.credit_mode = "observe"
        findings = [
            finding
            for finding in self._get_findings(self._order_of(5500))
            if finding["code"] == "credit_over_limit"
        ]
        self.assertEqual([finding["severity"] for finding in findings], ["info"])

    def test_findings_of_many_orders_take_few_queries(self):
        few = self.env["sale.order"].union(*(self._order_of(100) for _i in range(2)))
        many = few.union(*(self._order_of(100) for _i in range(10)))

        def count(orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.sudo()._credit_findings()
            return self.env.cr.sql_log_count - before

        count(many)
        self.assertEqual(count(few), count(many))
