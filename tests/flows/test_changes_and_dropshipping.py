"""Orders whose goods a vendor sends to the customer are changed by request."""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_order_change.tests.common import OrderChangeCommon


@tagged("standard", "post_install", "-at_install")
class TestChangesAndDropshipping(OrderChangeCommon):
    """The vendor sends what was ordered from him: nothing else is promised (J2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        vendor = cls.env["res.partner"].sudo().create({"name": "Vendor"})
        route = cls.env.ref(
            "stock_dropshipping.route_drop_shipping", raise_if_not_found=False
        )
        cls.is_installed = bool(route)
        cls.crane = cls._create_product(
            name="Crane",
            is_storable=True,
            list_price=50.0,
            taxes_id=False,
            route_ids=[Command.set(route.ids if route else [])],
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 30.0})],
        )

    def setUp(self):
        super().setUp()
        if not self.is_installed:
            self.skipTest("without dropshipping")

    def _dropshipped(self):
        order = self._confirmed(
            {"product_id": self.crane.id, "product_uom_qty": 10.0, "price_unit": 50.0}
        )
        return order, order.sudo().order_line.purchase_line_ids

    def test_request_for_quotation_follows(self):
        order, purchase = self._dropshipped()
        for quantity in (6.0, 10.0):
            change = self._quick(order, {order.order_line: quantity})
            self.assertEqual(change.state, "applied", change.error)
            self.assertEqual(purchase.product_qty, quantity)

    def test_what_the_vendor_sends_is_agreed_with_him_first(self):
        order, purchase = self._dropshipped()
        purchase.order_id.button_confirm()
        change = self._quick(order, {order.order_line: 6.0})
        self.assertEqual(change.state, "failed")
        self.assertIn("6 Units ordered, 0 shipped, 10 waiting", change.error)
        self.assertEqual(order.order_line.product_uom_qty, 10.0)
        purchase.product_qty = 6.0
        self.assertEqual(self._demand(order), {self.crane: 6.0})
        change.action_apply_again()
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(order.order_line.product_uom_qty, 6.0)
        self.assertEqual(self._demand(order), {self.crane: 6.0})

    def test_more_is_ordered_anew(self):
        order, purchase = self._dropshipped()
        purchase.order_id.button_confirm()
        change = self._quick(order, {order.order_line: 14.0})
        self.assertEqual(change.state, "applied", change.error)
        more = order.sudo().order_line.purchase_line_ids - purchase
        self.assertEqual((purchase.product_qty, more.product_qty), (10.0, 4.0))
