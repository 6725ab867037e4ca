from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestCart(SaleOrderPolicyCommon):
    """Visitors are stopped before they pay, or not at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.public = cls.website.user_id
        cls.cart = cls._create_cart(cls.service_product)

    @classmethod
    def _create_cart(cls, product, **line):
        return (
            cls.env["sale.order"]
            .with_user(cls.public)
            .sudo()
            .create(
                {
                    "partner_id": cls.partner.id,
                    "website_id": cls.website.id,
                    "user_id": False,
                    "order_line": [Command.create({"product_id": product.id, **line})],
                }
            )
        )

    def test_internal_review_does_not_stop_the_payment(self):
        self._create_rule(max_discount=0.0)
        self.cart.order_line.discount = 50.0
        self.cart._check_cart_is_ready_to_be_paid()

    def test_what_only_staff_can_fill_in_does_not_stop_the_payment(self):
        self.cart.policy_type_id = self.env["sale.order.type"].create(
            {"name": "Strict", "require_user": True, "require_client_order_ref": True}
        )
        self.cart._check_cart_is_ready_to_be_paid()

    def test_unusable_quantity_stops_the_payment(self):
        self.cart.order_line.product_uom_qty = 0
        with self.assertRaises(ValidationError) as caught:
            self.cart._check_cart_is_ready_to_be_paid()
        self.assertIn("the quantity is 0", str(caught.exception))

    def test_switched_off_checks_nothing(self):
        self.company.document_approval_mode = "off"
        self.cart.order_line.product_uom_qty = 0
        self.cart._check_cart_is_ready_to_be_paid()

    def test_cart_that_costs_nothing_is_parked(self):
        cart = self._create_cart(self.service_product, price_unit=0.0)
        cart.policy_type_id = self.env.ref("sale_order_policy.sale_order_type_sample")
        cart._validate_order()
        self.assertEqual(cart.state, "sent")
        self.assertEqual(cart.approval_parked_reason, "placed")
        self.assertEqual(cart.approval_state, "pending")
        self.assertFalse(cart.approval_round_id.requester_id.share)
        self._approve(cart)
        self.assertEqual(cart.state, "sale")

    def test_visitors_pricelist_is_the_websites_business(self):
        pricelist = self.env["product.pricelist"].create({"name": "Web"})
        self.cart.pricelist_id = pricelist
        self.assertFalse(self._get_findings(self.cart, "pricelist"))
        order = self._create_order(
            pricelist_id=pricelist.id, website_id=self.website.id
        )
        self.assertTrue(self._get_findings(order, "pricelist"))
