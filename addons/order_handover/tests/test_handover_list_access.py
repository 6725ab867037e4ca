from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .handover_list_common import SIGNATURE, HandoverListCommon


@tagged("post_install", "-at_install")
class TestHandoverListAccess(HandoverListCommon):
    """Nobody receives for others, and nobody rewrites what happened (SPEC F2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_user("second keeper")
        cls.departments["warehouse"].member_ids |= cls.second
        cls.order = cls._confirm_order()
        events = cls.env["order.handover.event"]
        events.search([("order_id", "=", cls.order.id)])._work()
        cls.row = cls.order.sudo().handover_list_ids

    def as_user(self, user):
        return self.row.with_user(user)

    # Reading -------------------------------------------------------------------------

    def test_who_reads(self):
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        readers = {
            self.keeper: True,  # receives
            self.supervisor: True,  # hands over: sales
            self.salesman: True,  # whose order it is
            self.other_salesman: True,  # reads all orders
            self.coordinator: True,
            self.director: True,  # whom the departments fall back to
            self.financier: False,
            self.engineer: False,
            stranger: False,
        }
        for user, expected in readers.items():
            with self.subTest(user=user.name):
                row = self.as_user(user)
                found = row.search([("id", "=", row.id)])
                self.assertEqual(bool(found), expected)
                self.assertEqual(row.has_access("read"), expected)
                self.assertEqual(
                    row.line_ids.sudo().with_user(user).has_access("read"), expected
                )

    def test_portal_reads_nothing(self):
        portal = new_test_user(self.env, "portal handover", "base.group_portal")
        row = self.as_user(portal)
        for name in ("order.handover", "order.handover.line", "order.handover.stage"):
            with self.subTest(model=name), self.assertRaises(AccessError):
                self.env[name].with_user(portal).search([])
        with self.assertRaises(AccessError):
            row.action_receive()

    def test_member_without_other_rights(self):
        member = self._create_user("member")
        self.departments["warehouse"].member_ids |= member
        row = self.as_user(member)
        self.assertFalse(self.order.with_user(member).has_access("read"))
        own = [("order_id", "=", self.order.id)]
        self.assertEqual(row.search([*own, ("is_mine", "=", True)]), row)
        self.assertFalse(row.search([*own, ("is_mine", "=", False)]))
        web = row.web_read(
            {"content": {}, "receiver_department_id": {"fields": {"display_name": {}}}}
        )
        self.assertEqual(web[0]["content"], "Shirt × 10 Units")

    def test_other_company(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.keeper.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        row = self.as_user(self.keeper)
        self.assertFalse(row.has_access("read"))
        with self.assertRaises(AccessError):
            row.action_receive()
        manager = self._create_user("manager of other", "order_handover.group_manager")
        manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for name in ("", ".line", ".event", ".report"):
            with self.subTest(model=name):
                records = self.env[f"order.handover{name}"].with_user(manager)
                self.assertFalse(records.search([]))
        stages = self.env["order.handover.stage"].with_user(manager).search([])
        self.assertFalse(
            stages & self.env["order.handover.stage"].concat(*self.stages.values())
        )

    # Receiving -----------------------------------------------------------------------

    def test_member_receives(self):
        row = self.as_user(self.second)
        row.action_receive()
        self.assertRecordValues(
            row,
            [
                {
                    "state": "received",
                    "receiver_id": self.second.id,
                    "timeliness": "in_time",
                }
            ],
        )
        self.assertTrue(row.date_received)
        self.assertFalse(self.row.activity_ids)

    def test_second_one_is_told_who_was_first(self):
        self.as_user(self.second).action_receive()
        with self.assertRaisesRegex(UserError, "received by Second Keeper on"):
            self.as_user(self.keeper).action_receive()
        with self.assertRaisesRegex(UserError, "received by Second Keeper on"):
            self._reply(self.row, self.keeper, "Too late").action_refuse()
        self.assertEqual(self.row.receiver_id, self.second)

    def test_nobody_receives_for_others(self):
        for user in (
            self.salesman,
            self.supervisor,
            self.coordinator,
            self.manager,
            self.financier,
            self.director,
        ):
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    self.as_user(user).action_receive()
                with self.assertRaises(AccessError):
                    self.as_user(user).action_refuse()
                with self.assertRaises(AccessError):
                    self.as_user(user).action_take()
                with self.assertRaises(AccessError):
                    self._receive(self.row, user, SIGNATURE)
                with self.assertRaises(AccessError):
                    self._reply(self.row, user, "No").action_refuse()
        self.assertEqual(self.row.state, "waiting")

    def test_fallback_when_nobody_is_left(self):
        (self.keeper | self.second).active = False
        row = self.as_user(self.director)
        self.assertTrue(row.is_mine)
        row.action_receive()
        self.assertEqual(row.receiver_id, self.director)

    def test_fallback_of_a_fallback(self):
        """Who is to receive may read, however far the departments fall back."""
        (self.keeper | self.second).active = False
        stand_in = self._create_user("stand-in")
        departments = self.env["document.approval.department"]
        last, middle = departments.create(
            [
                {"name": name, "code": name, "company_id": self.company.id}
                for name in ("Last", "Middle")
            ]
        )
        last.member_ids = stand_in
        middle.fallback_id = last
        self.departments["warehouse"].fallback_id = middle
        row = self.as_user(stand_in)
        self.assertEqual(row.search([("is_mine", "=", True)]), row)
        self.assertEqual(row.line_ids.mapped("quantity"), [10.0])
        row.action_receive()
        self.assertEqual(row.receiver_id, stand_in)

    def test_signature_is_asked_for(self):
        self.to_warehouse.requires_signature = True
        _order, row = self._released()
        action = row.with_user(self.keeper).action_receive()
        self.assertEqual(action["res_model"], "order.handover.receive")
        self.assertEqual(row.state, "waiting")
        with self.assertRaisesRegex(UserError, "has to be signed"):
            self._receive(row, self.keeper)
        self._receive(row, self.keeper, SIGNATURE, note="One box is wet")
        self.assertEqual((row.state, row.receipt_note), ("received", "One box is wet"))
        self.assertTrue(row.signature)
        attachments = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "order.handover"),
                ("res_id", "=", row.id),
                ("res_field", "!=", False),
            ]
        )
        self.assertFalse(attachments, "who writes remarks could change them")

    def test_bulk(self):
        _order, second = self._released()
        rows = self.row | second
        rows.with_user(self.keeper).action_receive()
        self.assertEqual(rows.mapped("receiver_id"), self.keeper)
        _order, third = self._released()
        shipping = self.to_shipping.receiver_department_id
        self._ship(third.order_id.picking_ids)
        self._run_job()
        mixed = self._rows(third.order_id)
        self.assertIn(shipping, mixed.receiver_department_id)
        with self.assertRaises(AccessError):
            mixed.with_user(self.keeper).action_receive()
        self.assertEqual(set(mixed.mapped("state")), {"waiting"})

    def test_a_member_takes_it(self):
        self.as_user(self.second).action_take()
        self.assertEqual(self.row.activity_ids.user_id, self.second)

    # Refusing ------------------------------------------------------------------------

    def test_refused_and_handed_over_again(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self._reply(self.row, self.keeper, " ").action_refuse()
        self._reply(self.row, self.keeper, "Address is missing").action_refuse()
        self.assertRecordValues(
            self.row,
            [
                {
                    "state": "refused",
                    "refused_by_id": self.keeper.id,
                    "refuse_reason": "Address is missing",
                    "receiver_id": False,
                }
            ],
        )
        self.assertEqual(self.row.activity_ids.user_id, self.salesman)
        with self.assertRaises(AccessError):  # the receiver does not hand over
            self._reply(self.row, self.second, "x").action_hand_over_again()
        with self.assertRaisesRegex(UserError, "Say what has changed"):
            self._reply(self.row, self.salesman, "").action_hand_over_again()
        self._reply(self.row, self.salesman, "Added").action_hand_over_again()
        again = self.row.next_ids
        self.assertRecordValues(
            again,
            [
                {
                    "state": "waiting",
                    "name": self.row.name,
                    "content": self.row.content,
                    "answer": "Added",
                    "sender_id": self.salesman.id,
                    "user_id": self.keeper.id,
                    "refuse_reason": False,
                    "date_refused": False,
                }
            ],
        )
        self.assertEqual(again.line_ids.mapped("quantity"), [10.0])
        self.assertEqual(self.row.state, "refused")
        with self.assertRaisesRegex(UserError, "cannot be handed over again"):
            self._reply(self.row, self.supervisor, "x").action_hand_over_again()
        again.with_user(self.keeper).action_receive()

    def test_refused_of_a_cancelled_order(self):
        self._reply(self.row, self.keeper, "Address is missing").action_refuse()
        self.order.sudo()._action_cancel()
        with self.assertRaisesRegex(UserError, "not confirmed any more"):
            self._reply(self.row, self.salesman, "x").action_hand_over_again()

    def test_only_refused_is_handed_over_again(self):
        with self.assertRaises(UserError):
            self._reply(self.row, self.salesman, "x").action_hand_over_again()

    # History -------------------------------------------------------------------------

    def test_people_write_remarks_only(self):
        attempts = (
            {"state": "received"},
            {"state": "waiting"},
            {"receiver_id": self.keeper.id},
            {"date_received": "2020-01-01"},
            {"signature": SIGNATURE},
            {"signature": False},
            {"deadline": "2030-01-01"},
            {"sender_id": self.manager.id},
            {"user_id": self.manager.id},
            {"content": "x"},
            {"name": "x"},
            {"company_id": self.company.id},
            {"receiver_department_id": self.departments["finance"].id},
            {"line_ids": [Command.clear()]},
            {"next_ids": [Command.create({})]},
            {"escalation_level": 0},
            {"refuse_reason": "x"},
            {"receipt_note": "x"},
            {"receipt_note": False},
            {"note": "x", "timeliness": "in_time"},
        )
        handover_manager = self._create_user("hm", "order_handover.group_manager")
        for received in (False, True):
            for user in (self.keeper, self.coordinator, handover_manager):
                for vals in attempts:
                    with self.subTest(user=user.name, vals=vals, received=received):
                        row = self.as_user(user)
                        with self.assertRaises(AccessError):
                            row.write(vals)
                        with self.assertRaises(AccessError):
                            row.web_save(vals, {"note": {}})
                with self.assertRaises(AccessError):
                    self.as_user(user).update_field_translations(
                        "name", {"en_US": "Rewritten"}
                    )
            if not received:
                self.as_user(self.keeper).action_receive()
        self.assertEqual(self.row.name, "Order to the warehouse")
        self.as_user(self.keeper).note = "On the second shelf"
        with self.assertRaises(AccessError):
            self.row.write({"state": "waiting"})  # the superuser neither
        with self.assertRaises(AccessError):
            self.as_user(self.other_salesman).note = "x"
        with self.assertRaises(AccessError):
            self.as_user(self.financier).note = "x"

    def test_remarks_of_the_receiver_stay(self):
        self._receive(self.row, self.keeper, note=" One box is wet ")
        self.assertEqual(self.row.receipt_note, "One box is wet")
        self.env.flush_all()
        self.cr.flush()
        row = self.as_user(self.salesman)
        row.with_context(tracking_disable=True, mail_notrack=True).note = "All well"
        self.env.flush_all()
        self.cr.flush()  # changed remarks are posted at the end
        self.env.invalidate_all()
        self.assertEqual(
            (self.row.receipt_note, self.row.note), ("One box is wet", "All well")
        )
        tracked = self.row.sudo().message_ids.tracking_value_ids
        self.assertEqual(tracked.mapped("new_value_text"), ["All well"])

    def test_nobody_makes_or_deletes(self):
        handover_manager = self._create_user("hm", "order_handover.group_manager")
        for user in (self.keeper, self.coordinator, self.manager, handover_manager):
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    self.as_user(user).create({"name": "x"})
                with self.assertRaises(AccessError):
                    self.as_user(user).copy()
                with self.assertRaises(UserError):
                    self.as_user(user).with_context(_force_unlink=True).unlink()
                lines = self.row.line_ids.with_user(user)
                with self.assertRaises(AccessError):
                    lines.write({"quantity": 1.0})
                with self.assertRaises(UserError):
                    lines.unlink()
                events = self.row.event_id.with_user(user)
                with self.assertRaises(AccessError):
                    events.write({"state": "queued"})
                with self.assertRaises(UserError):
                    events.unlink()
        with self.assertRaises(UserError):
            self.row.with_context(_force_unlink=True).unlink()

    def test_defaults_of_users_do_not_count(self):
        for name, value in (("state", "received"), ("timeliness", "late")):
            self.env["ir.default"].set("order.handover", name, value)
        _order, row = self._released()
        self.assertRecordValues(row, [{"state": "waiting", "timeliness": "in_time"}])

    def test_deleted_to_do_decides_nothing(self):
        self.row.activity_ids.with_user(self.keeper).unlink()
        self.assertEqual(self.row.state, "waiting")

    def test_windows_are_ones_own(self):
        window = self.env["order.handover.receive"].with_user(self.keeper)
        window = window.create({"handover_ids": [Command.set(self.row.ids)]})
        with self.assertRaises(AccessError):
            window.with_user(self.second).action_receive()

    def test_events_are_retried_by_who_may(self):
        event = self.row.event_id
        for user in (self.keeper, self.coordinator, self.salesman):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                event.with_user(user).action_retry()

    def test_set_up_is_for_administrators(self):
        for user in (self.keeper, self.coordinator, self.salesman):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.to_warehouse.with_user(user).limit_value = 5.0
        handover_manager = self._create_user("hm", "order_handover.group_manager")
        self.to_warehouse.with_user(handover_manager).limit_value = 5.0
