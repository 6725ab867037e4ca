from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import tagged

from .stock_allocation_common import AllocationCommon


@tagged("post_install", "-at_install")
class TestInbound(AllocationCommon):
    """What came in per day, and who waits for it (F4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hat = cls._create_goods("Hat")

    def _receive(self, quantity, product=None, done=True):
        picking_type = self.warehouse.in_type_id
        product = product or self.hat
        picking = (
            self.env["stock.picking"]
            .sudo()
            .create(
                {
                    "picking_type_id": picking_type.id,
                    "location_id": self.env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": picking_type.default_location_dest_id.id,
                    "move_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "location_id": self.env.ref(
                                    "stock.stock_location_suppliers"
                                ).id,
                                "location_dest_id": (
                                    picking_type.default_location_dest_id.id
                                ),
                            },
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        return self._ship(picking) if done else picking

    def _get_rows(self, user=None):
        self.env.flush_all()
        return (
            self.env["stock.inbound.report"]
            .with_user(user or self.salesman)
            .search([("product_id", "=", self.hat.id)])
        )

    def _get_waiting(self, user, move):
        self.env.flush_all()
        return (
            self.env["stock.inbound.waiting"]
            .with_user(user)
            .search([("id", "=", move.id)])
        )

    def test_received_today_and_who_waits(self):
        """4 + 3 of one day are one row; 9 and 2 are waited for, 1 is reserved."""
        self._receive(4)
        self._receive(3)
        self._receive(50, done=False)
        first, second = self._order("A", 9, product=self.hat), None
        second = self._order("C", 3, product=self.hat)
        second._update_reserved_quantity(1, second.location_id, strict=False)
        self.assertRecordValues(
            self._get_rows(),
            [
                {
                    "quantity": 7.0,
                    "free": 6.0,
                    "waiting": 11.0,
                    "waiting_count": 2,
                    "kind": "received",
                    "warehouse_id": self.warehouse.id,
                }
            ],
        )
        self.assertEqual(self._get_waiting(self.chief, first).missing, 9)
        self.assertEqual(self._get_waiting(self.chief, second).missing, 2)

    def test_reception_in_two_steps_counts_when_it_is_in_stock(self):
        self.warehouse.sudo().reception_steps = "two_steps"
        picking = self._receive(5)
        self.assertFalse(self._get_rows())
        following = picking.move_ids.move_dest_ids.picking_id
        self._ship(following)
        self.assertEqual(self._get_rows().mapped("quantity"), [5])

    def test_consigned_and_old_goods_do_not_count(self):
        owner = self.env["res.partner"].sudo().create({"name": "Owner"})
        self._receive(5)
        consigned = self._receive(3, done=False)
        consigned.owner_id = owner
        consigned.action_assign()
        consigned.move_ids.move_line_ids.owner_id = owner
        self._ship(consigned)
        self.assertRecordValues(self._get_rows(), [{"quantity": 5.0, "free": 5.0}])
        old = self._receive(2)
        old.move_ids.date = Datetime.now() - timedelta(days=401)
        self.assertEqual(self._get_rows().mapped("quantity"), [5.0])

    def test_returns_and_inventory_do_not_count(self):
        self._put_in_stock(self.hat, 5)
        order = self._order("A", 5, product=self.hat)
        self._ship(order.picking_id)
        back = (
            self.env["stock.return.picking"]
            .sudo()
            .create({"picking_id": order.picking_id.id})
        )
        back.product_return_moves.quantity = 5
        picking = back._create_return()
        self._ship(picking)
        self.assertFalse(self._get_rows())

    def test_one_click(self):
        """Seven came: A needs nine and is first; C is told so, then gets nothing."""
        self._receive(7)
        a = self._order("A", 9, product=self.hat)
        c = self._order("C", 3, product=self.hat)
        name = a.sale_line_id.order_id.name
        with self.assertRaisesRegex(UserError, f"{name} first: grade"):
            self._get_waiting(self.chief, c).action_allocate()
        result = self._get_waiting(self.coordinator, a).action_allocate()
        self.assertIn("Gets 7 of 9", result["params"]["message"])
        self.assert_held((a, 7), (c, 0))
        with self.assertRaisesRegex(UserError, "gone"):
            self._get_waiting(self.chief, a).action_allocate()
        line = self.env["stock.allocation.line"].search(
            [("move_id", "=", a.id), ("result", "=", "done")]
        )
        self.assertEqual((line.qty_applied, line.run_id.state), (7, "applied"))

    def test_what_is_left_over_goes_to_the_later_one(self):
        self._receive(7)
        a = self._order("A", 5, product=self.hat)
        c = self._order("C", 3, product=self.hat)
        self._get_waiting(self.chief, c).action_allocate()
        self.assert_held((a, 0), (c, 2))
        self._get_waiting(self.chief, a).action_allocate()
        self.assert_held((a, 5), (c, 2))

    def test_nobody_loses_by_a_click(self):
        self._receive(7)
        c = self._order("C", 7, product=self.hat)
        self._reserve(c)
        a = self._order("A", 3, product=self.hat)
        with self.assertRaisesRegex(UserError, "gone"):
            self._get_waiting(self.chief, a).action_allocate()
        self.assert_held((a, 0), (c, 7))

    def test_ship_complete_by_a_click(self):
        self._receive(7)
        a = self._order("A", 5, product=self.hat, picking_policy="one")
        more = self._order(
            "B", 1, product=self.hat, more=[(self.cap, 11)], picking_policy="one"
        )
        with self.assertRaisesRegex(UserError, "Cap.* is short"):
            self._get_waiting(self.chief, more[0]).action_allocate()
        self._get_waiting(self.chief, a).action_allocate()
        self.assert_held((a, 5), (more[0], 0))

    def test_who_sees_and_may(self):
        self._receive(7)
        own = self._order("A", 5, product=self.hat)
        other = self._order("A", 5, product=self.hat, user=self.other_salesman)
        self.assertTrue(self._get_waiting(self.salesman, own))
        self.assertFalse(self._get_waiting(self.salesman, other))
        self.assertTrue(self._get_waiting(self.keeper, other))
        for user in (self.salesman, self.keeper):
            with self.assertRaises(AccessError):
                self._get_waiting(user, own).action_allocate()
        with self.assertRaises(AccessError):
            self._get_waiting(self.planner, own)
        self.assert_held((own, 0))
