from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_order_change.tests.common import SCAN, OrderChangeCommon


@tagged("post_install", "-at_install")
class TestChangePurchase(OrderChangeCommon):
    """What is bought to order becomes less or more with the order, or is named (J2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.order.warehouse_id.sudo()
        cls.warehouse.mto_pull_id.route_id.active = True
        cls.buyer, cls.purchaser = cls._create_users(
            {
                "buyer": "purchase.group_purchase_user",
                "purchaser": "purchase.group_purchase_manager",
            }
        )
        cls.departments["purchasing"].write(
            {"member_ids": [Command.set(cls.buyer.ids)], "head_id": cls.buyer.id}
        )
        cls.vendor = cls.env["res.partner"].sudo().create({"name": "Vendor"})
        cls.pump = cls._bought_product("Pump")

    @classmethod
    def _bought_product(cls, name, **values):
        routes = cls.warehouse.mto_pull_id.route_id | cls.warehouse.buy_pull_id.route_id
        return cls._create_product(
            name=name,
            list_price=50.0,
            taxes_id=False,
            seller_ids=[Command.create({"partner_id": cls.vendor.id, "price": 30.0})],
            **{"is_storable": True, "route_ids": [Command.set(routes.ids)], **values},
        )

    def _bought(self, quantity=10.0, product=None):
        order = self._confirmed(
            {"product_id": (product or self.pump).id, "product_uom_qty": quantity}
        )
        return order, self._purchases(order)

    def _purchases(self, order):
        return order.order_line.sudo()._change_get_purchases().sorted("id")

    def _receive(self, purchase, quantity):
        picking = purchase.order_id.picking_ids.filtered(
            lambda picking: picking.state != "done"
        )
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()

    def _told(self, purchase):
        warning = self.env.ref("mail.mail_activity_data_warning")
        return purchase.order_id.activity_ids.filtered(
            lambda activity: activity.activity_type_id == warning
        ).user_id

    def _codes(self, change):
        return [finding["code"] for finding in change._approval_findings()[change.id]]

    def _plan_text(self, change):
        return "\n".join(
            change.sudo()._get_fact_text(code, values)
            for code, values in change.sudo()._get_facts()["plan"]
        )

    def _complete(self, order):
        """Buy, receive and ship everything that is open."""
        for purchase in self._purchases(order):
            if purchase.state == "draft":
                purchase.order_id.button_confirm()
            if purchase.qty_received < purchase.product_qty:
                self._receive(purchase, purchase.product_qty - purchase.qty_received)
        for _step in range(6):
            for picking in order.sudo().picking_ids:
                if picking.state not in ("done", "cancel"):
                    picking.action_assign()
                if picking.state == "assigned":
                    picking.move_ids.picked = True
                    picking.with_context(skip_backorder=True).button_validate()

    # Changes -----------------------------------------------------------------------

    def test_request_for_quotation_follows(self):
        for way in ("ship_only", "pick_pack_ship"):
            self.warehouse.delivery_steps = way
            order, purchase = self._bought()
            for quantity, words in ((6.0, "10.00 → 6.00"), (10.0, "bought 6.00")):
                change = self._request(order=order)
                change.line_ids.quantity = quantity
                self.assertIn(words, self._plan_text(change))
                self.assertNotIn("purchase_stays", self._codes(change))
                self._approve_change(change)
                self.assertEqual(change.state, "applied", change.error)
                self.assertEqual(purchase.product_qty, quantity)
            self.assertEqual(self._purchases(order), purchase)
            self._complete(order)
            self.assertEqual(order.order_line.qty_delivered, 10.0)

    def test_what_was_ordered_stays_and_is_named(self):
        order, purchase = self._bought()
        purchase.order_id.button_confirm()
        change = self._request(order=order)
        change.line_ids.quantity = 6.0
        self.assertIn("bought 10.00 Units, received 0.00", self._plan_text(change))
        (finding,) = [
            finding
            for finding in change._approval_findings()[change.id]
            if finding["code"] == "purchase_stays"
        ]
        self.assertEqual(finding["department"], "purchasing")
        text = change._approval_finding_message(finding)
        self.assertIn(f"{purchase.order_id.name}, Vendor (Purchase Order)", text)
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(purchase.product_qty, 10.0)
        self.assertEqual(self._told(purchase), self.buyer)
        self._complete(order)
        self.assertEqual(order.order_line.qty_delivered, 6.0)

    def test_purchasing_has_a_sheet(self):
        self.change_flow.level_ids.seat_ids = [
            Command.create({"department_id": self.departments["purchasing"].id})
        ]
        order, purchase = self._bought()
        change = self._request(order=order)
        change.line_ids.quantity = 6.0
        change.action_submit_for_approval()
        sheet = change.sudo().evaluation_ids.filtered(
            lambda one: one.department_id == self.departments["purchasing"]
        )
        self.assertEqual(sheet.topic, "plan")
        self.assertIn(
            f"{purchase.order_id.name}, Vendor (RFQ), 10.00 → 6.00",
            sheet.with_user(self.buyer).facts_text,
        )

    def test_who_is_entered_is_told(self):
        order, purchase = self._bought()
        purchase.order_id.button_confirm()
        purchase.order_id.user_id = self.purchaser
        self._quick(order, {order.order_line: 6.0})
        self.assertEqual(self._told(purchase), self.purchaser)

    def test_nobody_in_purchasing(self):
        """Then who has the order is told."""
        self.departments["purchasing"].write({"member_ids": [], "head_id": False})
        self.departments["purchasing"].member_ids = [Command.clear()]
        order, purchase = self._bought()
        purchase.order_id.button_confirm()
        self._quick(order, {order.order_line: 6.0})
        self.assertEqual(self._told(purchase), self.salesman)

    def test_what_came_in_is_no_matter_of_the_vendor(self):
        order, purchase = self._bought()
        purchase.order_id.button_confirm()
        self._receive(purchase, 10.0)
        change = self._request(order=order)
        change.line_ids.quantity = 6.0
        self.assertNotIn("purchase_stays", self._codes(change))
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self._demand(order), {self.pump: 6.0})

    def test_the_latest_becomes_less_first(self):
        """The first is ordered: the request for what was added ends, nothing stays."""
        order, first = self._bought()
        first.order_id.button_confirm()
        change = self._quick(order, {order.order_line: 14.0})
        self.assertEqual(change.state, "applied", change.error)
        second = self._purchases(order) - first
        self.assertEqual((second.state, second.product_qty), ("draft", 4.0))
        change = self._request(order=order)
        change.line_ids.quantity = 10.0
        self.assertNotIn("purchase_stays", self._codes(change))
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual((first.product_qty, second.state), (10.0, "cancel"))
        self.assertFalse(self._told(first))
        self._complete(order)
        self.assertEqual(order.order_line.qty_delivered, 10.0)

    def test_collected_requests_of_others_stay(self):
        """Odoo would take 9 off the 5 that another order waits for."""
        self.vendor.group_rfq = "all"
        order, purchase = self._bought()
        purchase.order_id.button_confirm()
        _other, others = self._bought(5.0)
        self.assertNotEqual(others, purchase)
        change = self._quick(order, {order.order_line: 1.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual((purchase.product_qty, others.product_qty), (10.0, 5.0))

    def test_a_collected_request_loses_only_the_own_part(self):
        self.vendor.group_rfq = "all"
        order, purchase = self._bought()
        _other, others = self._bought(5.0)
        self.assertEqual((others, purchase.product_qty), (purchase, 15.0))
        self._quick(order, {order.order_line: 2.0})
        self.assertEqual(purchase.product_qty, 7.0)
        change = self._request("cancel", order=order)
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual((purchase.product_qty, purchase.state), (5.0, "draft"))

    def test_services_bought_for_the_order(self):
        service = self._bought_product(
            "Survey",
            type="service",
            is_storable=False,
            route_ids=False,
            service_to_purchase=True,
        )
        order, purchase = self._bought(8.0, service)
        self.assertEqual((purchase.state, purchase.product_qty), ("draft", 8.0))
        change = self._quick(order, {order.order_line: 3.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(purchase.product_qty, 3.0)
        purchase.order_id.button_confirm()
        change = self._request(order=order)
        change.line_ids.quantity = 2.0
        self.assertIn("purchase_stays", self._codes(change))

    def test_more_and_then_much_less_of_a_collected_request(self):
        """What was added ends, what was ordered stays, nobody else goes short."""
        self.vendor.group_rfq = "all"
        order, first = self._bought()
        first.order_id.button_confirm()
        _other, others = self._bought(5.0)
        self._quick(order, {order.order_line: 14.0})
        self.assertEqual(others.product_qty, 9.0)
        change = self._quick(order, {order.order_line: 5.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual((first.product_qty, others.product_qty), (10.0, 5.0))
        self._complete(order)
        self.assertEqual(order.order_line.qty_delivered, 5.0)

    def test_not_applied_when_somebody_would_go_short(self):
        self.vendor.group_rfq = "all"
        order, purchase = self._bought()
        self._bought(5.0)
        lines = type(order.order_line)
        self.patch(lines, "_change_plan_purchases", lambda *_: ({purchase: 3.0}, 0.0))
        change = self._quick(order, {order.order_line: 8.0})
        self.assertEqual(change.state, "failed")
        self.assertIn("would not bring all", change.error)
        self.assertEqual(purchase.product_qty, 15.0)
        self.assertEqual(order.order_line.product_uom_qty, 10.0)

    # Cancellations -----------------------------------------------------------------

    def test_cancelled_before_it_was_ordered(self):
        order, purchase = self._bought()
        change = self._request("cancel", order=order)
        self.assertFalse(change.needs_agreement)
        self.assertIn("10.00 → 0.00", self._plan_text(change))
        self._approve_change(change)
        self.assertEqual((change.state, order.state), ("applied", "cancel"))
        self.assertEqual(purchase.state, "cancel")

    def test_cancelled_after_it_was_ordered(self):
        """Then the customer has to agree to a compensation; the buyer is told (J3)."""
        order, purchase = self._bought()
        purchase.order_id.button_confirm()
        change = self._request("cancel", order=order)
        self.assertTrue(change.needs_agreement)
        self.assertIn(purchase.order_id.name, change.execution)
        with self.assertRaisesRegex(UserError, "write a compensation plan"):
            change.action_submit_for_approval()
        change.write(
            {"compensation": "Half the price", "compensation_payer": "customer"}
        )
        change._agree("scan", "Wang", SCAN)
        self._approve_change(change)
        self.assertEqual((change.state, order.state), ("applied", "cancel"))
        self.assertEqual((purchase.state, purchase.product_qty), ("purchase", 10.0))
        self.assertEqual(self._told(purchase), self.buyer)
