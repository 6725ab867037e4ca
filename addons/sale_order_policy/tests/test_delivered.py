from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestDelivered(SaleOrderPolicyCommon):
    """No transfer of one's own delivers an order that nobody has approved (B6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper", "stock.group_stock_user")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.goods = cls.env["product.product"].create(
            {"name": "Pump", "is_storable": True, "list_price": 100.0}
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.goods, cls.warehouse.lot_stock_id, 50.0
        )
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.order = cls._create_order(
            {"product_id": cls.goods.id, "product_uom_qty": 10.0}
        )

    def _transfer(self, line=None, *, back=False, origin=None, to=None, **values):
        """Make a transfer as the storekeeper; it names the order's line."""
        places = (self.warehouse.lot_stock_id, self.customers)
        kinds = (self.warehouse.out_type_id, self.warehouse.in_type_id)
        usual_origin, usual_destination = reversed(places) if back else places
        origin, destination = origin or usual_origin, to or usual_destination
        picking = (
            self.env["stock.picking"]
            .with_user(self.keeper)
            .create(
                {
                    "picking_type_id": kinds[back].id,
                    "location_id": origin.id,
                    "location_dest_id": destination.id,
                    "partner_id": self.partner.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "product_uom_qty": 10.0,
                                "location_id": origin.id,
                                "location_dest_id": destination.id,
                                "sale_line_id": line.id if line else False,
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        picking.action_confirm()
        picking.action_assign()
        picking.move_ids.picked = True
        return picking

    def _in_stock(self):
        return self.env["stock.quant"]._get_available_quantity(
            self.goods, self.warehouse.lot_stock_id, allow_negative=True
        ) + sum(
            self.env["stock.move.line"]
            .search([("product_id", "=", self.goods.id), ("state", "=", "assigned")])
            .mapped("quantity")
        )

    def _assert_refused(self, deliver):
        with self.assertRaisesRegex(UserError, f"Pump.*{self.order.name}"):
            deliver()
        self.env.invalidate_all()
        self.assertEqual(self._in_stock(), 50.0)
        self.assertEqual(self.order.sudo().order_line.qty_delivered, 0.0)

    def test_an_order_in_review(self):
        self.order.action_submit_for_approval()
        picking = self._transfer(self.order.order_line)
        self._assert_refused(picking.button_validate)
        self.assertEqual(picking.state, "assigned")

    def test_a_move_done_without_its_transfer(self):
        picking = self._transfer(self.order.order_line)
        self._assert_refused(picking.move_ids._action_done)
        self._assert_refused(lambda: picking.move_ids.write({"state": "done"}))

    def test_a_transfer_that_names_the_order(self):
        picking = self._transfer()
        picking.sudo().sale_id = self.order
        self._assert_refused(picking.button_validate)

    def test_a_line_named_afterwards(self):
        picking = self._transfer()
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        with self.assertRaises(UserError):
            picking.move_ids.sale_line_id = self.order.order_line
        self.env.invalidate_all()
        self.assertFalse(picking.move_ids.sale_line_id)

    def test_a_done_move_named_on_the_order(self):
        picking = self._transfer()
        picking.button_validate()
        line = self.order.order_line
        for values in (
            {"move_ids": [Command.link(picking.move_ids.id)]},
            {"move_ids": [Command.set(picking.move_ids.ids)]},
        ):
            # sudo: what is left to the seller by the access rules of moves or not
            with self.assertRaises(UserError):
                line.sudo().write(values)
            self.env.invalidate_all()
            self.assertFalse(line.sudo().qty_delivered)

    def _shelved(self):
        """Return goods that were moved within the warehouse for the order."""
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        picking = self._transfer(
            self.order.order_line,
            to=shelf,
            picking_type_id=self.warehouse.int_type_id.id,
        )
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking.move_ids

    def test_what_was_moved_is_not_sent_afterwards(self):
        move = self._shelved()
        for record in (move, move.move_line_ids):
            with self.assertRaises(UserError):
                record.write({"location_dest_id": self.customers.id})
            self.env.invalidate_all()
            self.assertEqual(record.location_dest_id.name, "Shelf")
        with self.assertRaises(UserError):
            self.env["stock.move.line"].with_user(self.keeper).create(
                {
                    "move_id": move.id,
                    "picking_id": move.picking_id.id,
                    "product_id": self.goods.id,
                    "quantity": 1.0,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": self.customers.id,
                }
            )
        self.env.invalidate_all()
        self.assertEqual(self.order.sudo().order_line.qty_delivered, 0.0)

    def test_between_customers(self):
        picking = self._transfer(self.order.order_line, origin=self.customers)
        with self.assertRaises(UserError):
            picking.move_ids._action_done()

    def test_no_more_than_was_delivered_before_it_was_cancelled(self):
        self._submit_and_approve(self.order)
        self.order.action_confirm()
        picking = self.order.sudo().picking_ids.with_user(self.keeper)
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        self.order.sudo()._action_cancel()
        self.order.sudo().action_draft()
        line = picking.move_ids.move_line_ids
        with self.assertRaises(UserError):
            line.quantity = 12.0
        self.env.invalidate_all()
        self.assertEqual(line.quantity, 10.0)
        line.quantity = 8.0
        self.assertEqual(picking.move_ids.quantity, 8.0)
        moved = self._shelved().move_line_ids
        with self.assertRaises(UserError):
            moved.move_id = picking.move_ids
        with self.assertRaises(UserError):
            moved.location_dest_id = self.customers

    def test_confirmed_orders_are_delivered(self):
        self._submit_and_approve(self.order)
        self.order.action_confirm()
        picking = self.order.sudo().picking_ids.with_user(self.keeper)
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self.order.order_line.qty_delivered, 10.0)
        extra = self._transfer(self.order.order_line)
        extra.button_validate()
        self.assertEqual(extra.state, "done")

    def test_goods_come_back_for_cancelled_orders(self):
        picking = self._transfer()
        picking.button_validate()
        self.order.sudo()._action_cancel()
        back = self._transfer(self.order.order_line, back=True)
        back.button_validate()
        self.assertEqual(back.state, "done")

    def test_without_control_as_odoo_does(self):
        for mode in ("observe", "off"):
            with self.subTest(mode):
                self.company.document_approval_mode = mode
                picking = self._transfer(self.order.order_line)
                picking.button_validate()
                self.assertEqual(picking.state, "done")
