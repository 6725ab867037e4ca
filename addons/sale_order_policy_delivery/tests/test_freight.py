from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestFreight(SaleOrderPolicyCommon):
    """Carriers' prices and pick-up points neither stop nor open anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.is_storable = True
        cls.freight = cls._create_product(
            name="Freight", type="service", list_price=9.0
        )
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "At cost",
                "product_id": cls.freight.id,
                "delivery_type": "fixed",
                "fixed_price": 4.0,
                "invoice_policy": "real",
            }
        )

    def _ship(self, order, price):
        picking = order.with_user(self.operator).sudo().picking_ids
        picking.write({"carrier_id": self.carrier.id, "carrier_price": price})
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        # what sending to the carrier does with the price it reports
        picking._add_delivery_cost_to_so()
        picking.move_ids._action_done()
        self.assertEqual(picking.state, "done")

    def test_real_cost_is_written_when_the_goods_leave(self):
        order = self._create_order()
        order.set_delivery_line(self.carrier, 4.0)
        line = order.order_line.filtered("is_delivery")
        self.assertEqual(line.price_unit, 0.0)
        self.assertEqual(self._get_findings(order), [])
        self._submit_and_approve(order)
        order.action_confirm()
        self._ship(order, 7.5)
        self.assertEqual(line.price_unit, 7.5)

    def test_real_cost_is_added_and_told(self):
        order = self._create_order()
        self._submit_and_approve(order)
        order.action_confirm()
        self._ship(order, 7.5)
        line = order.order_line.filtered("is_delivery")
        self.assertEqual(line.price_unit, 7.5)
        self.assertTrue(
            order.sudo().activity_ids.filtered(lambda a: a.user_id == self.salesman)
        )

    def test_freight_flag_does_not_hide_a_product(self):
        self._create_rule(max_discount=0.0)
        order = self._create_order({"is_delivery": True, "price_unit": 1.0})
        self.assertTrue(self._get_findings(order, "discount"))

    def test_freight_price_comes_from_the_carrier(self):
        self._create_rule(max_discount=0.0)
        self.carrier.invoice_policy = "estimated"
        order = self._create_order()
        order.set_delivery_line(self.carrier, 4.0)
        self.assertEqual(self._get_findings(order), [])
        self._submit_and_approve(order)
        order.action_confirm()
        with self.assertRaises(UserError):
            order.order_line.filtered("is_delivery").price_unit = 0.0

    def test_pickup_point_is_part_of_what_is_approved(self):
        point = {
            "id": 1,
            "name": "Shop",
            "street": "2 Side Street",
            "city": "Town",
            "zip_code": "1000",
            "country_code": "US",
        }
        order = self._create_order()
        order.pickup_location_data = point
        self._submit_and_approve(order)
        address = self.env["res.partner"].create(
            {
                "name": "Shop",
                "type": "delivery",
                "parent_id": order.partner_shipping_id.id,
                "street": "2 Side Street",
                "city": "Town",
                "country_id": self.env.ref("base.us").id,
            }
        )
        order.partner_shipping_id = address
        self.assertEqual(order.approval_state, "approved")
        order.pickup_location_data = {**point, "street": "3 Other Street"}
        self.assertEqual(order.approval_state, "superseded")
