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

    def _transfer(self, line=None, *, back=False, **values):
        """Make a transfer as the storekeeper; it names the order's line."""
        places = (self.warehouse.lot_stock_id, self.customers)
        kinds = (self.warehouse.out_type_id, self.warehouse.in_type_id)
        origin, destination = reversed(places) if back else places
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
