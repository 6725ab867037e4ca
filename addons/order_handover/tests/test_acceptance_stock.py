from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.order_handover.tests.common_acceptance import (
    SIGNATURE,
    AcceptanceCommon,
)


@tagged("post_install", "-at_install")
class TestAcceptanceStock(AcceptanceCommon):
    """Deliveries wait in 待签收 until they are signed for (DESIGN 6)."""

    def _sign(self, slip, *rejected):
        slip._sign_in_portal("Wang", SIGNATURE, self._reject(slip, *rejected))

    def test_nothing_is_made_before_it_is_needed(self):
        self.assertFalse(self.company.handover_acceptance_location_id)
        order = self._confirm_order()
        self._ship(self._open_pickings(order))
        self.assertFalse(self.company.handover_acceptance_location_id)
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertFalse(order.handover_acceptance_ids)
        self.assertTrue(order.handover_is_complete)

    def test_one_step(self):
        order = self._confirm()
        self.assertTrue(order.handover_requires_acceptance)
        line = order.order_line
        value = self.goods.sudo().total_value
        slip = self._ship_all(order)
        self._assert_stock(90, 10, 0)
        self.assertEqual(self.goods.sudo().qty_available, 90)
        self.assertEqual(self.goods.sudo().total_value, value)
        self.assertEqual(line.qty_delivered, 0)
        self.assertEqual(line.qty_to_invoice, 0)
        self.assertFalse(order.handover_is_complete)
        self.assertEqual((slip.state, slip.line_ids.quantity), ("waiting", 10))
        self._sign(slip)
        self._assert_stock(90, 0, 10)
        self.assertEqual(self.goods.sudo().total_value, value - 600)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(line.qty_to_invoice, 10)
        self.assertEqual((slip.state, slip.result), ("signed", "accepted"))
        self.assertTrue(order.handover_is_complete)
        self.assertEqual(
            self.env["sale.order"].search(
                [("handover_is_complete", "=", True), ("id", "=", order.id)]
            ),
            order,
        )
        self.assertEqual(len(line.sudo().move_ids), 2)

    def test_two_and_three_steps(self):
        for steps, count in (("pick_ship", 2), ("pick_pack_ship", 3)):
            with self.subTest(steps=steps):
                self.warehouse.delivery_steps = steps
                order = self._confirm()
                slip = self._ship_all(order)
                self.assertEqual(len(slip), 1)
                self.assertEqual(order.order_line.qty_delivered, 0)
                self.assertEqual(len(order.order_line.sudo().move_ids), count + 1)
                self._sign(slip)
                self.assertEqual(order.order_line.qty_delivered, 10)
                self._assert_stock(90 if count == 2 else 80, 0)

    def test_make_to_order(self):
        mto = self.env.ref("stock.route_warehouse0_mto").sudo()
        mto.active = True
        product = self._create_goods("Made", route_ids=[(4, mto.id)])
        source = (
            self.env["stock.location"]
            .sudo()
            .create(
                {"name": "Works", "usage": "internal", "company_id": self.company.id}
            )
        )
        self.env["stock.rule"].sudo().create(
            {
                "name": "From the works",
                "action": "pull",
                "location_src_id": source.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "picking_type_id": self.warehouse.int_type_id.id,
                "route_id": mto.id,
                "procure_method": "make_to_stock",
                "warehouse_id": self.warehouse.id,
                "company_id": self.company.id,
            }
        )
        self._put_in_stock(product, 10, source)
        order = self._confirm({"product_id": product.id})
        slip = self._ship_all(order)
        self.assertEqual(len(slip), 1)
        self._assert_stock(0, 10, 0, product)
        self._sign(slip)
        self.assertEqual(order.order_line.qty_delivered, 10)
        self._assert_stock(0, 0, 10, product)

    def test_backorders_have_slips_of_their_own(self):
        order = self._confirm()
        first = self._ship_all(order, [4])
        second = self._ship_all(order)
        self.assertEqual(first.line_ids.quantity, 4)
        self.assertEqual(second.line_ids.quantity, 6)
        self.assertNotEqual(first.transfer_id, second.transfer_id)
        self._sign(second)
        self.assertEqual(order.order_line.qty_delivered, 6)
        self._assert_stock(90, 4, 6)
        self._sign(first)
        self.assertEqual(order.order_line.qty_delivered, 10)

    def test_partly_rejected(self):
        order = self._confirm()
        line = order.order_line
        slip = self._ship_all(order)
        self._sign(slip, (slip.line_ids, 4))
        self.assertEqual(slip.result, "partly")
        exception = (
            order.sudo().env["order.exception"].search([("order_id", "=", order.id)])
        )
        self.assertEqual(exception.source, "acceptance")
        self.assertRecordValues(
            exception.line_ids,
            [{"sale_line_id": line.id, "product_id": self.goods.id, "quantity": 4}],
        )
        self.assertEqual(line.qty_delivered, 6)
        self.assertEqual(line.qty_to_invoice, 6)
        self._assert_stock(90, 4, 6)
        self.assertFalse(self._open_pickings(order, "transit") - slip.return_ids)
        back = slip.return_ids
        self.assertEqual(back.move_ids.product_uom_qty, 4)
        self.assertEqual(back.state, "assigned")
        self.assertEqual(back.location_dest_id, self.warehouse.lot_stock_id)
        self._ship(back)
        self._assert_stock(94, 0, 6)
        self.assertEqual(line.qty_delivered, 6)
        # neither taken back nor supplied once more
        line.sudo().product_uom_qty = 6
        self.assertFalse(
            order.sudo().picking_ids.filtered(
                lambda p: p.state not in ("done", "cancel")
            )
        )
        self.assertTrue(order.handover_is_complete)
        line.sudo().product_uom_qty = 9
        self.assertEqual(self._open_pickings(order).move_ids.product_uom_qty, 3)

    def test_rejected_entirely(self):
        order = self._confirm({}, {"product_uom_qty": 5})
        slip = self._ship_all(order)
        first, second = slip.line_ids
        self._sign(slip, (first, 10), (second, 5))
        self.assertEqual(slip.result, "rejected")
        self.assertEqual(slip.transfer_id.state, "cancel")
        self.assertEqual(sum(slip.return_ids.move_ids.mapped("product_uom_qty")), 15)
        self._ship(slip.return_ids)
        self._assert_stock(100, 0, 0)
        self.assertEqual(sum(order.order_line.mapped("qty_delivered")), 0)

    def test_increase_after_shipping(self):
        order = self._confirm()
        slip = self._ship_all(order)
        order.order_line.sudo().product_uom_qty = 12
        self.assertEqual(self._open_pickings(order).move_ids.product_uom_qty, 2)
        more = self._ship_all(order)
        self.assertEqual((slip | more).line_ids.mapped("quantity"), [10, 2])
        self._sign(slip)
        self._sign(more)
        self.assertEqual(order.order_line.qty_delivered, 12)

    def test_decrease_after_shipping(self):
        order = self._confirm()
        self._ship_all(order, [4])
        with self.assertRaisesRegex(UserError, "4.0 are shipped"):
            order.order_line.product_uom_qty = 3
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._open_pickings(order).move_ids.product_uom_qty, 2)
        self.assertEqual(
            self._open_pickings(order, "transit").move_ids.product_uom_qty, 4
        )

    def test_taken_back_before_the_signature(self):
        order = self._confirm()
        slip = self._ship_all(order)
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.keeper)
            .with_context(active_id=slip.picking_id.id, active_model="stock.picking")
            .create({"picking_id": slip.picking_id.id})
        )
        wizard.product_return_moves.quantity = 3
        back = wizard._create_return()
        self._ship(back)
        self._assert_stock(93, 7, 0)
        self.assertEqual(slip.line_ids.quantity, 7)
        self.assertEqual(slip.transfer_id.move_ids.product_uom_qty, 7)
        self._sign(slip)
        self.assertEqual(order.order_line.qty_delivered, 7)
        self._assert_stock(93, 0, 7)

    def test_all_taken_back(self):
        order = self._confirm()
        slip = self._ship_all(order)
        wizard = (
            self.env["stock.return.picking"]
            .sudo()
            .create({"picking_id": slip.picking_id.id})
        )
        wizard.product_return_moves.quantity = 10
        self._ship(wizard._create_return())
        self.assertEqual(slip.state, "cancelled")
        self.assertEqual(slip.transfer_id.state, "cancel")
        self._assert_stock(100, 0, 0)
        with self.assertRaisesRegex(UserError, "cancelled"):
            self._sign(slip)

    def test_lots(self):
        product = self._create_goods("Cloth", tracking="lot")
        lots = (
            self.env["stock.lot"]
            .sudo()
            .create([{"name": name, "product_id": product.id} for name in ("L1", "L2")])
        )
        self._put_in_stock(product, 3, lot_id=lots[0])
        self._put_in_stock(product, 2, lot_id=lots[1])
        order = self._confirm({"product_id": product.id, "product_uom_qty": 5})
        slip = self._ship_all(order)
        by_lot = {line.lot_id: line for line in slip.line_ids}
        self.assertEqual(by_lot[lots[0]].quantity, 3)
        self.assertEqual(by_lot[lots[1]].quantity, 2)
        self._sign(slip, (by_lot[lots[1]], 2))
        accepted = slip.transfer_id.move_line_ids.filtered(lambda ln: ln.quantity)
        self.assertEqual((accepted.lot_id, accepted.quantity), (lots[0], 3))
        self.assertEqual(slip.return_ids.move_line_ids.lot_id, lots[1])
        self.assertEqual(order.order_line.qty_delivered, 3)

    def test_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._confirm({"product_uom_qty": 2, "product_uom_id": dozen.id})
        slip = self._ship_all(order)
        self._assert_stock(76, 24, 0)
        line = slip.line_ids
        half = line.quantity / 2
        self._sign(slip, (line, half))
        self.assertEqual(order.order_line.qty_delivered, 1)
        self._assert_stock(76, 12, 12)
        self._ship(slip.return_ids)
        self._assert_stock(88, 0, 12)

    def test_customer_return_goes_to_stock(self):
        order = self._confirm()
        slip = self._ship_all(order)
        self._sign(slip)
        wizard = (
            self.env["stock.return.picking"]
            .sudo()
            .create({"picking_id": slip.transfer_id.id})
        )
        wizard.product_return_moves.quantity = 2
        back = wizard._create_return()
        self.assertEqual(back.location_dest_id, self.warehouse.lot_stock_id)
        self._ship(back)
        self._assert_stock(92, 0, 8)
        self.assertEqual(order.order_line.qty_delivered, 8)

    def test_exchange_waits_again(self):
        order = self._confirm()
        slip = self._ship_all(order)
        self._sign(slip, (slip.line_ids, 4))
        self._ship(slip.return_ids)
        wizard = (
            self.env["stock.return.picking"]
            .sudo()
            .create({"picking_id": slip.return_ids.id})
        )
        wizard.product_return_moves.quantity = 4
        again = wizard._create_return()
        self._ship(again)
        second = order.sudo().handover_acceptance_ids - slip
        self.assertEqual(second.line_ids.quantity, 4)
        self._sign(second)
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertTrue(order.handover_is_complete)
        self._assert_stock(90, 0, 10)

    def test_several_warehouses_and_new_ones(self):
        first = self._confirm()
        self._ship_all(first)
        other = (
            self.env["stock.warehouse"]
            .sudo()
            .create({"name": "South", "code": "SOUTH", "company_id": self.company.id})
        )
        self._put_in_stock(self.goods, 5, other.lot_stock_id)
        order = self._confirm({"product_uom_qty": 5}, warehouse_id=other.id)
        slip = self._ship_all(order)
        self.assertEqual(
            slip.transfer_id.picking_type_id, other.handover_acceptance_type_id
        )
        self.assertEqual(slip.transfer_id.location_id.usage, "transit")
        self._sign(slip)
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_added_by_the_warehouse(self):
        """What the keeper adds to a delivery waits as well, for the same slip."""
        order = self._confirm()
        more = self._create_goods("Belt", 5)
        picking = self._open_pickings(order)
        self.env["stock.move"].sudo().create(
            {
                "product_id": more.id,
                "product_uom_qty": 1,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        slip = self._ship_all(order)
        self.assertEqual(len(slip.line_ids), 2)
        self.assertEqual(len(order.order_line), 1)
        self._sign(slip)
        added = order.order_line.filtered(lambda ln: ln.product_id == more)
        self.assertEqual(added.qty_delivered, 1)
