from odoo.fields import Command
from odoo.tests import tagged

from .common import OrderChangeCommon


@tagged("post_install", "-at_install")
class TestChangePrices(OrderChangeCommon):
    """A change is held against floor prices and discounts like an order (C1, B4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_rule(
            applied_on="product",
            product_tmpl_id=cls.desk.product_tmpl_id.id,
            is_discount_limited=False,
            is_price_limited=True,
            floor_price=90.0,
        )

    def _texts(self, change, *codes):
        found = change._approval_findings()[change.id]
        return [
            change._approval_finding_message(finding)
            for finding in found
            if finding["code"] in (codes or ("floor_price", "discount", "floor_unit"))
        ]

    def _asked(self, **values):
        change = self._request()
        self._line(change, self.desks).write(values)
        return change

    def test_below_the_floor(self):
        change = self._asked(price_unit=89.0)
        (text,) = self._texts(change)
        self.assertIn(self.desk.name, text)
        self.assertIn("price 89.00", text)
        self.assertIn("floor price 90.00", text)
        (finding,) = [
            finding
            for finding in change._approval_findings()[change.id]
            if finding["code"] == "floor_price"
        ]
        self.assertEqual(
            (finding["department"], finding["severity"]), ("sales", "review")
        )
        self.assertEqual(finding["line_id"], self._line(change, self.desks).id)

    def test_a_discount_is_seen_too(self):
        self.assertTrue(self._texts(self._asked(discount=10.01)))
        self.assertFalse(self._texts(self._asked(discount=10.0)))
        self.assertFalse(self._texts(self._asked(price_unit=90.0)))

    def test_who_has_to_agree_then(self):
        """Sales has no seat in the flow: the flow's fallback department decides."""
        change = self._asked(price_unit=80.0)
        change.action_submit_for_approval()
        seats = change.sudo().approval_round_id.seat_ids
        self.assertEqual(
            seats.department_id,
            self.departments["warehouse"] | self.departments["management"],
        )
        asked = seats.filtered(
            lambda seat: seat.department_id == self.departments["management"]
        )
        self.assertIn("floor price 90.00", str(asked.finding_ids.mapped("message")))
        seat = seats - asked
        sheet = change.sudo().evaluation_ids
        sheet.with_user(self.storekeeper).write({"words": "In stock"})
        seat.with_user(self.storekeeper).action_approve()
        self.assertEqual((change.state, self.desks.price_unit), ("draft", 100.0))
        self._decide(change)
        self.assertEqual((change.state, self.desks.price_unit), ("applied", 80.0))

    def test_a_seat_of_sales_is_asked_first(self):
        self.change_flow.level_ids.seat_ids = [
            Command.create({"department_id": self.departments["sales"].id})
        ]
        change = self._asked(price_unit=80.0)
        change.action_submit_for_approval()
        seats = change.sudo().approval_round_id.seat_ids
        asked = {
            finding.code: finding.seat_id.department_id.code
            for finding in seats.finding_ids
        }
        # finance, which price_down names, has no seat
        self.assertEqual(asked, {"floor_price": "sales", "price_down": "management"})

    def test_what_was_agreed_to_is_no_news(self):
        order = self._confirmed(
            {"product_uom_qty": 10.0, "price_unit": 80.0},
            {"product_id": self.chair.id, "product_uom_qty": 4.0},
        )
        desks, chairs = order.order_line
        change = self._request(order=order)
        self._line(change, chairs).quantity = 9.0
        self.assertFalse(self._texts(change))
        self._line(change, desks).quantity = 8.0
        self.assertFalse(self._texts(change))
        # but not for more of it, and not at an even lower price
        self._line(change, desks).quantity = 11.0
        self.assertEqual(len(self._texts(change)), 1)
        self._line(change, desks).write({"quantity": 10.0, "price_unit": 79.0})
        self.assertIn("price 79.00", self._texts(change)[0])

    def test_new_lines_and_discount_limits(self):
        self._create_rule(
            applied_on="product",
            product_tmpl_id=self.lamp.product_tmpl_id.id,
            max_discount=10.0,
            is_price_limited=True,
            floor_price=7.5,
        )
        change = self._request()
        new = {"product_id": self.lamp.id, "quantity": 3.0}
        change.line_ids = [Command.create({**new, "price_unit": 7.0})]
        self.assertIn("discount 12.50 %, allowed 10.00 %", self._texts(change)[0])
        self.assertIn("floor price 7.50", self._texts(change)[1])
        change.line_ids[-1].price_unit = 7.5
        self.assertFalse(self._texts(change))

    def test_a_deduction_weighs_more_on_fewer_lines(self):
        """250 off 2,000 leaves 87.50 of 100.00, off 2,000 + 1,000 it left 91.67."""
        order = self._confirmed(
            {"product_uom_qty": 20.0, "price_unit": 100.0},
            {
                "product_id": self.chair.id,
                "product_uom_qty": 10.0,
                "price_unit": 100.0,
            },
            {
                "product_id": self.service_product.id,
                "product_uom_qty": 1.0,
                "price_unit": -250.0,
                "tax_ids": [Command.clear()],
            },
        )
        desks, chairs = order.order_line[:2]
        change = self._request(order=order)
        self._line(change, chairs).quantity = 0.0
        self.assertIn("price 87.50", self._texts(change)[0])
        self.assertEqual(order.order_line[:2], desks | chairs)

    def test_nothing_is_touched(self):
        change = self._asked(price_unit=80.0, quantity=3.0)
        change.line_ids = [
            Command.create({"product_id": self.lamp.id, "quantity": 3.0})
        ]
        self.assertTrue(self._texts(change))
        self.env.flush_all()
        self._assert_as_before(self.order)
        self.assertEqual(self.desks.price_unit, 100.0)
        self.env.invalidate_all()
        self._assert_as_before(self.order)

    def test_cancellations_are_not_priced(self):
        self.assertFalse(self._texts(self._request("cancel")))
