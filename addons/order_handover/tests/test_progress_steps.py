from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_progress import ProgressCommon


@tagged("post_install", "-at_install")
class TestProgressSteps(ProgressCommon):
    """The timeline says what the documents say (SPEC F5)."""

    def test_quotation(self):
        order = self._create_order({"product_id": self.goods.id})
        self.assertEqual(
            self._states(order),
            {
                "intake": "done",
                "confirmed": "current",
                "shipment": "waiting",
                "complete": "waiting",
            },
        )
        self.assertEqual(self._row(order).phase, "quotation")
        self.assertFalse(self._row(order).was_confirmed)

    def test_confirmed_and_shipped(self):
        order = self._confirm_order(commitment_date=self._in_days(5))
        self.assertEqual(
            self._states(order),
            {
                "intake": "done",
                "confirmed": "done",
                "shipment": "current",
                "delivered": "waiting",
                "complete": "waiting",
            },
        )
        shipment = self._step(order, "shipment")
        self.assertEqual(shipment["planned"], self._in_days(5))
        self.assertEqual(
            [(line["quantity"], line["name"]) for line in shipment["lines"]],
            [(10.0, "Shirt")],
        )
        self.assertEqual(self._row(order).phase, "shipment")
        self._ship(order.picking_ids)
        self.assertEqual(set(self._states(order).values()), {"done"})
        self.assertEqual(
            self._step(order, "complete")["actual"], order.picking_ids.move_ids.date
        )
        row = self._row(order)
        self.assertEqual(
            (row.phase, row.share, row.is_open), ("complete", 100.0, False)
        )

    def test_part_delivery_and_backorder(self):
        order = self._confirm_order(commitment_date=self._in_days(5))
        self._ship(order.picking_ids, [4.0])
        self.assertEqual(self._states(order)["shipment"], ["done", "current"])
        names = [s["name"] for s in self._steps(order) if s["code"] == "shipment"]
        self.assertEqual(names, ["Shipment 1", "Shipment 2"])
        (line,) = self._lines(order)
        self.assertEqual(
            (line["ordered"], line["shipped"], line["delivered"], line["returned"]),
            (10.0, 4.0, 4.0, 0.0),
        )
        self.assertEqual(self._step(order, "complete")["share"], 0.4)
        self.assertEqual(self._row(order).share, 40.0)
        self.assertEqual(self._states(order)["complete"], "waiting")

    def test_quantities_in_the_unit_of_the_line(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._confirm_order(
            {"product_uom_qty": 2.0, "product_uom_id": dozen.id}
        )
        move = order.picking_ids.move_ids
        self.assertEqual((move.product_uom.name, move.product_uom_qty), ("Units", 24.0))
        self._ship(order.picking_ids, [12.0])
        (line,) = self._lines(order)
        self.assertEqual(
            (line["shipped"], line["delivered"], line["unit"]), (1.0, 1.0, dozen.name)
        )

    def test_late_by_the_companys_day(self):
        order = self._confirm_order(commitment_date="2030-06-10 04:00:00")
        # 23:59 and 00:01 in Shanghai
        with freeze_time("2030-06-10 15:59:00"):
            self.assertEqual(self._states(order)["shipment"], "current")
            self.assertFalse(self._row(order).is_late)
        with freeze_time("2030-06-10 16:01:00"):
            self.assertEqual(self._states(order)["shipment"], "late")
            self.assertEqual(self._lines(order)[0]["state"], "late")
            self.assertTrue(self._row(order).is_late)

    def test_expected_after_the_promise_is_late_before_the_day(self):
        order = self._confirm_order(commitment_date=self._in_days(5))
        order.picking_ids.sudo().scheduled_date = self._in_days(5, hour=10)
        self.assertEqual(self._states(order)["shipment"], "current")
        order.picking_ids.sudo().scheduled_date = self._in_days(6)
        self.assertEqual(self._states(order)["shipment"], "late")
        self.assertEqual(self._step(order, "shipment")["expected"], self._in_days(6))
        self.assertTrue(self._row(order).is_late)

    def test_order_promised_for_today_is_not_late(self):
        order = self._confirm_order()
        self.assertEqual(self._states(order)["shipment"], "current")
        self.assertFalse(self._row(order).is_late)

    def test_cancelled(self):
        order = self._confirm_order(commitment_date=self._in_days(-1))
        order._action_cancel()
        states = self._states(order)
        self.assertEqual(
            (states["confirmed"], states["complete"], states["cancelled"]),
            ("skipped", "skipped", "done"),
        )
        row = self._row(order)
        self.assertEqual((row.phase, row.is_late), ("cancelled", False))
        self.assertTrue(row.was_confirmed)

    def test_picking_in_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._confirm_order(commitment_date=self._in_days(3))
        pick = order.picking_ids.filtered(
            lambda picking: picking.picking_type_id == self.warehouse.pick_type_id
        )
        states = self._states(order)
        self.assertEqual(
            (states["picking"], states["shipment"]), ("current", "waiting")
        )
        self.assertEqual(self._row(order).phase, "shipment")
        self._ship(pick)
        states = self._states(order)
        self.assertEqual((states["picking"], states["shipment"]), ("done", "current"))
        self.assertEqual(self._lines(order)[0]["shipped"], 0.0)
        self._ship(order.picking_ids - pick)
        self.assertEqual(self._states(order)["complete"], "done")

    def test_waits_for_goods_until_what_is_on_its_way_comes(self):
        hat = self.env["product.product"].create({"name": "Hat", "is_storable": True})
        order = self._confirm_order(
            {"product_id": hat.id}, commitment_date=self._in_days(5)
        )
        self.assertEqual(self._row(order).phase, "goods")
        receipt = self._receive(hat, 6.0, self._in_days(7))
        self.assertEqual(self._states(order)["shipment"], "current")  # 6 of 10
        self._receive(hat, 4.0, self._in_days(9))
        self.assertEqual(self._lines(order)[0]["expected"], self._in_days(9))
        self.assertEqual(self._states(order)["shipment"], "late")
        self._receive(hat, 10.0, self._in_days(8))
        self.assertEqual(self._lines(order)[0]["expected"], self._in_days(8))
        receipt.move_ids.picked = True
        receipt._action_done()
        self.assertEqual(self._lines(order)[0]["expected"], self._in_days(8))

    def _receive(self, product, quantity, date):
        supplier = self.env.ref("stock.stock_location_suppliers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": supplier.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "scheduled_date": date,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "date": date,
                            "location_id": supplier.id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.date = date
        return picking

    def test_return(self):
        order = self._confirm_order()
        picking = self._ship(order.picking_ids)
        wizard = (
            self.env["stock.return.picking"]
            .sudo()
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 3.0
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertEqual(self._states(order)["return"], "current")
        self._ship(back)
        (line,) = self._lines(order)
        self.assertEqual(
            (line["shipped"], line["delivered"], line["returned"]), (10.0, 7.0, 3.0)
        )
        self.assertEqual(set(self._states(order).values()), {"done"})
        self.assertEqual(self._row(order).phase, "complete")

    def test_services_count_when_they_are_invoiced_by_delivery(self):
        self.service_product.sudo().invoice_policy = "order"
        order = self._confirm_order({}, {"product_id": self.service_product.id})
        self._ship(order.picking_ids)
        self.assertEqual(self._states(order)["complete"], "done")
        self.service_product.sudo().invoice_policy = "delivery"
        states = self._states(order)
        self.assertEqual(
            (states["service"], states["complete"]), ("current", "waiting")
        )
        self.assertEqual(self._row(order).phase, "shipment")
        self.assertEqual(self._row(order).share, 50.0)
        order.order_line[1].qty_delivered = 10.0
        self.assertEqual(self._states(order)["complete"], "done")
        self.assertEqual(self._row(order).phase, "complete")

    def test_approval_is_for_staff_only(self):
        self.company.document_approval_mode = "enforce"
        order = self._create_order({"product_id": self.goods.id})
        order.action_submit_for_approval()
        self.assertEqual(self._row(order).phase, "review")
        approved = self._step(order, "approved")
        self.assertEqual(
            (approved["state"], approved["audience"]), ("current", "staff")
        )
        self.assertIn(self.departments["sales"].name, approved["internal"])
        public = order._handover_public_steps(self._steps(order))
        self.assertNotIn("approved", [step["code"] for step in public])
        self.assertNotIn(self.departments["sales"].name, str(public))
        self._approve(order)
        self.assertEqual(self._step(order, "approved")["state"], "done")

    def test_public_steps_hold_nothing_that_is_not_listed(self):
        order = self._confirm_order()
        step = order._handover_make_step("x", "X", internal="secret", price=7)
        step["lines"] = [{"line_id": 1, "cost": "secret"}]
        (public,) = order._handover_public_steps([step])
        self.assertNotIn("secret", str(public))
        self.assertNotIn("price", public)
        self.assertEqual(public["lines"], [{"line_id": 1}])

    # Lists and rights ---------------------------------------------------------------

    def test_number_of_queries_does_not_depend_on_the_orders(self):
        orders = self._confirm_orders(40)
        for order in orders[:3]:
            self._ship(order.picking_ids, [1.0, 0.0])
        counts = []
        # the last one waits for goods: 120 pieces ordered, 100 in stock
        for some in (orders[-1], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some._handover_get_steps()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[0], 25)
        self.assertEqual(counts[0], counts[1])
        for some in (orders[:1], orders):
            self.env.invalidate_all()
            with self.assertQueryCount(4):  # companies, their zone; all the rows
                self.env["order.progress"].browse(some.ids).mapped("phase")

    def test_who_sees_the_list(self):
        order = self._confirm_order()
        rows = self.env["order.progress"]
        row = rows.with_user(self.salesman).browse(order.id)
        self.assertEqual(row.name, order.name)
        self.assertIn("o_order_progress", row.timeline)
        row = rows.with_user(self.coordinator).browse(order.id)
        self.assertIn("Shirt", row.timeline)
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        self.assertFalse(rows.with_user(colleague).search([("id", "=", order.id)]))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            rows.with_user(colleague).browse(order.id).mapped("timeline")
        with self.assertRaises(AccessError):
            rows.with_user(self.keeper).browse(order.id).mapped("name")
        with self.assertRaises(AccessError):
            order.with_user(colleague).action_handover_progress()

    def test_company_separation(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        stranger = self._create_user("stranger", "order_handover.group_officer")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        order = self._confirm_order()
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["order.progress"].with_user(stranger)
        self.assertFalse(rows.search([("id", "=", order.id)]))
        with self.assertRaises(AccessError):
            rows.browse(order.id).mapped("timeline")

    def test_rows_are_not_written(self):
        order = self._confirm_order()
        for user in (self.salesman, self.coordinator):
            row = self.env["order.progress"].with_user(user).browse(order.id)
            with self.assertRaises(AccessError):
                row.write({"name": "X"})

    def test_late_ones_come_first(self):
        soon = self._confirm_order(commitment_date=self._in_days(2))
        late = self._confirm_order(commitment_date=self._in_days(4))
        late.picking_ids.sudo().scheduled_date = self._in_days(8)
        self.env.flush_all()
        rows = self.env["order.progress"].search([("id", "in", (soon + late).ids)])
        self.assertEqual(rows.ids, [late.id, soon.id])
