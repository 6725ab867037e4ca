from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from .common import EnquiryCommon


@tagged("post_install", "-at_install")
class TestOrderEnquiry(EnquiryCommon):
    """Customers are asked in working days, once, and every answer is kept.

    Orders are of Monday 2 March 2026; every five working days means Monday the 9th.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls._open_order() | cls._open_order(on="2026-03-05 08:00:00")
        cls.company.sale_enquiry_days = 5

    def _enquiries(self, partner=None):
        return (
            self.env["sale.order.enquiry"]
            .sudo()
            .search([("partner_id", "=", (partner or self.partner).id)], order="id")
        )

    def _ask(self, on="2026-03-09 09:00:00", mail=True):
        with freeze_time(on):
            self._run(self.cron_ask)
            if mail:
                self._run(self.cron_mail)
        return self._enquiries()[-1:]

    def _answer(self, enquiry, *kinds, on="2026-03-10 09:00:00", **values):
        replies = {
            line: {"kind": kind, "words": "as said"}
            for line, kind in zip(enquiry.line_ids, kinds, strict=False)
        }
        with freeze_time(on):
            return enquiry._answer(replies, "Ms Wang", "link", **values)

    def _record(self, order, user=None, files=(), **values):
        user = user or self.salesman
        attachments = (
            self.env["ir.attachment"]
            .with_user(user)
            .create([{"name": name, "raw": b"words"} for name in files])
        )
        self.env["sale.order.enquiry.record"].with_user(user).create(
            {
                "order_id": order.id,
                "name": "Ms Wang",
                "said_on": "2026-03-10",
                "attachment_ids": [Command.set(attachments.ids)],
                **values,
            }
        ).action_record()
        self.env.invalidate_all()

    # Asking -----------------------------------------------------------------------

    def test_off_at_first_and_when_it_is_time(self):
        self.company.sale_enquiry_days = 0
        self.assertFalse(self._ask())
        self.company.sale_enquiry_days = 5
        self.assertFalse(self._ask("2026-03-06 23:00:00"))
        self.assertFalse(self._ask("2026-03-08 12:00:00"))
        self.assertTrue(self._ask("2026-03-09 01:00:00"))

    def test_holidays_of_the_company_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-03-04 00:00:00",
                "date_to": "2026-03-04 23:59:59",
            }
        )
        self.assertFalse(self._ask("2026-03-09 09:00:00"))
        self.assertTrue(self._ask("2026-03-10 09:00:00"))

    def test_the_day_is_that_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.assertFalse(self._ask("2026-03-08 15:30:00"))  # Sunday, 23:30
        self.assertTrue(self._ask("2026-03-08 16:30:00"))  # Monday, 0:30

    def test_one_mail_for_all_open_orders_of_a_customer(self):
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.partner.id, "type": "delivery"}
        )
        third = self._open_order(partner=branch)
        self._open_order(partner=self.stranger)
        delivered = self._open_order()
        delivered.order_line.sudo().qty_delivered_method = "manual"
        enquiry = self._ask()
        self.assertEqual(enquiry.line_ids.order_id, self.orders | third)
        self.assertEqual(enquiry.state, "sent")
        self.assertEqual(len(self._mails_to(enquiry, self.partner)), 1)
        self.assertEqual(len(self._enquiries(self.stranger)), 1)
        self.assertEqual(
            enquiry.line_ids[0].goods,
            [{"name": "Pump", "open": 10.0, "ordered": 10.0, "unit": "Units"}],
        )
        self.assertFalse(self._ask().id - enquiry.id)
        self.assertEqual(len(self._mails_to(enquiry, self.partner)), 1)
        self.assertNotIn(self.partner, enquiry.message_partner_ids)

    def test_what_is_delivered_is_not_asked_about(self):
        move = self.orders[0].sudo().picking_ids.move_ids
        move.quantity = 10.0
        move.picked = True
        move._action_done()
        enquiry = self._ask("2026-03-12 09:00:00")
        self.assertEqual(enquiry.line_ids.order_id, self.orders[1])

    def test_types_and_customers_left_out(self):
        self.partner.sale_enquiry_rule = "never"
        self.assertFalse(self._ask())
        self.partner.sale_enquiry_rule = False
        self.orders.policy_type_id.sudo().takes_part_in_enquiries = False
        self.assertFalse(self._ask())
        self.partner.sale_enquiry_rule = "always"
        self.assertTrue(self._ask())

    def test_a_job_killed_midway_mails_each_customer_once(self):
        self._open_order(partner=self.stranger)
        made = type(self.env["sale.order.enquiry"])._make_safely
        calls = []

        def dies(model, company, partner_id, order_ids):
            if calls:
                raise KeyboardInterrupt
            calls.append(partner_id)
            return made(model, company, partner_id, order_ids)

        with (
            patch.object(type(self.env["sale.order.enquiry"]), "_make_safely", dies),
            self.assertRaises(KeyboardInterrupt),
        ):
            self._ask()
        self.env.invalidate_all()
        self._ask()
        both = self._enquiries() | self._enquiries(self.stranger)
        self.assertEqual(len(both), 2)
        for enquiry in both:
            self.assertEqual(len(self._mails_to(enquiry, enquiry.partner_id)), 1)

    def test_a_crash_between_mail_and_state_leaves_neither(self):
        enquiry = self._ask(mail=False)
        self.assertEqual(enquiry.state, "queued")
        with (
            patch.object(
                type(enquiry), "_get_next_due", side_effect=ValueError("power cut")
            ),
            mute_logger("odoo.addons.sale_order_policy.models.sale_order_policy_queue"),
        ):
            self._run(self.cron_mail)
        self.assertEqual((enquiry.state, enquiry.error), ("failed", "power cut"))
        self.assertFalse(self._mails_to(enquiry, self.partner))
        enquiry.with_user(self.salesman).action_retry()
        self._run(self.cron_mail)
        self.assertEqual(enquiry.state, "sent")
        self.assertEqual(len(self._mails_to(enquiry, self.partner)), 1)

    def test_without_an_address_the_owner_is_told(self):
        (self.partner | self.contact).sudo().email = False
        enquiry = self._ask()
        self.assertEqual(enquiry.state, "no_address")
        self.assertEqual(enquiry.activity_ids.user_id, self.salesman)

    # Answers ----------------------------------------------------------------------

    def test_answers_stand_on_orders_and_change_nothing(self):
        enquiry = self._ask()
        before = self.orders.read(["state", "commitment_date", "amount_total"])
        self.assertEqual(self.orders.mapped("enquiry_state"), ["waiting", "waiting"])
        self._answer(enquiry, "valid")
        self.assertEqual((enquiry.state, enquiry.answered_count), ("sent", 1))
        self.assertEqual(self.orders[0].enquiry_state, "valid")
        self._answer(enquiry, "valid", "withdraw")
        self.env.invalidate_all()
        self.assertEqual(self.orders.mapped("enquiry_state"), ["valid", "withdraw"])
        self.assertEqual((enquiry.state, enquiry.withdrawn_count), ("answered", 1))
        self.assertAlmostEqual(enquiry.line_ids[0].days_to_answer, 1.0)
        self.assertEqual(
            self.orders.read(["state", "commitment_date", "amount_total"]), before
        )
        activity = self.orders[1].sudo().activity_ids
        self.assertIn("wants to withdraw", activity.summary)
        self.assertEqual(activity.user_id, self.salesman)
        self.assertFalse(self.orders[0].sudo().activity_ids)
        self.assertEqual(len(enquiry.line_ids[0].answer_ids), 2)

    def test_a_wish_says_what_is_wished(self):
        enquiry = self._ask()
        line = enquiry.line_ids[0]
        with self.assertRaisesRegex(UserError, "what you wish"):
            enquiry._answer({line: {"kind": "wish"}}, "Ms Wang", "link")
        for reply in ({"kind": "cancel"}, {}, {"kind": None}):
            with self.assertRaisesRegex(UserError, "choose an answer"):
                enquiry._answer({line: reply}, "Ms Wang", "link")
        with self.assertRaisesRegex(UserError, "at least one"):
            enquiry._answer({}, "Ms Wang", "link")
        with self.assertRaisesRegex(UserError, "your name"):
            enquiry._answer({line: {"kind": "valid"}}, " \0", "link")
        enquiry._answer(
            {line: {"kind": "wish", "wish_date": date(2026, 6, 1)}}, "Ms Wang", "link"
        )
        self.assertEqual(line.wish_date, date(2026, 6, 1))
        self.assertFalse(enquiry.line_ids[1].answer_ids)

    def test_lines_of_another_enquiry_are_refused(self):
        enquiry = self._ask()
        self._open_order(partner=self.stranger)
        self._ask("2026-03-10 09:00:00")
        foreign = self._enquiries(self.stranger).line_ids
        with self.assertRaises(UserError):
            enquiry._answer({foreign: {"kind": "withdraw"}}, "x", "link")
        self.assertEqual(foreign.state, "waiting")

    def test_customer_and_salesperson_both_answer(self):
        enquiry = self._ask()
        self._answer(enquiry, "valid", on="2026-03-10 09:00:00")
        with freeze_time("2026-03-10 09:00:00"):
            self._record(
                self.orders[0],
                kind="withdraw",
                words="project stopped",
                files=["a.eml"],
            )
        line = enquiry.line_ids[0]
        self.assertEqual(line.answer_ids.mapped("kind"), ["withdraw", "valid"])
        self.assertEqual(line.state, "withdraw")
        self.assertEqual(self.orders[0].enquiry_state, "withdraw")
        file = line.answer_ids.attachment_ids
        self.assertEqual(file.with_user(self.salesman).raw, b"words")
        with self.assertRaises(UserError):
            file.sudo().write({"raw": b"other"})

    def test_what_a_customer_says_unasked_counts_as_asked(self):
        with freeze_time("2026-03-06 09:00:00"):
            self._record(self.orders[0], kind="valid")
        self.assertEqual(self.orders[0].enquiry_state, "valid")
        self.assertFalse(self._ask("2026-03-11 09:00:00"))
        enquiry = self._ask("2026-03-12 09:00:00")  # five days after the second order
        self.assertEqual(enquiry.line_ids.order_id, self.orders)

    def test_recording_needs_the_order(self):
        stranger = self._create_user("third", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self._record(self.orders[0], user=stranger)
        draft = self._create_order()
        with self.assertRaisesRegex(UserError, "not confirmed"):
            self._record(draft)
        self._ask()
        for model in ("enquiry", "enquiry.line", "enquiry.answer"):
            records = self.env[f"sale.order.{model}"].with_user(stranger).search([])
            self.assertFalse(records.filtered(lambda r: r.partner_id == self.partner))

    def test_nobody_writes_answers(self):
        enquiry = self._ask()
        answer = self._answer(enquiry, "valid")
        values = {
            enquiry: {"state": "answered", "is_current": False, "line_ids": []},
            enquiry.line_ids[0]: {"state": "withdraw", "words": "x"},
            answer: {"kind": "withdraw", "words": "x", "attachment_ids": []},
        }
        for record, vals in values.items():
            for name, value in vals.items():
                for user in (self.salesman, self.manager):
                    with self.assertRaises(UserError):
                        record.with_user(user).write({name: value})
                with self.assertRaises(UserError):
                    record.sudo().write({name: value})
            for user in (self.salesman, self.manager):
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    record.with_user(user).copy()
                with self.assertRaises(AccessError):
                    record.with_user(user).create({"company_id": self.company.id})
            with self.assertRaises(UserError):
                record.sudo().with_context(_force_unlink=True).unlink()

    # No answer --------------------------------------------------------------------

    def test_reminded_once_then_listed(self):
        enquiry = self._ask()
        self._answer(enquiry, "valid")
        self.assertEqual(enquiry.due_on, datetime(2026, 3, 12, 23, 59, 59))
        self._ask("2026-03-12 20:00:00")
        self.assertEqual(len(self._mails_to(enquiry, self.partner)), 1)
        self._ask("2026-03-13 08:00:00")
        self._ask("2026-03-13 20:00:00")
        self.assertEqual(len(self._mails_to(enquiry, self.partner)), 2)
        self.assertEqual(enquiry.due_on, datetime(2026, 3, 18, 23, 59, 59))
        self.company.sale_enquiry_days = 20
        self._ask("2026-03-19 08:00:00")
        self.assertEqual(enquiry.state, "unanswered")
        self.assertEqual(self.orders.mapped("enquiry_state"), ["valid", "silent"])
        activity = enquiry.activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn(self.orders[1].name, activity.note)
        self.assertNotIn(self.orders[0].name, activity.note)
        orders = self.env["sale.order"].with_user(self.salesman)
        self.assertEqual(
            orders.search([("enquiry_state", "in", ("waiting", "silent"))]),
            self.orders[1],
        )
        self.assertIn(
            self.orders[0], orders.search([("enquiry_state", "not in", ("silent",))])
        )
        # late is better than never
        self._answer(enquiry, "valid", "valid", on="2026-03-20 08:00:00")
        self.assertEqual(enquiry.state, "answered")
        self.assertFalse(enquiry.activity_ids)

    def test_an_answer_stops_the_reminder_in_the_queue(self):
        enquiry = self._ask()
        with freeze_time("2026-03-13 08:00:00"):
            self._run(self.cron_ask)
        self.assertEqual((enquiry.state, enquiry.step), ("queued", "reminder"))
        self._answer(enquiry, "valid", "valid", on="2026-03-13 08:01:00")
        self._run(self.cron_mail)
        self.assertEqual(enquiry.state, "answered")
        self.assertEqual(len(self._mails_to(enquiry, self.partner)), 1)

    def test_orders_cancelled_meanwhile_are_not_asked_about_again(self):
        enquiry = self._ask()
        self.orders[0].sudo()._action_cancel()
        rows = enquiry._prepare_rows(waiting=True)
        self.assertEqual([row["order"] for row in rows], [self.orders[1].name])
        self.orders[1].sudo()._action_cancel()
        self._ask("2026-03-13 08:00:00")
        self.assertEqual(enquiry.state, "closed")
        self.assertEqual(len(self._mails_to(enquiry, self.partner)), 1)

    def test_customers_who_are_merged_keep_one_enquiry(self):
        self._open_order(partner=self.stranger)
        first = self._ask()
        other = self._enquiries(self.stranger)
        self.assertEqual(first.is_current + other.is_current, 2)
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            (self.partner | self.stranger).ids, self.partner
        )
        self.env.invalidate_all()
        both = self._enquiries()
        self.assertEqual(both, first | other)
        self.assertEqual(both.mapped("is_current"), [False, True])
        self.assertEqual(both.line_ids.mapped("state"), ["silent", "silent", "waiting"])

    def test_uninstalling_leaves_answers_with_the_orders(self):
        enquiry = self._ask()
        self._answer(enquiry, "valid", "withdraw")
        with freeze_time("2026-03-10 10:00:00"):
            self._record(self.orders[0], kind="valid", files=["mail.eml"])
        document = self._list()
        document.action_send()
        document.sudo()._answer("confirm", "Ms Wang", "link", 1)
        uninstall_hook(self.env)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "sale.order"), ("res_id", "in", self.orders.ids)]
        )
        self.assertIn("mail.eml", files.mapped("name"))
        exported = files.filtered(lambda file: file.name.startswith("validity"))
        self.assertEqual(exported.mapped("res_id"), self.orders[::-1].ids)
        self.assertIn(b"as said", exported[0].raw)
        lists = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.partner.id)]
        )
        self.assertTrue(lists.filtered(lambda f: f.name.startswith("requirement")))
        self.assertFalse(self.env["sale.order.enquiry"].search([]))

    def test_the_next_round_closes_the_last(self):
        first = self._ask()
        self._answer(first, "valid")
        second = self._ask("2026-03-16 09:00:00")
        self.assertNotEqual(first, second)
        self.assertEqual((first.state, first.is_current), ("closed", False))
        self.assertEqual(first.line_ids.mapped("state"), ["valid", "silent"])
        self.assertEqual(self.orders.mapped("enquiry_state"), ["waiting", "waiting"])
        with self.assertRaisesRegex(UserError, "newer enquiry"):
            self._answer(first, "valid", "valid")

    def test_lists_need_few_queries(self):
        self._ask()
        orders = self.orders.with_user(self.salesman)
        orders.mapped("enquiry_state")
        self.env.invalidate_all()
        orders.mapped("name")
        with self.assertQueryCount(2):
            orders.mapped("enquiry_state")
