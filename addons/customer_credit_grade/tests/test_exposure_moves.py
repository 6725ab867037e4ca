from odoo import Command
from odoo.tests import tagged

from .exposure_common import ExposureCommon


@tagged("post_install", "-at_install")
class TestExposureMoves(ExposureCommon):
    """Goods on their way count once, at whatever step they are (DESIGN 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    def _step(self, order, quantity, backorder=True):
        """Do a step of the first line, a later one where goods wait for it."""
        move = (
            order.order_line[0]
            .move_ids.filtered(
                lambda m: m.state not in ("done", "cancel")
                and (not m.move_orig_ids or "done" in m.move_orig_ids.mapped("state"))
            )
            .sorted(lambda m: not m.move_orig_ids)[:1]
        )
        self._do_move(move, quantity, backorder)
        return move

    def _make_pulled(self):
        """Let the steps be pulled, all from the beginning, as before Odoo 18."""
        rules = self.warehouse.delivery_route_id.rule_ids
        output = self.warehouse.wh_output_stock_loc_id
        customers = self.env.ref("stock.stock_location_customers")
        rules.active = False
        values = {
            "route_id": self.warehouse.delivery_route_id.id,
            "action": "pull",
            "warehouse_id": self.warehouse.id,
            "company_id": self.company.id,
        }
        self.env["stock.rule"].create(
            [
                {
                    **values,
                    "name": "Ship",
                    "location_src_id": output.id,
                    "location_dest_id": customers.id,
                    "picking_type_id": self.warehouse.out_type_id.id,
                    "procure_method": "make_to_order",
                },
                {
                    **values,
                    "name": "Pick",
                    "location_src_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": output.id,
                    "picking_type_id": self.warehouse.pick_type_id.id,
                    "procure_method": "make_to_stock",
                },
            ]
        )

    def test_steps(self):
        for steps, pulled in (
            ("ship_only", False),
            ("pick_ship", False),
            ("pick_pack_ship", False),
            ("pick_ship", True),
        ):
            with self.subTest(steps=steps, pulled=pulled):
                self.customer = self.customer.copy()
                self.warehouse.delivery_steps = steps
                if pulled:
                    self._make_pulled()
                self._walk_steps(steps.count("_") + 1 if steps != "ship_only" else 1)

    def _walk_steps(self, steps):
        order = self._make_order((self.by_delivery, 10))
        self.assertExposure(1100.0)
        for _number in range(steps):
            self._step(order, 6)
            self.assertExposure(1100.0)
        self.assertEqual(order.order_line.qty_delivered, 6)
        self._invoice(order)
        self.assertExposure(1100.0, receivable=660.0)
        order.order_line.product_uom_qty = 12
        self.assertExposure(1320.0)
        for _number in range(2 * steps):
            if order.order_line.qty_delivered < 12:
                move = self._step(order, 6)
                self.assertExposure(1320.0)
        self.assertEqual(order.order_line.qty_delivered, 12)
        self._return(move, 2)
        self.assertExposure(1100.0)
        self._invoice(order)
        self.assertExposure(1100.0, receivable=1100.0)
        self._pay_ahead(1100.0)

    def test_cancelled_step(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._make_order((self.by_delivery, 10))
        self._step(order, 6, backorder=False)
        self.assertExposure(660.0)
        self._step(order, 5)
        self.assertExposure(660.0)
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertExposure(550.0)

    def test_waits_in_transit_for_the_signature(self):
        """Shipped to a transit location of the company, then on to the customer."""
        transit = self.env["stock.location"].create(
            {
                "name": "To be signed",
                "usage": "transit",
                "company_id": self.company.id,
                "location_id": self.company.internal_transit_location_id.id,
            }
        )
        customers = self.env.ref("stock.stock_location_customers")
        route = self.env["stock.route"].create(
            {
                "name": "Signed",
                "sale_selectable": True,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Ship",
                            "action": "pull",
                            "procure_method": "make_to_stock",
                            "location_src_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": customers.id,
                            "location_dest_from_rule": False,
                            "picking_type_id": self.warehouse.out_type_id.id,
                            "warehouse_id": self.warehouse.id,
                            "company_id": self.company.id,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Sign",
                            "action": "push",
                            "auto": "manual",
                            "location_src_id": transit.id,
                            "location_dest_id": customers.id,
                            "picking_type_id": self.warehouse.out_type_id.id,
                            "warehouse_id": self.warehouse.id,
                            "company_id": self.company.id,
                        }
                    ),
                ],
            }
        )
        order = self._make_order(
            {
                "product_id": self.by_delivery.id,
                "product_uom_qty": 10,
                "route_ids": [Command.set(route.ids)],
            }
        )
        first = order.order_line.move_ids
        first.write({"location_dest_id": transit.id, "location_final_id": customers.id})
        self.assertExposure(1100.0)
        self._do_move(first, 6)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertExposure(1100.0, shipped=0.0)
        waiting = order.order_line.move_ids.filtered(lambda m: m.location_id == transit)
        self.assertEqual(waiting.product_uom_qty, 6)
        self._do_move(waiting, 5, backorder=False)  # one is rejected
        self.assertEqual(order.order_line.qty_delivered, 5)
        self.assertExposure(990.0, shipped=550.0)

    def test_between_companies(self):
        """A customer that is a company of ours is reached through transit."""
        location = self.env.ref("stock.stock_location_inter_company")
        location.active = True
        self.customer.property_stock_customer = location
        order = self._make_order((self.by_delivery, 10))
        self.assertExposure(1100.0)
        move = order.order_line.move_ids
        self.assertEqual(move.location_dest_id, location)
        self._do_move(move, 7, backorder=False)
        self.assertEqual(order.order_line.qty_delivered, 7)
        self.assertExposure(770.0)

    def test_dropship(self):
        """Nothing moves before it is bought; a cancelled purchase is made again."""
        suppliers = self.env.ref("stock.stock_location_suppliers")
        order = self._make_order((self.by_delivery, 10))
        move = order.order_line.move_ids
        move.location_id = suppliers
        order.order_line.with_context(skip_procurement=True).product_uom_qty = 13
        self.assertExposure(1430.0)  # three are not bought yet
        self._do_move(move, 4)
        self.assertExposure(1430.0)
        rest = order.order_line.move_ids - move
        self.assertEqual(rest.location_id, suppliers)
        rest._action_cancel()
        self.assertExposure(1430.0)
        self._invoice(order)
        self.assertExposure(1430.0, receivable=440.0, ordered=990.0)

    def test_scrapped_goods_are_not_delivered(self):
        order = self._make_order((self.by_delivery, 10))
        self._deliver(order, 4)
        self.assertExposure(1100.0)
        self.env["stock.scrap"].create(
            {"product_id": self.by_delivery.id, "scrap_qty": 1}
        ).do_scrap()
        self.assertExposure(1100.0)

    def test_extra_product_in_the_transfer(self):
        """Odoo adds a line without quantity when it leaves: it is billed."""
        order = self._make_order((self.by_delivery, 10))
        extra = self._make_product("Extra", "delivery")
        picking = order.picking_ids
        self.env["stock.move"].create(
            {
                "product_id": extra.id,
                "product_uom_qty": 2,
                "quantity": 2,
                "picked": True,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        self._do_move(order.order_line.move_ids[0], 10)
        self.assertEqual(len(order.order_line), 2)
        self.assertExposure(1320.0)
        self._invoice(order)
        self.assertExposure(1320.0, receivable=1320.0)

    def test_kit(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed.")
        parts = self._make_product("Part A", "order") | self._make_product(
            "Part B", "order"
        )
        for product in (self.by_delivery, self.by_order):
            self.env["mrp.bom"].sudo().create(
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "type": "phantom",
                    "bom_line_ids": [
                        Command.create({"product_id": part.id, "product_qty": 2})
                        for part in parts
                    ],
                }
            )
            with self.subTest(policy=product.invoice_policy):
                self._walk_kit(product)

    def _walk_kit(self, product):
        order = self._make_order((product, 10))
        moves = order.order_line.move_ids
        self.assertEqual(len(moves), 2)
        self.assertExposure(1100.0)
        for move in moves:
            move.write({"quantity": 8, "picked": True})
        picking = order.picking_ids
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertExposure(1100.0, shipped=440.0)
        self._invoice(order, 4)
        self.assertExposure(1100.0, receivable=440.0)
        (order.picking_ids - picking).action_cancel()
        if product.invoice_policy == "delivery":
            self.assertExposure(440.0, receivable=440.0)
            self._pay_ahead(440.0)
        else:
            self.assertExposure(1100.0, receivable=440.0)
            self._invoice(order)
            self._pay_ahead(1100.0)
        self.assertExposure(0.0)
