from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HandoverCommon


class ReleaseCommon(HandoverCommon):
    """An order type whose deliveries are confirmed and checked; two storekeepers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checker = cls._create_user("checker", "stock.group_stock_user")
        cls.strict = (
            cls.env["sale.order.type"]
            .sudo()
            .create(
                {
                    "name": "Strict",
                    "company_id": cls.company.id,
                    "handover_confirm_shipping": True,
                    "handover_check_delivery": True,
                }
            )
        )
        cls.order = cls._confirm_order(policy_type_id=cls.strict.id)
        cls.picking = cls.order.sudo().picking_ids
        cls.items = cls.env["order.shipping.check.item"].sudo()._get_for(cls.company)

    def _confirm(self, picking=None, user=None):
        picking = picking or self.picking
        picking.with_user(user or self.salesman).action_handover_confirm()

    def _check(self, picking=None, user=None, items=None):
        picking = (picking or self.picking).with_user(user or self.checker)
        action = picking.action_handover_check()
        wizard = self.env[action["res_model"]].with_user(user or self.checker)
        wizard = wizard.browse(action["res_id"])
        for line in wizard.line_ids:
            line.is_checked = items is None or line.item_id in items
        wizard.action_check()

    def _validate(self, picking=None, user=None):
        picking = (picking or self.picking).with_user(user or self.keeper)
        picking.with_context(skip_backorder=True).button_validate()
        return picking.state

    def _assert_stopped(self, words, picking=None, user=None):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._validate(picking, user)
        self.assertRegex(str(caught.exception), words)
        self.env.invalidate_all()
        self.assertNotEqual((picking or self.picking).state, "done")


@tagged("post_install", "-at_install")
class TestShippingRelease(ReleaseCommon):
    """Nothing leaves before it was confirmed and checked (SPEC H2)."""

    def test_confirmed_and_checked(self):
        self.assertEqual(self.picking.handover_shipping_state, "confirm")
        self._assert_stopped("Salesman has to confirm the shipping data")
        self._confirm()
        self.assertEqual(self.picking.handover_shipping_state, "check")
        self._assert_stopped("A second person")
        self._check()
        self.assertEqual(self.picking.handover_shipping_state, "ready")
        self.assertEqual(self._validate(), "done")
        self.assertEqual(self.picking.handover_confirmed_by_id, self.salesman)
        self.assertEqual(self.picking.handover_checked_by_id, self.checker)
        self.assertEqual(
            self.picking.handover_checked_items.count("\n"), len(self.items) - 1
        )

    def test_ordinary_types_are_not_stopped(self):
        order = self._confirm_order()
        self.assertEqual(order.picking_ids.handover_shipping_state, "none")
        self.assertEqual(self._validate(order.sudo().picking_ids), "done")

    def test_salesperson_is_asked_when_ready(self):
        activity = self.picking.activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.picking.with_user(self.keeper).action_assign()
        self.assertEqual(len(self.picking.activity_ids), 1)
        self._confirm()
        self.assertFalse(self.picking.activity_ids)

    def test_who_confirms(self):
        for user in (self.keeper, self.other_salesman, self.coordinator):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._confirm(user=user)
        # who names himself salesperson is none for that
        self.order.with_user(self.keeper).user_id = self.keeper
        with self.assertRaises(AccessError):
            self._confirm(user=self.keeper)
        self._confirm(user=self.manager)

    def test_who_checks(self):
        self.manager.sudo().group_ids += self.env.ref("stock.group_stock_user")
        self._confirm(user=self.manager)
        with self.assertRaisesRegex(UserError, "confirmed the shipping data"):
            self._check(user=self.manager)
        self.picking.with_user(self.keeper).move_ids.picked = True
        with self.assertRaisesRegex(UserError, "You have prepared"):
            self._check(user=self.keeper)
        with self.assertRaises(AccessError):
            self._check(user=self.coordinator)
        # who reads deliveries checks them as a coordinator, not as a salesperson
        accounting = "account.group_account_invoice"
        with self.assertRaisesRegex(UserError, "people of the warehouse"):
            self._check(user=self._create_user("clerk", accounting))
        self.coordinator.sudo().group_ids += self.env.ref(accounting)
        self._check(user=self.coordinator)
        self.assertEqual(self._validate(), "done")

    def test_who_checked_does_not_validate(self):
        self._confirm()
        self._check()
        self._assert_stopped("You have checked this delivery", user=self.checker)
        self.assertEqual(self._validate(user=self.keeper), "done")

    def test_who_checked_does_not_prepare_afterwards(self):
        self._confirm()
        self._check()
        self.picking.with_user(self.checker).move_ids.picked = True
        self._assert_stopped("both prepared and checked", user=self.keeper)

    def test_every_item_is_ticked(self):
        self._confirm()
        with self.assertRaisesRegex(UserError, "Every item"):
            self._check(items=self.items[1:])
        self.assertFalse(self.picking.handover_checked_by_id)
        self.items.action_archive()
        self._check()
        self.assertEqual(self._validate(), "done")

    def test_check_of_what_changed_meanwhile(self):
        self._confirm()
        action = self.picking.with_user(self.checker).action_handover_check()
        self.picking.move_ids.with_user(self.keeper).quantity = 9.0
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.line_ids.is_checked = True
        with self.assertRaisesRegex(UserError, "changed while you were checking"):
            wizard.with_user(self.checker).action_check()

    def test_changes_make_it_void(self):
        elsewhere = self.env["res.partner"].create(
            {"name": "Elsewhere", "street": "9 Other Road", "phone": "999"}
        )
        self._confirm()
        self._check()
        picking = self.picking.with_user(self.keeper)
        changes = {
            "address": lambda: picking.write({"partner_id": elsewhere.id}),
            "address of the partner": lambda: self.partner.write({"street": "8"}),
            "phone": lambda: self.partner.write({"phone": "+86 10 1234"}),
            "date": lambda: picking.write({"scheduled_date": "2031-01-01 12:00:00"}),
            "quantity": lambda: picking.move_ids.write({"quantity": 9.0}),
            "more": lambda: picking.move_ids.write({"quantity": 12.0}),
            "lines": lambda: picking.move_line_ids.write({"quantity": 4.0}),
        }
        for name, change in changes.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                change()
                self.assertIn(
                    "Changed since Salesman", self.picking.handover_shipping_text
                )
                with self.assertRaisesRegex(UserError, "confirmed again"):
                    self._validate()
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self._validate(), "done")

    def test_check_does_not_outlive_a_new_confirmation(self):
        self._confirm()
        self._check()
        self.picking.move_ids.with_user(self.keeper).quantity = 8.0
        self._confirm()
        self._assert_stopped(r"checked the delivery: Shirt \(10 → 8\)")
        self._check()
        self.assertEqual(self._validate(), "done")

    def test_backorder_needs_its_own(self):
        self.picking.move_ids.with_user(self.keeper).quantity = 6.0
        self._confirm()
        self._check()
        self.assertEqual(self._validate(), "done")
        rest = self.picking.backorder_ids
        self.assertEqual(rest.move_ids.product_uom_qty, 4.0)
        self.assertFalse(rest.handover_confirmed_by_id)
        rest.action_assign()
        self._assert_stopped("has to confirm", picking=rest)

    def test_only_confirmation_asked_for(self):
        self.strict.handover_check_delivery = False
        self._confirm()
        self.assertEqual(self._validate(), "done")

    def test_only_check_asked_for(self):
        self.strict.handover_confirm_shipping = False
        self._assert_stopped("second person")
        self._check()
        self.picking.move_ids.with_user(self.keeper).quantity = 9.0
        self._assert_stopped("has to be checked again")

    # Routes around ------------------------------------------------------------------

    def test_kept_fields_are_kept(self):
        kept = {
            "handover_confirmed_by_id": self.salesman.id,
            "handover_confirmed_on": "2026-01-01",
            "handover_confirmed_fingerprint": "x",
            "handover_confirmed_data": {"header": {}, "lines": {}},
            "handover_checked_by_id": self.checker.id,
            "handover_checked_fingerprint": "x",
            "handover_prepared_by_ids": [Command.clear()],
        }
        for name, value in kept.items():
            for picking in (self.picking.with_user(self.keeper), self.picking):
                with self.subTest(name), self.assertRaises(AccessError):
                    picking.write({name: value})
            with self.subTest(f"create {name}"), self.assertRaises(AccessError):
                self.picking.with_user(self.keeper).copy({name: value})

    def test_defaults_confirm_nothing(self):
        self._confirm()
        self._check()
        defaults = self.env["ir.default"].with_user(self.keeper)
        for name in ("handover_confirmed_fingerprint", "handover_checked_fingerprint"):
            defaults.set("stock.picking", name, self.picking[name], user_id=True)
        other = self.picking.with_user(self.keeper).copy()
        self.assertFalse(other.handover_confirmed_fingerprint)
        self.assertFalse(other.handover_checked_by_id)

    def test_routes_around_the_button(self):
        picking = self.picking.with_user(self.keeper)
        moves = picking.move_ids
        moves.picked = True
        routes = {
            "transfer": lambda: picking._action_done(),
            "move": lambda: moves._action_done(),
            "state": lambda: moves.write({"state": "done"}),
            "flag": lambda: picking.with_context(
                skip_backorder=True, skip_sanity_check=True, no_check=True
            ).button_validate(),
            "superuser": lambda: picking.sudo()._action_done(),
        }
        for name, route in routes.items():
            with self.subTest(name), self.assertRaises(UserError):
                route()
            self.env.invalidate_all()
            self.assertEqual(moves.state, "assigned")
        self.assertEqual(self.goods.qty_available, 100.0)

    def test_several_at_once(self):
        other = self._confirm_order().sudo().picking_ids
        with self.assertRaisesRegex(UserError, self.picking.name):
            self._validate(self.picking | other)
        self.assertEqual(other.state, "assigned")

    def test_more_on_a_done_delivery(self):
        self._confirm()
        self._check()
        self._validate()
        picking = self.picking.with_user(self.keeper)
        picking.action_toggle_is_locked()
        line = picking.move_line_ids
        attempts = {
            "line": lambda: line.write({"quantity": 11.0}),
            "move": lambda: picking.move_ids.write({"quantity": 11.0}),
            "new line": lambda: self.env["stock.move.line"]
            .with_user(self.keeper)
            .create(
                {
                    "move_id": picking.move_ids.id,
                    "picking_id": picking.id,
                    "product_id": self.goods.id,
                    "quantity": 1.0,
                    "location_id": line.location_id.id,
                    "location_dest_id": line.location_dest_id.id,
                }
            ),
            "line without a move": lambda: self.env["stock.move.line"]
            .with_user(self.keeper)
            .create(
                {
                    "picking_id": picking.id,
                    "product_id": self.product.id,
                    "quantity": 1.0,
                    "location_id": line.location_id.id,
                    "location_dest_id": line.location_dest_id.id,
                }
            ),
        }
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "cannot leave"):
                with self.env.cr.savepoint():
                    attempt()
            self.env.invalidate_all()
        line.quantity = 9.0  # less left than was thought
        self.assertEqual(self.order.order_line.qty_delivered, 9.0)

    def test_sent_elsewhere_and_then_to_the_customer(self):
        move = self.picking.move_ids.with_user(self.keeper)
        customers = move.location_dest_id
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        move.location_dest_id = shelf
        move.location_final_id = False
        move.move_line_ids.location_dest_id = shelf
        self.assertEqual(self._validate(), "done", "it has not left")
        self.picking.with_user(self.keeper).action_toggle_is_locked()
        for record in (move, move.move_line_ids):
            with self.subTest(record._name), self.assertRaises(UserError):
                record.location_dest_id = customers
        self.env.invalidate_all()
        self.assertEqual(self.order.order_line.qty_delivered, 0.0)

    def test_split_off(self):
        self._confirm()
        self._check()
        move = self.picking.move_ids.with_user(self.keeper)
        other = self.picking.with_user(self.keeper).copy({"move_ids": []})
        move.picking_id = other
        self.picking.move_ids.flush_recordset()
        self._assert_stopped("has to confirm", picking=other)

    def test_taken_off_the_order(self):
        picking = self.picking.with_user(self.keeper)
        with self.assertRaisesRegex(UserError, "cannot be taken off"):
            picking.move_ids.sale_line_id = False
        with self.assertRaisesRegex(UserError, "cannot be taken off"):
            picking.sale_id = False
        with self.assertRaisesRegex(UserError, "cannot be taken off"):
            picking.move_ids.product_id = self.product
        with self.assertRaisesRegex(UserError, "asks for less"):
            self.order.with_user(self.keeper).policy_type_id = self.env[
                "sale.order.type"
            ].search([("id", "!=", self.strict.id)], limit=1)

    def test_taken_off_the_order_while_it_leads_elsewhere(self):
        move = self.picking.move_ids.with_user(self.keeper)
        move.location_dest_id = self.warehouse.lot_stock_id
        with self.assertRaisesRegex(UserError, "cannot be taken off"):
            move.sale_line_id = False
        with self.assertRaisesRegex(UserError, "cannot be taken off"):
            move.picking_id.sale_id = False
        move.location_id = self.env.ref("stock.stock_location_customers")
        with self.assertRaisesRegex(UserError, "cannot be taken off"):
            move.sale_line_id = self._confirm_order().order_line
        for state in ("draft", "cancel"):
            move.state = state
            with self.assertRaisesRegex(UserError, "cannot be taken off"):
                move.sale_line_id = False

    def test_address_changed_while_it_leads_elsewhere(self):
        self._confirm()
        self._check()
        move = self.picking.move_ids.with_user(self.keeper)
        customers = move.location_dest_id
        self.picking.partner_id = self.partner.copy({"name": "Elsewhere"})
        move.location_final_id = False
        move.location_dest_id = self.warehouse.lot_stock_id
        move.move_line_ids.location_dest_id = self.warehouse.lot_stock_id
        self.assertEqual(self._validate(), "done", "it has not left")
        self.picking.with_user(self.keeper).action_toggle_is_locked()
        for record in (move, move.move_line_ids):
            with (
                self.subTest(record._name),
                self.assertRaisesRegex(UserError, "Changed since"),
            ):
                record.location_dest_id = customers
            self.env.invalidate_all()

    def test_a_part_is_picked(self):
        order = self._confirm_order(
            {}, {"product_uom_qty": 5.0}, policy_type_id=self.strict.id
        ).sudo()
        picking = order.picking_ids
        line = picking.with_user(self.keeper).move_line_ids.sorted("quantity")[0]
        line.picked = True
        picking.invalidate_recordset()
        self._confirm(picking)
        self.assertEqual(
            picking.handover_confirmed_data["lines"], {str(self.goods.id): "5"}
        )
        self._check(picking)
        self.assertEqual(self._validate(picking), "done")
        self.assertEqual(sum(order.order_line.mapped("qty_delivered")), 5.0)
        self._assert_stopped("has to confirm", picking=order.picking_ids - picking)

    def test_who_picked_does_not_check(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._confirm_order(policy_type_id=self.strict.id).sudo()
        pick = order.picking_ids
        pick.with_user(self.checker).move_ids.picked = True
        self.assertEqual(self._validate(pick), "done")
        self.assertEqual(pick.handover_prepared_by_ids, self.checker)
        out = order.picking_ids - pick
        self._confirm(out)
        with self.assertRaisesRegex(UserError, "You have prepared"):
            self._check(out)
        self._check(out, user=self._create_user("third", "stock.group_stock_user"))
        self.assertEqual(self._validate(out), "done")

    def test_checklists_are_ones_own(self):
        self._confirm()
        action = self.picking.with_user(self.checker).action_handover_check()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        for record in (wizard, wizard.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.keeper).read()
        with self.assertRaises(AccessError):
            wizard.line_ids.with_user(self.keeper).is_checked = True

    def test_returns_and_internal_moves_pass(self):
        self._confirm()
        self._check()
        self._validate()
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.keeper)
            .with_context(active_id=self.picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 3.0
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertEqual(self._validate(back), "done")
        self.assertEqual(self.order.order_line.qty_delivered, 7.0)

    def test_two_steps_only_the_last_one_is_stopped(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._confirm_order(policy_type_id=self.strict.id).sudo()
        pick = order.picking_ids
        self.assertEqual(self._validate(pick), "done")
        out = order.picking_ids - pick
        out.action_assign()
        self._assert_stopped("has to confirm", picking=out)
        self._confirm(out)
        self._check(out)
        self.assertEqual(self._validate(out), "done")

    def test_nothing_ready_is_not_confirmed(self):
        self.picking.do_unreserve()
        with self.assertRaisesRegex(UserError, "Nothing of"):
            self._confirm()

    def test_other_company_does_not_see_it(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        far = self._create_user("far", "sales_team.group_sale_manager")
        far.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            self._confirm(user=far)
