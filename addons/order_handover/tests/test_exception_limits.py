from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_exception import ExceptionCommon


@tagged("post_install", "-at_install")
class TestExceptionLimits(ExceptionCommon):
    """Nothing is given away by a step that was not agreed (SPEC I2)."""

    def test_only_goods_of_the_order_are_replaced(self):
        exception = self._enter()
        other = self._confirm_order().sudo()
        foreign = self._ship(other.picking_ids).move_ids
        free = foreign.copy({"sale_line_id": False, "picking_id": False})
        for values in (
            {"product_id": self.product.id},
            {"product_id": self.product.id, "sale_line_id": False},
            {"product_id": self.product.id, "move_id": self.picking.move_ids.id},
            {"move_id": foreign.id},
            {"move_id": free.id, "sale_line_id": False},
        ):
            for kind in ("replacement", "return"):
                with self.subTest(kind, **values), self._refused("of its order"):
                    exception._take_step(kind, self._goods(1.0, **values))
        with self._refused("of its order"):
            exception._take_step("replacement", self._goods(1e-9))
        # by the window, as the salesman
        wizard = self.env["order.exception.act"].with_user(self.salesman)
        wizard = wizard._create_for(exception)
        wizard.line_ids.product_id = self.product
        with self._refused("of its order"):
            wizard.action_take()

    def test_no_more_is_replaced_than_was_delivered(self):
        with self._refused("At most 10 Units of Shirt"):
            self._enter()._take_step("replacement", self._goods(10.5))
        first = self._enter()._take_step("replacement", self._goods(6.0))
        other = self._enter()
        with self._refused("At most 4 Units of Shirt"):
            other._take_step("replacement", self._goods(5.0))
        # what has left counts even when the rest is given up
        self._ship(first.picking_ids, [1.0])
        (
            first.picking_ids
            - first.move_ids.filtered(lambda m: m.state == "done").picking_id
        ).action_cancel()
        first.with_user(self.salesman)._cancel("one was enough")
        with self._refused("At most 4 Units of Shirt"):
            other._take_step("replacement", self._goods(5.0))
        second = other._take_step("replacement", self._goods(4.0))
        second.picking_ids.action_cancel()
        second.with_user(self.salesman)._cancel("not needed")
        other._take_step("replacement", self._goods(4.0))
        undelivered = self._confirm_order()
        exception = self._enter(order_id=undelivered.id, picking_id=False, line_ids=[])
        with self._refused("At most 0 Units of Shirt"):
            exception._take_step(
                "replacement",
                self._goods(1.0, sale_line_id=undelivered.order_line.id),
            )

    def test_what_came_back_uncharged_is_not_replaced(self):
        exception = self._enter("defective")
        self._ship(exception._take_step("return", self._goods(9.0)).picking_ids)
        with self._refused("At most 1 Units of Shirt"):
            exception._take_step("replacement", self._goods(2.0))

    def test_the_rest_dropped_is_not_done(self):
        step = self._enter()._take_step("replacement", self._goods(10.0))
        move = step.move_ids.with_user(self.keeper)
        move.quantity = 1.0
        move.picked = True
        move.picking_id.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=move.picking_id.ids
        ).button_validate()
        self.assertEqual(move.state, "done")
        self.assertFalse(
            step.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        )
        self.assertEqual(step.state, "running")
        self._inform(step.exception_id.with_user(self.salesman))
        with self._refused("Not done yet"):
            step.exception_id.with_user(self.salesman).action_close()
        step.with_user(self.salesman)._cancel("one was enough")
        self.assertEqual(step.state, "cancelled")

    def test_nothing_is_put_under_a_step(self):
        step = self._enter()._take_step("replacement", self._goods(2.0))
        move = step.move_ids.with_user(self.keeper)
        for values in (
            {"product_id": self.product.id},
            {"sale_line_id": self._confirm_order().order_line.id},
            {"picking_type_id": self.warehouse.int_type_id.id},
        ):
            with self.subTest(**values), self.assertRaises(AccessError):
                move.copy({"handover_step_id": step.id, **values})
        # other goods in place of what was agreed
        other = self.product.sudo().create({"name": "Watch", "is_storable": True})
        move.product_id = other
        self._put_in_stock(other, 5.0)
        with self._refused("at most 0 Units of"):
            self._ship(move.picking_id)

    def test_nothing_leaves_for_a_cancelled_replacement(self):
        step = self._enter()._take_step("replacement", self._goods(2.0))
        move = step.move_ids
        move.picking_id.action_cancel()
        step.with_user(self.salesman)._cancel("found again")
        move.with_user(self.keeper).write({"state": "confirmed"})
        with self._refused("was cancelled"):
            self._ship(move.picking_id)

    def test_windows_are_ones_own(self):
        exception = self._enter()
        wizard = self.env["order.exception.act"].with_user(self.salesman)
        wizard = wizard._create_for(exception)
        for record in (wizard, wizard.line_ids):
            for operation in ("read", "write"):
                self.assertFalse(
                    record.with_user(self.other_salesman).has_access(operation)
                )
        with self.assertRaises(AccessError):
            wizard.with_user(self.other_salesman).action_take()
        with self.assertRaises(AccessError):
            self.env["order.exception.act.line"].with_user(self.other_salesman).create(
                {"wizard_id": wizard.id, "product_id": self.goods.id}
            )
        outsider = self._create_user("outsider")
        inform = self.env["order.exception.inform"].with_user(outsider)
        inform = inform.create({"exception_id": exception.id})
        self.assertFalse(inform.receiver or inform.subject or inform.body)
        own = self.env["order.exception.inform"].with_user(self.salesman)
        own = own.create({"exception_id": exception.id})
        self.assertIn(self.partner.name, own.receiver)
        self.assertTrue(own.subject)
        step = exception._take_step("replacement", self._goods(1.0))
        self.assertTrue(step.line_ids.with_user(self.salesman).has_access("read"))
        self.assertFalse(step.line_ids.with_user(outsider).has_access("read"))

    def test_price_reductions_of_the_order_count(self):
        self.line.sudo().tax_ids = False
        self._invoice()
        self._enter()._take_step("price", self._goods(10.0), amount=900.0)
        other = self._enter("defective")
        with self._refused("at most .*100.00"):
            other._take_step("price", self._goods(10.0), amount=100.01)
        other._take_step("price", self._goods(10.0), amount=100.0)

    def test_goods_of_a_closed_exception(self):
        exception = self._enter()
        line = exception.line_ids
        other = self._confirm_order()
        with self._refused("belong to its order"):
            line.sale_line_id = other.order_line
        with self._refused("belong to its order"):
            line.create(
                {"exception_id": exception.id, "sale_line_id": other.order_line.id}
            )
        with self._refused("stay with their exception"):
            line.exception_id = self._enter()
        self._inform(exception)
        exception.result = "Miscounted."
        exception.action_close()
        with self._refused("Open it again"):
            line.quantity = 1.0
        with self._refused("Open it again"):
            line.unlink()
        with self._refused("Open it again"):
            line.create({"exception_id": exception.id, "sale_line_id": self.line.id})

    def test_without_kinds(self):
        late = self._confirm_order().sudo().picking_ids
        late.move_ids.date_deadline = "2026-03-01 00:00:00"
        self.company.handover_late_days = 3
        self.env["order.exception.kind"].sudo().search([]).unlink()
        exceptions = self.env["order.exception"]
        lines = [{"sale_line_id": self.line.id, "quantity": 1.0}]
        with mute_logger("odoo.addons.order_handover.models.order_exception_actions"):
            found = exceptions._create_from_rejection(self.order, lines)
            self.assertFalse(found)
            self.assertFalse(exceptions.sudo()._note_late_deliveries(self.company))
