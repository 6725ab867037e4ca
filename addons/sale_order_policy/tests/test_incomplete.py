from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestIncomplete(SaleOrderPolicyCommon):
    """What an order lacks can be saved, but not submitted (SPEC A2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_type = cls.env["sale.order.type"].create({"name": "Strict"})

    def _require(self, *names):
        self.order_type.write({f"require_{name}": True for name in names})

    def _missing(self, order):
        return self._get_messages(order, "incomplete")

    def _strict(self, *lines, **values):
        return self._create_order(*lines, policy_type_id=self.order_type.id, **values)

    def test_new_orders_start_with_the_first_type(self):
        order = self._create_order()
        first = self.env["sale.order.type"].search([], limit=1)
        self.assertEqual(order.policy_type_id, first)

    def test_complete_order_can_be_submitted(self):
        order = self._create_order()
        self.assertEqual(self._missing(order), [])
        order.action_submit_for_approval()
        self.assertEqual(order.approval_state, "pending")

    def test_each_missing_thing_is_named(self):
        self._require(
            "contact",
            "commitment_date",
            "payment_term",
            "client_order_ref",
            "source",
            "user",
            "delivery_place",
            "phone_or_email",
        )
        self.partner.write({"street": False, "email": False, "phone": False})
        self.partner.is_company = True
        order = self._strict(payment_term_id=False)
        order.sudo().user_id = False
        self.assertEqual(
            set(self._missing(order)),
            {
                "Contact Person is missing",
                "Delivery Date is missing",
                "Payment Terms is missing",
                "Customer Reference is missing",
                "Source is missing",
                "Salesperson is missing",
                "The street of the delivery place is missing",
                "A phone number or e-mail address of the customer is missing",
            },
        )

    def test_what_is_there_is_not_missing(self):
        self._require("contact", "commitment_date", "client_order_ref", "source")
        order = self._strict(
            commitment_date=fields.Datetime.now(),
            client_order_ref="PO 7",
            source_id=self.env["utm.source"].create({"name": "Fair"}).id,
        )
        self.assertFalse(self.partner.is_company)
        self.assertEqual(order.policy_contact_id, self.partner)
        self.assertEqual(self._missing(order), [])

    def test_blank_reference_is_missing(self):
        self._require("client_order_ref")
        order = self._strict(client_order_ref="   ")
        self.assertEqual(self._missing(order), ["Customer Reference is missing"])

    def test_submission_is_refused_in_words_and_keeps_the_order(self):
        self._require("commitment_date")
        order = self._strict({}, {"price_unit": 0.0})
        with self.assertRaises(UserError) as caught:
            order.action_submit_for_approval()
        self.assertIn("Delivery Date is missing", str(caught.exception))
        name = self.product.display_name
        self.assertIn(f"Line 2 ({name}): the price is 0", str(caught.exception))
        self.assertEqual(order.approval_state, "none")
        order.note = "Still editable"

    def test_free_goods_need_an_order_type_of_their_own(self):
        order = self._create_order({"price_unit": 0.0})
        self.assertEqual(len(self._missing(order)), 1)
        order.policy_type_id = self.env.ref("sale_order_policy.sale_order_type_sample")
        self.assertEqual(self._missing(order), [])

    def test_fully_discounted_line_counts_as_free(self):
        order = self._create_order({"discount": 100.0})
        self.assertIn("the price is 0", self._missing(order)[0])

    def test_order_without_lines(self):
        order = self._create_order()
        order.order_line = [Command.clear()]
        self.assertEqual(self._missing(order), ["The order has no lines"])
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "Only a note"})
        ]
        self.assertEqual(self._missing(order), ["The order has no lines"])

    def test_archived_product_is_named(self):
        order = self._create_order()
        self.product.action_archive()
        self.assertIn(f"{self.product.name} is archived", self._missing(order)[0])

    def test_quantities_must_be_above_zero(self):
        order = self._create_order({"product_uom_qty": 0}, {"product_uom_qty": -1})
        texts = self._missing(order)
        self.assertIn("the quantity is 0", texts[0])
        self.assertIn("the quantity is negative", texts[1])

    def test_unusable_numbers(self):
        order = self._create_order({"price_unit": 1e13})
        self.assertIn("a number is not usable", self._missing(order)[0])
        with self.assertRaises(UserError):
            order.action_submit_for_approval()

    def test_down_payment_flag_does_not_hide_a_line(self):
        order = self._create_order(
            {"is_downpayment": True, "price_unit": 0.0},
            {"is_expense": True, "price_unit": 0.0},
        )
        self.assertEqual(len(self._missing(order)), 2)

    def test_type_of_another_company_is_not_kept(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.order_type.company_id = self.company
        order = self.env["sale.order"].create(
            {"partner_id": self.partner.id, "company_id": company.id}
        )
        self.assertNotEqual(order.policy_type_id, self.order_type)
        with self.assertRaises(UserError):
            order.policy_type_id = self.order_type
