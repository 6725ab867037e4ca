from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestRealShipping(SaleOrderPolicyCommon):
    """The real cost of shipping reaches the order, and nothing else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipping = cls.env["product.product"].create(
            {"name": "Shipping", "type": "service", "list_price": 0.0}
        )
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "Carrier",
                "product_id": cls.shipping.id,
                "delivery_type": "fixed",
                "invoice_policy": "real",
                "fixed_price": 12.0,
            }
        )
        cls.order = cls._create_order({"product_uom_qty": 2})
        cls.order.carrier_id = cls.carrier
        cls._submit_and_approve(cls.order)
        cls.order.action_confirm()
        cls.picking = cls.order.sudo().picking_ids
        cls.picking.carrier_id = cls.carrier

    def _new_shipping_line(self, price):
        return self.order.order_line.create(
            {
                "order_id": self.order.id,
                "product_id": self.shipping.id,
                "product_uom_qty": 1,
                "price_unit": price,
                "is_delivery": True,
            }
        )

    def test_real_cost_is_added_to_the_confirmed_order(self):
        self.assertEqual(self.order.state, "sale")
        self.picking.carrier_price = 30.0
        self.picking._add_delivery_cost_to_so()
        line = self.order.order_line.filtered("is_delivery")
        self.assertEqual(line.price_unit, 30.0)
        self.assertEqual(self.order.approval_state, "approved")

    def test_more_than_the_shipment_cost_is_refused(self):
        for price in (0.01, 30.0, -5.0):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._new_shipping_line(price)

    def test_other_product_marked_as_shipping_is_refused(self):
        self.picking.carrier_price = 1000.0
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order.order_line.create(
                {
                    "order_id": self.order.id,
                    "product_id": self.product.id,
                    "price_unit": 1.0,
                    "is_delivery": True,
                }
            )
