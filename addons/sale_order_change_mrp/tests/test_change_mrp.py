from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_order_change.tests.common import SCAN, OrderChangeCommon


@tagged("post_install", "-at_install")
class TestChangeMrp(OrderChangeCommon):
    """What is made to order becomes less or more with the order, or is named (J2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.order.warehouse_id.sudo()
        cls.warehouse.mto_pull_id.route_id.active = True
        cls.maker, cls.machinist = cls._create_users(
            {"maker": "mrp.group_mrp_user", "machinist": "mrp.group_mrp_manager"}
        )
        cls.departments["production"].write(
            {"member_ids": [Command.link(cls.maker.id)], "head_id": cls.maker.id}
        )
        cls.wood = cls._create_product(name="Wood", is_storable=True)
        cls._stock(cls.wood, 1000.0)
        routes = (
            cls.warehouse.mto_pull_id.route_id
            | cls.warehouse.manufacture_pull_id.route_id
        )
        cls.shelf = cls._create_product(
            name="Shelf",
            is_storable=True,
            list_price=50.0,
            taxes_id=False,
            route_ids=[Command.set(routes.ids)],
        )
        cls._bom(cls.shelf, (cls.wood, 2))

    @classmethod
    def _stock(cls, product, quantity):
        cls.env["stock.quant"].sudo()._update_available_quantity(
            product, cls.warehouse.lot_stock_id, quantity
        )

    @classmethod
    def _bom(cls, product, *parts, bom_type="normal"):
        return (
            cls.env["mrp.bom"]
            .sudo()
            .create(
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "type": bom_type,
                    "bom_line_ids": [
                        Command.create({"product_id": part.id, "product_qty": quantity})
                        for part, quantity in parts
                    ],
                }
            )
        )

    def _made(self, quantity=10.0, product=None):
        order = self._confirmed(
            {"product_id": (product or self.shelf).id, "product_uom_qty": quantity}
        )
        return order, self._productions(order)

    def _productions(self, order):
        return (
            self.env["mrp.production"]
            .sudo()
            .search([("sale_line_id", "in", order.order_line.ids)], order="id")
        )

    def _begin(self, production):
        """Make one piece of it."""
        production.qty_producing = 1.0
        production._set_qty_producing()
        self.assertEqual(production.state, "progress")

    def _complete(self, order):
        """Make and ship everything that is open."""
        for production in self._productions(order):
            if production.state not in ("done", "cancel"):
                production.qty_producing = production.product_qty
                production._set_qty_producing()
                production.move_raw_ids.picked = True
                production.button_mark_done()
        for _step in range(6):
            for picking in order.sudo().picking_ids:
                if picking.state not in ("done", "cancel"):
                    picking.action_assign()
                if picking.state == "assigned":
                    picking.move_ids.picked = True
                    picking.with_context(skip_backorder=True).button_validate()

    def _told(self, production):
        return production.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("mail.mail_activity_data_warning")
            )
        ).user_id

    def _plan_text(self, change):
        return "\n".join(
            change.sudo()._get_fact_text(code, values)
            for code, values in change.sudo()._get_facts()["plan"]
        )

    # Changes -----------------------------------------------------------------------

    def test_less(self):
        order, production = self._made()
        change = self._request(order=order)
        change.line_ids.quantity = 6.0
        text = self._plan_text(change)
        self.assertIn(f"{production.name} (Confirmed), 10.00 → 6.00", text)
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual((production.state, production.product_qty), ("confirmed", 6.0))
        self.assertEqual(production.move_raw_ids.product_uom_qty, 12.0)
        self.assertEqual(self._told(production), self.maker)
        self._complete(order)
        self.assertEqual(order.order_line.qty_delivered, 6.0)
        self.assertEqual(self.shelf.qty_available, 0.0)

    def test_there_and_back(self):
        """10, 6 and 10 again are 10: Odoo would have made 14, and shipped 6."""
        for way in ("ship_only", "pick_pack_ship"):
            self.warehouse.delivery_steps = way
            order, production = self._made()
            for quantity in (6.0, 10.0):
                change = self._quick(order, {order.order_line: quantity})
                self.assertEqual(change.state, "applied", change.error)
                self.assertEqual(production.product_qty, quantity)
            self.assertEqual(self._productions(order), production)
            self._complete(order)
            self.assertEqual(order.order_line.qty_delivered, 10.0)

    def test_more_is_made_and_shipped(self):
        order, production = self._made()
        change = self._quick(order, {order.order_line: 14.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(production.product_qty, 14.0)
        self._complete(order)
        self.assertEqual(order.order_line.qty_delivered, 14.0)

    def test_taken_out(self):
        order, production = self._made()
        change = self._quick(order, {order.order_line: 0.0}, new=[(self.lamp, 1.0)])
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(production.state, "cancel")
        self.assertEqual(self._demand(order), {self.lamp: 1.0})

    def test_what_has_begun_stays_and_is_named(self):
        order, production = self._made()
        self._begin(production)
        change = self._request(order=order)
        change.line_ids.quantity = 6.0
        (finding,) = [
            finding
            for finding in change._approval_findings()[change.id]
            if finding["code"] == "production_stays"
        ]
        self.assertEqual(finding["department"], "production")
        self.assertIn(production.name, change._approval_finding_message(finding))
        self.assertIn("goes on as it is", change._approval_finding_message(finding))
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(production.product_qty, 10.0)
        self.assertEqual(self._told(production), self.maker)

    def test_who_is_entered_is_told(self):
        order, production = self._made()
        self._begin(production)
        production.user_id = self.machinist
        self._quick(order, {order.order_line: 6.0})
        self.assertEqual(self._told(production), self.machinist)

    def test_the_latest_becomes_less_first(self):
        """The first has begun: what was added for the order ends, nothing stays."""
        order, first = self._made()
        self._begin(first)
        self._quick(order, {order.order_line: 14.0})
        second = self._productions(order) - first
        self.assertEqual(second.product_qty, 4.0)
        change = self._request(order=order)
        change.line_ids.quantity = 10.0
        codes = [f["code"] for f in change._approval_findings()[change.id]]
        self.assertNotIn("production_stays", codes)
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual((first.product_qty, second.state), (10.0, "cancel"))
        self._complete(order)
        self.assertEqual(order.order_line.qty_delivered, 10.0)

    def test_what_is_for_others_too_stays(self):
        order, production = self._made()
        other, _second = self._made()
        moves = other.sudo().order_line.move_ids
        production.move_finished_ids.move_dest_ids |= moves
        change = self._quick(order, {order.order_line: 6.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(production.product_qty, 10.0)
        self.assertEqual(self._told(production), self.maker)

    def test_a_price_concerns_nobody_in_production(self):
        order, production = self._made()
        change = self._request(order=order)
        change.line_ids.price_unit = 49.0
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertFalse(production.activity_ids)

    # Cancellations -----------------------------------------------------------------

    def test_cancelled_before_it_began(self):
        order, production = self._made()
        change = self._request("cancel", order=order)
        self.assertFalse(change.needs_agreement)
        self.assertIn("10.00 → 0.00", self._plan_text(change))
        self._approve_change(change)
        self.assertEqual((change.state, order.state), ("applied", "cancel"))
        self.assertEqual(production.state, "cancel")

    def test_cancelled_after_it_began(self):
        """Then the customer has to agree to a compensation; the goods stay (J3)."""
        order, production = self._made()
        self._begin(production)
        change = self._request("cancel", order=order)
        self.assertTrue(change.needs_agreement)
        self.assertIn(production.name, change.execution)
        with self.assertRaisesRegex(UserError, "write a compensation plan"):
            change.action_submit_for_approval()
        change.write(
            {"compensation": "Half the price", "compensation_payer": "customer"}
        )
        change._agree("scan", "Wang", SCAN)
        self._approve_change(change)
        self.assertEqual((change.state, order.state), ("applied", "cancel"))
        self.assertEqual(production.state, "progress")
        self.assertEqual(self._told(production), self.maker)

    def test_begun_while_in_review(self):
        order, production = self._made()
        change = self._request("cancel", order=order)
        change.action_submit_for_approval()
        self._begin(production)
        self._decide(change)
        self.assertEqual((change.state, order.state), ("failed", "sale"))
        self.assertIn("has begun", change.error)
        self.assertEqual(production.product_qty, 10.0)

    # Kits --------------------------------------------------------------------------

    def test_kits(self):
        kit = self._create_product(
            name="Set", is_storable=False, list_price=200.0, taxes_id=False
        )
        board, leg = (
            self._create_product(name=name, is_storable=True) for name in ("B", "L")
        )
        self._bom(kit, (board, 1), (leg, 4), bom_type="phantom")
        order = self._confirmed({"product_id": kit.id, "product_uom_qty": 5.0})
        # three boards leave, the legs do not: no kit is delivered
        moves = order.sudo().order_line.move_ids
        for move in moves:
            quantity = 3.0 if move.product_id == board else 0.0
            move.write({"quantity": quantity, "picked": bool(quantity)})
        moves.picking_id.with_context(skip_backorder=True).button_validate()
        self.assertEqual(order.order_line.qty_delivered, 0.0)
        change = self._request(order=order)
        change.line_ids.quantity = 2.0
        with self.assertRaisesRegex(UserError, r"not less than 3\.00 Units shipped"):
            change.action_submit_for_approval()
        change.line_ids.quantity = 3.0
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self._demand(order), {leg: 12.0})
