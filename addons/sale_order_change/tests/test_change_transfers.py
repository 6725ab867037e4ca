from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import tagged

from .common import OrderChangeCommon

APRIL = Datetime.to_datetime("2027-04-01 08:00:00")
MAY = Datetime.to_datetime("2027-05-01 08:00:00")


@tagged("post_install", "-at_install")
class TestChangeTransfers(OrderChangeCommon):
    """Transfers in several steps follow a change, or nothing is applied (J2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.order.warehouse_id.sudo()
        quants = cls.env["stock.quant"].sudo()
        for product in cls.desk | cls.chair:
            quants._update_available_quantity(
                product, cls.warehouse.lot_stock_id, 100.0
            )

    def _stepwise(self, way, **values):
        self.warehouse.delivery_steps = way
        order = self._create_order(
            {"product_uom_qty": 10.0, "price_unit": 100.0}, **values
        )
        self._submit_and_approve(order)
        order.action_confirm()
        return order

    def _moves(self, order, *states):
        """Return (from, to, pieces) of what waits, in its order."""
        names = {
            self.warehouse.lot_stock_id: "stock",
            self.warehouse.wh_pack_stock_loc_id: "pack",
            self.warehouse.wh_output_stock_loc_id: "output",
        }
        return [
            (
                names.get(move.location_id, move.location_id.usage),
                names.get(move.location_dest_id, move.location_dest_id.usage),
                move.product_uom_qty,
            )
            for move in order.sudo().order_line.move_ids.sorted("id")
            if move.state not in ("done", "cancel")
        ]

    def _step(self, order, quantity):
        """Do the step that stands furthest on, for so many pieces."""
        steps = (
            self.warehouse.lot_stock_id,
            self.warehouse.wh_pack_stock_loc_id,
            self.warehouse.wh_output_stock_loc_id,
        )
        pickings = order.sudo().picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        picking = pickings.sorted(lambda one: steps.index(one.location_id))[-1]
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=[]
        ).button_validate()

    def test_less_before_anything_was_picked(self):
        for way, place in (("pick_ship", "output"), ("pick_pack_ship", "pack")):
            order = self._stepwise(way)
            change = self._quick(order, {order.order_line: 4.0})
            self.assertEqual(change.state, "applied", change.error)
            self.assertEqual(self._moves(order), [("stock", place, 4.0)])

    def test_a_new_date_reaches_every_step(self):
        """Less for another day is taken off what waits, not brought back."""
        order = self._stepwise("pick_ship", commitment_date=APRIL)
        self._step(order, 6.0)
        change = self._quick(order, {order.order_line: 7.0}, commitment_date=MAY)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(
            sorted(self._moves(order)),
            [("output", "customer", 6.0), ("stock", "output", 1.0)],
        )
        waiting = order.sudo().order_line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        self.assertEqual(set(waiting.mapped("date_deadline")), {MAY})

    def test_another_lead_time_and_less(self):
        order = self._stepwise("pick_ship")
        change = self._request(order=order)
        change.line_ids.write({"quantity": 4.0, "customer_lead": 9.0})
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self._moves(order), [("stock", "output", 4.0)])
        self.assertEqual(
            order.sudo().order_line.move_ids.date_deadline,
            order.date_order + timedelta(days=9),
        )

    def test_less_than_was_picked_goes_back_on_the_shelf(self):
        order = self._stepwise("pick_ship")
        self._step(order, 8.0)
        change = self._quick(order, {order.order_line: 5.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(
            sorted(self._moves(order)),
            [("output", "customer", 5.0), ("output", "stock", 3.0)],
        )

    def test_never_less_than_was_shipped(self):
        order = self._stepwise("pick_pack_ship")
        for _step in range(3):
            self._step(order, 6.0)
        change = self._request(order=order)
        change.line_ids.quantity = 5.0
        with self.assertRaisesRegex(UserError, r"not less than 6\.00 .* delivered"):
            change.action_submit_for_approval()
        change.line_ids.quantity = 6.0
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self._moves(order), [])

    def test_cancelled_with_something_picked(self):
        """Nothing has left: approval is enough, and no step goes on."""
        order = self._stepwise("pick_pack_ship")
        self._step(order, 8.0)
        change = self._request("cancel", order=order)
        self.assertFalse(change.needs_agreement)
        self._approve_change(change)
        self.assertEqual((change.state, order.state), ("applied", "cancel"))
        self.assertEqual(self._moves(order), [])

    def test_what_does_not_follow_is_not_applied(self):
        """The warehouse changed its steps: Odoo would not count what it added."""
        order = self._stepwise("ship_only")
        self.warehouse.delivery_steps = "pick_ship"
        before = self._moves(order)
        line = order.order_line
        change = self._quick(order, {line: 14.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertIn(("stock", "output", 4.0), self._moves(order))
        before = self._moves(order)
        change = self._quick(order, {line: 12.0})
        self.assertEqual(change.state, "failed")
        self.assertRegex(
            change.error, r"would not follow: 12 Units ordered, 0 shipped, 1[0-9]"
        )
        self.assertEqual((line.product_uom_qty, self._moves(order)), (14.0, before))
