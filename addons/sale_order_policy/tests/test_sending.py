import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestSending(HttpCase, SaleOrderPolicyCommon):
    """Whether a quotation goes to the customer before it is approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strict = cls.env["sale.order.type"].create(
            {"name": "Projects", "sending_rule": "approved"}
        )
        cls.order = cls._create_order(policy_type_id=cls.strict.id)

    def _mail(self, order):
        """Send the quotation as the button's dialog does."""
        action = order.action_quotation_send()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(**action["context"])
            .create({})
        )
        composer.action_send_mail()

    def test_the_button_says_why_not(self):
        with self.assertRaisesRegex(UserError, "only once it is approved"):
            self.order.action_quotation_send()

    def test_no_route_makes_it_sent(self):
        for what, route in {
            "mark": lambda order: order.action_quotation_sent(),
            "write": lambda order: order.write({"state": "sent"}),
            "type": lambda order: order.write(
                {"state": "sent", "policy_type_id": self.strict.id}
            ),
            "post": lambda order: order.with_context(mark_so_as_sent=True).message_post(
                body="x"
            ),
            "sudo": lambda order: order.sudo().write({"state": "sent"}),
        }.items():
            with self.subTest(what), self.assertRaises(UserError):
                route(self.order)
            self.assertEqual(self.order.state, "draft")

    def test_it_cannot_be_created_sent(self):
        with self.assertRaises(UserError):
            self._create_order(policy_type_id=self.strict.id, state="sent")

    def test_a_refusal_that_is_swallowed_leaves_nothing(self):
        with contextlib.suppress(UserError):
            self.order.write({"state": "sent", "client_order_ref": "smuggled"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(self.order.client_order_ref)

    def test_approved_it_is_sent(self):
        self._submit_and_approve(self.order)
        self._mail(self.order)
        self.assertEqual(self.order.state, "sent")

    def test_what_was_sent_already_stays_so(self):
        order = self._create_order(state="sent")
        self.strict.sending_rule = "subject"
        order.policy_type_id = self.strict
        self.strict.sending_rule = "approved"
        order.write({"client_order_ref": "PO 1"})
        self.assertEqual(order.client_order_ref, "PO 1")

    def test_the_usual_type_is_sent_and_marked(self):
        order = self._create_order()
        self._mail(order)
        self.assertEqual(order.state, "sent")
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "sale.report_saleorder", order.ids
        )
        self.assertIn("Subject to approval", html.decode())
        self._submit_and_approve(order)
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "sale.report_saleorder", order.ids
        )
        self.assertNotIn("Subject to approval", html.decode())

    def test_without_control_nothing_is_kept_back_or_marked(self):
        self.company.document_approval_mode = "off"
        self._mail(self.order)
        self.assertEqual(self.order.state, "sent")
        self.assertFalse(self.order._policy_is_subject_to_approval())

    # In the portal -----------------------------------------------------------------

    def _open(self, order, **parameters):
        order.sudo()._portal_ensure_token()
        url = f"/my/orders/{order.id}?access_token={order.sudo().access_token}"
        for name, value in parameters.items():
            url += f"&{name}={value}"
        return self.url_open(url)

    def test_the_customer_sees_that_it_is_being_prepared(self):
        page = self._open(self.order)
        self.assertIn("is being prepared", page.text)
        self.assertNotIn(self.product.name, page.text)
        self.assertIn(
            "is being prepared", self._open(self.order, report_type="pdf").text
        )

    def test_the_customer_can_neither_sign_nor_pay(self):
        self.order.sudo().write({"require_signature": True, "require_payment": True})
        self.assertFalse(self.order._has_to_be_signed())
        self.assertFalse(self.order._has_to_be_paid())
        self._submit_and_approve(self.order)
        self.assertTrue(self.order._has_to_be_signed())

    def test_approved_the_customer_sees_it(self):
        self._submit_and_approve(self.order)
        self.assertIn(self.product.name, self._open(self.order).text)

    def test_the_page_of_the_usual_type_is_marked(self):
        order = self._create_order(state="sent")
        page = self._open(order)
        self.assertIn("Subject to approval", page.text)
        self.assertIn(self.product.name, page.text)

    def test_a_customer_who_logs_in_reads_nothing_before(self):
        buyer = self._create_user("buyer", "base.group_portal")
        buyer.partner_id.parent_id = self.partner
        usual = self._create_order()
        orders = self.env["sale.order"].with_user(buyer)
        lines = self.env["sale.order.line"].with_user(buyer)
        self.assertTrue(orders.search([("id", "=", usual.id)]))
        self.assertFalse(orders.search([("id", "=", self.order.id)]))
        self.assertFalse(lines.search([("order_id", "=", self.order.id)]))
        with self.assertRaises(AccessError):
            self.order.with_user(buyer).read(["amount_total"])
        self._submit_and_approve(self.order)
        self.assertTrue(orders.search([("id", "=", self.order.id)]))
        self.assertTrue(lines.search([("order_id", "=", self.order.id)]))

    def test_what_was_changed_after_it_was_sent_is_kept_back_again(self):
        buyer = self._create_user("buyer", "base.group_portal")
        buyer.partner_id.parent_id = self.partner
        self._submit_and_approve(self.order)
        self._mail(self.order)
        orders = self.env["sale.order"].with_user(buyer)
        self.assertTrue(orders.search([("id", "=", self.order.id)]))
        self.order.order_line.price_unit = 7
        self.assertEqual(self.order.state, "sent")
        self.assertFalse(orders.search([("id", "=", self.order.id)]))
        lines = self.env["sale.order.line"].with_user(buyer)
        self.assertFalse(lines.search([("order_id", "=", self.order.id)]))
        with self.assertRaises(AccessError):
            self.order.with_user(buyer).read(["amount_total"])

    def test_a_payment_cannot_be_begun_before(self):
        """It would show the customer the quotation it is for."""
        self.order.sudo()._portal_ensure_token()
        answer = self.url_open(
            f"/my/orders/{self.order.id}/transaction",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {"access_token": self.order.sudo().access_token},
            },
        ).json()
        self.assertIn("still being prepared", answer["error"]["data"]["message"])

    def test_the_file_for_other_systems_is_kept_back(self):
        self.order.sudo()._portal_ensure_token()
        answer = self.url_open(
            f"/my/orders/{self.order.id}/download_edi"
            f"?access_token={self.order.sudo().access_token}",
            allow_redirects=False,
        )
        self.assertEqual(answer.status_code, 303)

    def test_staff_without_sales_are_not_kept_out_by_that(self):
        self.order.action_submit_for_approval()
        self.assertTrue(self.order.with_user(self.supervisor).amount_total)

    def test_a_wrong_token_shows_nothing(self):
        order = self._create_order(
            policy_type_id=self.strict.id,
            order_line=[Command.create({"product_id": self.product.id})],
        )
        page = self.url_open(f"/my/orders/{order.id}?access_token=wrong")
        self.assertNotIn("is being prepared", page.text)
