from contextlib import contextmanager

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.order_handover.uninstall_shipping import (
    leave_shipping_and_exceptions,
)

from .common import HandoverCommon


class ExceptionCommon(HandoverCommon):
    """An order of 10 that was delivered and invoiced; the warehouse has people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods.sudo().invoice_policy = "delivery"
        cls.departments["warehouse"].member_ids = cls.keeper
        cls.order = cls._confirm_order()
        cls.line = cls.order.order_line
        cls.picking = cls._ship(cls.order.sudo().picking_ids)
        cls.kinds = {
            kind.code: kind for kind in cls.env["order.exception.kind"].search([])
        }

    @classmethod
    def _enter(cls, code="short", quantity=2.0, user=None, **values):
        return (
            cls.env["order.exception"]
            .with_user(user or cls.salesman)
            .create(
                {
                    "order_id": cls.order.id,
                    "picking_id": cls.picking.id,
                    "kind_id": cls.kinds[code].id,
                    "description": "Two pieces are missing.",
                    "line_ids": [
                        Command.create(
                            {"sale_line_id": cls.line.id, "quantity": quantity}
                        )
                    ],
                    **values,
                }
            )
        )

    def _goods(self, quantity, **values):
        return [
            {
                "sale_line_id": self.line.id,
                "product_id": self.goods.id,
                "quantity": quantity,
                "product_uom_id": self.goods.uom_id.id,
                **values,
            }
        ]

    @contextmanager
    def _refused(self, words):
        """Expect a refusal, after which nothing of what was done is left."""
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            yield
        self.assertRegex(str(caught.exception), words)
        self.env.invalidate_all()

    def _inform(self, exception, user=None, **values):
        wizard = (
            self.env["order.exception.inform"]
            .with_user(user or self.salesman)
            .create({"exception_id": exception.id, **values})
        )
        wizard.action_inform()

    def _invoice(self):
        invoice = self.order.sudo()._create_invoices()
        invoice.action_post()
        return invoice


@tagged("post_install", "-at_install")
class TestException(ExceptionCommon):
    """Owner, plan, customer told within 24 hours, closed when settled (SPEC I3)."""

    def test_entered(self):
        with freeze_time("2026-03-06 17:30:00"):  # a Friday evening
            exception = self._enter()
        self.assertEqual(exception.company_id, self.company)
        self.assertEqual(exception.user_id, self.keeper)
        self.assertEqual(exception.department_id, self.departments["warehouse"])
        self.assertEqual(exception.partner_id, self.partner)
        self.assertEqual(exception.state, "new")
        self.assertEqual(
            fields.Datetime.to_string(exception.inform_deadline), "2026-03-07 17:30:00"
        )
        self.assertEqual(self.order.handover_open_exception_count, 1)
        self.assertEqual(self.picking.handover_exception_count, 1)

    def test_departments_are_told_at_once(self):
        exception = self._enter("wrong")
        told = exception.sudo().activity_ids.user_id
        # warehouse and sales; logistics has nobody and falls back
        self.assertTrue(self.keeper | self.supervisor <= told)

    def test_informed_by_phone_or_mail(self):
        exception = self._enter()
        with self.assertRaisesRegex(UserError, "note what was said"):
            self._inform(exception, how="phone")
        self._inform(exception, how="phone", note="Spoke with Li, agreed.")
        self.assertEqual(exception.informed_by_id, self.salesman)
        self.assertEqual(exception.informed_note, "Spoke with Li, agreed.")
        other = self._enter()
        self._inform(other)
        self.assertEqual(other.informed_how, "mail")
        message = other.sudo().message_ids.filtered(
            lambda m: m.subtype_id == self.env.ref("mail.mt_comment")
        )
        self.assertIn(self.partner, message.notified_partner_ids)
        self.assertIn(self.order.name, message.subject)
        self.assertNotIn(self.partner, other.sudo().message_partner_ids)
        self.partner.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self._inform(self._enter(), how="mail")

    def test_escalated_once_after_24_hours(self):
        self.company.handover_exception_coordinator_id = self.coordinator
        exceptions = self.env["order.exception"].sudo()
        with freeze_time("2026-03-06 17:30:00"):
            exception = self._enter()
            informed = self._enter()
            self._inform(informed)
        with freeze_time("2026-03-07 17:29:00"):
            self.assertFalse(exceptions._get_to_escalate() & exception)
        with freeze_time("2026-03-07 17:31:00"):
            self.assertTrue(exception.is_inform_overdue)
            found = exceptions._get_to_escalate()
            self.assertIn(exception, found)
            self.assertNotIn(informed, found)
            exception.sudo()._escalate()
            self.assertNotIn(exception, exceptions._get_to_escalate())
        told = exception.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.coordinator
        )
        self.assertEqual(len(told), 1)
        self.assertEqual(told.summary, "Customer not informed within 24 hours")

    def test_closed_only_when_settled(self):
        exception = self._enter()
        with self.assertRaisesRegex(UserError, "has not been informed"):
            exception.action_close()
        self._inform(exception)
        with self.assertRaisesRegex(UserError, "how it was settled"):
            exception.action_close()
        step = exception._take_step("replacement", self._goods(2.0))
        self.assertEqual(exception.state, "working")
        with self.assertRaisesRegex(UserError, "Not done yet: Replacement"):
            exception.action_close()
        with self.assertRaisesRegex(UserError, "Cancel WH/OUT"):
            step.with_user(self.salesman)._cancel("found again")
        step.picking_ids.action_cancel()
        self.assertEqual(step.state, "open")
        with self.assertRaisesRegex(UserError, "say why"):
            step.with_user(self.salesman)._cancel(" ")
        step.with_user(self.salesman)._cancel("found again")
        self.assertEqual(exception.state, "settled")
        with self.assertRaisesRegex(UserError, "how it was settled"):
            exception.action_close()
        exception.result = "The customer had miscounted."
        exception.action_close()
        self.assertEqual(exception.state, "closed")
        self.assertEqual(self.order.handover_open_exception_count, 0)
        with self.assertRaisesRegex(UserError, "Open it again"):
            exception.plan = "more"
        with self.assertRaisesRegex(UserError, "Open it again"):
            exception._take_step("replacement", self._goods(1.0))
        exception.action_reopen()
        self.assertEqual(exception.state, "settled")

    def test_what_the_system_keeps(self):
        exception = self._enter()
        kept = {
            "state": "closed",
            "date_closed": "2026-01-01",
            "informed_on": "2026-01-01",
            "inform_deadline": "2030-01-01",
            "escalated_on": "2026-01-01",
            "order_id": self._confirm_order().id,
            "source": "portal",
            "company_id": self.company.id,
        }
        for name, value in kept.items():
            for record in (exception, exception.sudo()):
                with self.subTest(name), self.assertRaises(AccessError):
                    record.write({name: value})
            if name != "order_id":
                with self.subTest(f"create {name}"), self.assertRaises(AccessError):
                    self._enter(**{name: value})
        with self.assertRaises(UserError):
            exception.sudo().with_context(_force_unlink=True).unlink()

    def test_defaults_close_nothing(self):
        defaults = self.env["ir.default"].with_user(self.salesman)
        defaults.set("order.exception", "date_closed", "2026-01-01", user_id=True)
        defaults.set("order.exception", "informed_on", "2026-01-01", user_id=True)
        defaults.set("order.exception", "state", "closed", user_id=True)
        exception = self._enter()
        self.assertEqual(exception.state, "new")
        self.assertFalse(exception.informed_on)

    def test_steps_are_kept(self):
        exception = self._enter()
        step = exception._take_step("replacement", self._goods(2.0))
        for user in (self.salesman, self.manager, self.keeper):
            with self.subTest(user.name), self.assertRaises(AccessError):
                step.with_user(user).write({"state": "done"})
            with self.subTest(user.name), self.assertRaises(AccessError):
                step.with_user(user).create({"exception_id": exception.id})
        with self.assertRaises(AccessError):
            step.write({"cancel_reason": "x"})
        with self.assertRaises(AccessError):
            step.move_ids.with_user(self.keeper).handover_step_id = False
        with self.assertRaises(UserError):
            step.with_context(_force_unlink=True).unlink()

    def test_who_sees_it(self):
        exception = self._enter()
        for user in (self.keeper, self.salesman, self.coordinator, self.other_salesman):
            self.assertTrue(exception.with_user(user).has_access("write"), user.name)
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        outsider = self._create_user("outsider")
        for user in (stranger, outsider):
            self.assertFalse(exception.with_user(user).has_access("read"), user.name)
            with self.assertRaises(AccessError):
                self._enter(user=user)
        with self.assertRaises(AccessError):
            self._inform(exception, user=stranger, how="phone", note="x")
        with self.assertRaises(AccessError):
            exception.with_user(stranger)._take_step("return", self._goods(1.0))
        # the warehouse enters one for its delivery
        self.assertTrue(self._enter(user=self.keeper))

    def test_goods_of_other_orders(self):
        other = self._confirm_order().sudo()
        with self.assertRaises(ValidationError):
            self._enter(picking_id=other.picking_ids.id)
        with self.assertRaises(ValidationError):
            self._enter(
                line_ids=[Command.create({"sale_line_id": other.order_line.id})]
            )
        with self.assertRaisesRegex(UserError, "goods of its order"):
            self._enter()._take_step(
                "return", self._goods(1.0, sale_line_id=other.order_line.id)
            )

    def test_rejection_on_acceptance(self):
        exception = self.env["order.exception"]._create_from_rejection(
            self.order,
            [
                {
                    "sale_line_id": self.line.id,
                    "move_id": self.picking.move_ids.id,
                    "quantity": 3.0,
                    "note": "stained",
                }
            ],
            picking=self.picking,
            reason="Three are stained.",
        )
        self.assertEqual(exception.source, "acceptance")
        self.assertEqual(exception.kind_id, self.kinds["defective"])
        self.assertEqual(exception.line_ids.product_id, self.goods)
        self.assertIn(self.salesman, exception.activity_ids.user_id)

    def test_late_deliveries_once(self):
        self.company.handover_late_days = 3
        late = self._confirm_order().sudo().picking_ids
        late.move_ids.date_deadline = "2026-03-01 00:00:00"
        exceptions = self.env["order.exception"].sudo()
        with freeze_time("2026-03-03 12:00:00"):
            exceptions._note_late_deliveries(self.company)
            self.assertFalse(late.handover_exception_ids)
        with freeze_time("2026-03-04 12:00:00"):
            exceptions._note_late_deliveries(self.company)
            exceptions._note_late_deliveries(self.company)
        self.assertEqual(late.handover_exception_ids.kind_id, self.kinds["late"])
        self.assertEqual(late.handover_exception_ids.source, "system")
        self.assertFalse(self.picking.handover_exception_ids, "it was delivered")

    def test_uninstall_leaves_the_history_with_the_order(self):
        exception = self._enter()
        step = exception._take_step("replacement", self._goods(2.0))
        move = step.move_ids
        leave_shipping_and_exceptions(self.env(su=True))
        self.assertFalse(exception.exists())
        self.assertFalse(move.handover_step_id)
        self.assertTrue(move.exists())
        file = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", self.order.id),
                ("name", "like", "exceptions"),
            ]
        )
        self.assertIn("Two pieces are missing.", file.raw.decode())

    def test_other_company(self):
        exception = self._enter()
        other = self.env["res.company"].sudo().create({"name": "Other"})
        far = self._create_user("far", "order_handover.group_officer")
        far.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(exception.with_user(far).has_access("read"))
        with self.assertRaises(AccessError):
            self._enter(user=far)


@tagged("post_install", "-at_install")
class TestExceptionSteps(ExceptionCommon):
    """What settles an exception are Odoo's own documents (SPEC I2, H3)."""

    def test_free_replacement(self):
        exception = self._enter(priority="1")
        step = exception._take_step("replacement", self._goods(2.0))
        move = step.move_ids
        self.assertEqual(move.product_uom_qty, 2.0)
        self.assertEqual(move.sale_line_id, self.line)
        self.assertEqual(move.priority, "1")
        self.assertEqual(step.picking_ids.priority, "1")
        self.assertEqual(step.state, "running")
        self._ship(step.picking_ids)
        self.assertEqual(step.state, "done")
        self.assertEqual(exception.state, "settled")
        self.assertEqual(self.line.qty_delivered, 10.0, "not charged again")
        self.assertEqual(self.goods.qty_available, 88.0)
        self._inform(exception)
        exception.action_close()

    def test_no_more_than_agreed_is_free(self):
        step = self._enter()._take_step("replacement", self._goods(2.0))
        move = step.move_ids.with_user(self.keeper)
        move.quantity = 5.0
        move.picked = True
        with self._refused("at most 2 Units of Shirt"):
            move.picking_id.with_context(skip_backorder=True).button_validate()
        move.quantity = 2.0
        move.picking_id.with_context(skip_backorder=True).button_validate()
        with self._refused("at most 2 Units of Shirt"):
            move.move_line_ids.quantity = 4.0
        # goods of the order are not put under a replacement
        order = self._confirm_order()
        with self.assertRaises(AccessError):
            order.sudo().picking_ids.move_ids.with_user(
                self.keeper
            ).handover_step_id = step

    def test_replacement_in_two_parts_and_back(self):
        step = self._enter()._take_step("replacement", self._goods(2.0))
        self._ship(step.picking_ids, [1.0])
        self.assertEqual(step.state, "running")
        rest = step.move_ids.filtered(lambda move: move.state != "done")
        self.assertEqual(rest.product_uom_qty, 1.0)
        self._ship(rest.picking_id)
        self.assertEqual(step.state, "done")
        wizard = (
            self.env["stock.return.picking"]
            .sudo()
            .with_context(active_id=rest.picking_id.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1.0
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self._ship(back)
        self.assertEqual(self.line.qty_delivered, 10.0)

    def test_replacement_in_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        step = self._enter()._take_step("replacement", self._goods(2.0))
        self._ship(step.picking_ids)
        self.assertEqual(step.state, "running", "picked, not shipped")
        out = step.picking_ids.filtered(lambda picking: picking.state != "done")
        self._ship(out)
        self.assertEqual(step.state, "done")
        self.assertEqual(self.line.qty_delivered, 10.0)

    def test_replacement_does_not_count_as_procured(self):
        self._enter()._take_step("replacement", self._goods(2.0))
        self.order.sudo().order_line.product_uom_qty = 13.0
        moves = self.line.sudo().move_ids.filtered(
            lambda move: move.state != "done" and not move.handover_step_id
        )
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 3.0)

    def test_return(self):
        step = self._enter("defective")._take_step("return", self._goods(4.0))
        back = step.picking_ids
        self.assertEqual(back.move_ids.origin_returned_move_id, self.picking.move_ids)
        self.assertEqual(step.state, "running")
        self._ship(back)
        self.assertEqual(step.state, "done")
        self.assertEqual(self.line.qty_delivered, 6.0)

    def test_no_more_comes_back_than_left(self):
        exception = self._enter()
        exception._take_step("return", self._goods(4.0))
        with self._refused("at most 6 Units"):
            exception._take_step("return", self._goods(7.0))

    def test_exchange(self):
        exception = self._enter("wrong", priority="1")
        step = exception._take_step("exchange", self._goods(3.0))
        back = step.move_ids.filtered("origin_returned_move_id")
        out = step.move_ids - back
        self.assertEqual(out.product_uom_qty, 3.0)
        self.assertEqual(out.priority, "1")
        self._ship(out.picking_id)
        self.assertEqual(step.state, "running")
        self.assertEqual(self.line.qty_delivered, 13.0)
        self._ship(back.picking_id)
        self.assertEqual(step.state, "done")
        self.assertEqual(self.line.qty_delivered, 10.0)
        self.assertEqual(self.goods.qty_available, 90.0)

    def test_price_reduction(self):
        self.line.sudo().tax_ids = False
        exception = self._enter("defective", quantity=3.0)
        with self._refused("not been invoiced"):
            exception._take_step("price", self._goods(3.0), amount=50.0)
        invoice = self._invoice()
        with self._refused("300.00"):
            exception._take_step("price", self._goods(3.0), amount=300.01)
        for amount in (0.0, -5.0):
            with self._refused("more than 0"):
                exception._take_step("price", self._goods(3.0), amount=amount)
        step = exception._take_step("price", self._goods(3.0), amount=50.01)
        note = step.credit_note_id
        self.assertEqual(note.state, "draft")
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertEqual(note.amount_untaxed, 50.01)
        self.assertEqual(step.state, "running")
        with self._refused("249.99"):
            exception._take_step("price", self._goods(3.0), amount=250.0)
        note.action_post()
        self.assertEqual(step.state, "done")
        self.assertEqual(self.line.qty_invoiced, 10.0, "nothing to invoice again")
        self._inform(exception)
        exception.action_close()
        self.assertEqual(exception.state, "closed")

    def test_price_reduction_is_split_to_the_cent(self):
        order = self._confirm_order({}, {"product_uom_qty": 10.0}, {}).sudo()
        order.order_line.tax_ids = False
        self._ship(order.picking_ids)
        invoice = order._create_invoices()
        invoice.action_post()
        exception = self._enter(order_id=order.id, picking_id=False, line_ids=[])
        step = exception._take_step("price", amount=100.0)
        amounts = step.credit_note_id.invoice_line_ids.mapped("price_subtotal")
        self.assertEqual(sorted(amounts), [33.33, 33.33, 33.34])
        self.assertEqual(step.credit_note_id.amount_untaxed, 100.0)

    def test_nothing_of_what_was_not_delivered_comes_back(self):
        order = self._confirm_order()
        exception = self._enter(order_id=order.id, picking_id=False, line_ids=[])
        with self.assertRaisesRegex(UserError, "not been delivered"):
            exception._take_step(
                "return", self._goods(1.0, sale_line_id=order.order_line.id)
            )

    def test_wizard(self):
        exception = self._enter()
        action = exception.action_take_step()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.salesman)
        self.assertEqual(wizard.line_ids.quantity, 2.0)
        wizard.kind = "exchange"
        wizard.action_take()
        self.assertEqual(exception.step_ids.kind, "exchange")
        self.assertEqual(exception.step_ids.line_ids.quantity, 2.0)
