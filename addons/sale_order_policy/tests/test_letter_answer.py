from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from ..letter_hooks import export_answers
from .letter_common import ConfirmedOrderCommon


@tagged("post_install", "-at_install")
class TestLetterAnswer(ConfirmedOrderCommon, HttpCase):
    """Customers confirm letters or object; silence goes by rule (SPEC L3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "sale_policy_tasks": False,
                "sale_policy_answer": True,
                "sale_policy_objection_days": 3,
            }
        )
        cls.deadlines = cls.env.ref("sale_order_policy.ir_cron_letter_answer")
        cls.reminders = cls.env.ref("sale_order_policy.ir_cron_letter_answer_remind")
        cls.partner.sudo().is_company = True
        cls.buyer_there = cls._create_portal_user("buyer there", cls.partner)
        cls.stranger = cls._create_portal_user(
            "stranger", cls.env["res.partner"].create({"name": "Somebody else"})
        )

    @classmethod
    def _create_portal_user(cls, login, company):
        user = new_test_user(
            cls.env, login, "base.group_portal", email=f"{login[0]}@example.com"
        )
        user.partner_id.parent_id = company
        return user

    def _run(self, cron):
        cron.method_direct_trigger()
        self.env.invalidate_all()

    def _asked(self, **values):
        order = self._create_order(**values)
        order.action_confirm()
        self._run(self.cron)
        return order

    def _wait(self, order):
        confirmation = order.policy_letter_answer_id
        confirmation._write_system(
            {"due_on": fields.Datetime.now() - timedelta(hours=1)}
        )
        self._run(self.deadlines)

    def _post(self, order, **data):
        return self.url_open(
            f"/my/orders/{order.id}/confirmation-answer",
            data={
                "csrf_token": Request.csrf_token(self),
                "answer_id": order.sudo().policy_letter_answer_id.id,
                **data,
            },
            allow_redirects=False,
        )

    # Asking ------------------------------------------------------------------------

    def test_letter_asks_the_customer(self):
        order = self._asked()
        letter = order.sudo().policy_letter_id
        self.assertEqual(letter.state, "sent")
        self.assertRecordValues(
            order.policy_letter_answer_id,
            [
                {
                    "letter_id": letter.id,
                    "version": 1,
                    "state": "waiting",
                    "partner_id": self.partner.id,
                    "is_current": True,
                }
            ],
        )
        mail = order.sudo().message_ids.filtered("attachment_ids")
        self.assertIn("press “Confirm” or “Object”", mail[:1].body)

    def test_who_is_not_asked(self):
        self.company.sale_policy_answer = False
        self.assertFalse(self._asked().policy_letter_answer_id)
        self.company.write({"sale_policy_answer": True, "sale_policy_letter": False})
        self.assertFalse(self._asked().policy_letter_answer_id)

    def test_working_days_of_the_company(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Shanghai", "tz": "Asia/Shanghai", "company_id": self.company.id}
        )
        self.company.resource_calendar_id = calendar
        due = self.env["sale.order.letter.answer"]._get_due
        # Thursday 3 September 2026, 18:00 in Shanghai: Friday, Monday, Tuesday
        asked = datetime(2026, 9, 3, 10)
        self.assertEqual(due(self.company, asked, 3), datetime(2026, 9, 8, 15, 59, 59))
        # 17:00 in UTC is Friday there: Monday
        late = datetime(2026, 9, 3, 17)
        self.assertEqual(due(self.company, late, 1), datetime(2026, 9, 7, 15, 59, 59))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": datetime(2026, 9, 6, 16),
                "date_to": datetime(2026, 9, 7, 16),
            }
        )
        self.assertEqual(due(self.company, late, 1), datetime(2026, 9, 8, 15, 59, 59))
        self.company.resource_calendar_id = False
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertEqual(due(self.company, asked, 3), datetime(2026, 9, 6, 15, 59, 59))

    # Answering ---------------------------------------------------------------------

    def test_customer_confirms_in_the_portal(self):
        order = self._asked()
        self.authenticate("buyer there", "buyer there")
        self.assertIn("Please confirm", self.url_open("/my/orders").text)
        page = self.url_open(f"/my/orders/{order.id}").text
        self.assertIn("Please confirm this order", page)
        answer = self._post(order, answer="confirm")
        self.assertEqual(answer.status_code, 303)
        self.assertRecordValues(
            order.policy_letter_answer_id,
            [
                {
                    "state": "confirmed",
                    "answered_by_id": self.buyer_there.id,
                    "answered_name": "buyer there (base.group_portal)",
                    "source": "portal",
                }
            ],
        )
        self.assertEqual(order.state, "sale")
        # answered is answered
        answer = self._post(order, answer="object", words="No!")
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(order.policy_letter_answer_state, "confirmed")

    def test_customer_objects_by_the_link(self):
        order = self._asked()
        token = order.sudo()._portal_ensure_token()
        self.authenticate(None, None)
        line = order.order_line
        strange = self._create_order().order_line
        for data in ({"words": "Dear"}, {"name": "Buyer"}, {"name": " ", "words": "x"}):
            answer = self._post(order, access_token=token, answer="object", **data)
            self.assertEqual(answer.status_code, 422)
        answer = self._post(
            order,
            access_token=token,
            answer="object",
            name="Buyer",
            **{f"line_{line.id}": "We ordered 2", f"line_{strange.id}": "Not mine"},
        )
        self.assertEqual(answer.status_code, 303)
        confirmation = order.policy_letter_answer_id
        self.assertRecordValues(
            confirmation,
            [{"state": "objected", "source": "link", "answered_name": "Buyer"}],
        )
        self.assertRecordValues(
            confirmation.line_ids,
            [{"sale_line_id": line.id, "words": "We ordered 2"}],
        )
        self.assertEqual(order.state, "sale")
        activity = order.sudo().activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn("Renegotiate", activity.summary)
        self.assertIn("We ordered 2", activity.note)
        self.assertIn(
            order,
            self.env["sale.order"]
            .with_user(self.salesman)
            .search([("policy_letter_answer_state", "=", "objected")]),
        )

    def test_nobody_else_answers(self):
        order = self._asked()
        self.salesman.sudo().password = "policy salesman"
        for login, code in (("stranger", 404), (None, 404), ("policy salesman", 422)):
            self.authenticate(login, login)
            for token in ("", "wrong"):
                answer = self._post(
                    order, answer="confirm", name="X", access_token=token
                )
                self.assertEqual(answer.status_code, code, login)
        # neither an answer to another question
        self.authenticate("buyer there", "buyer there")
        other = self._asked().policy_letter_answer_id
        answer = self._post(order, answer="confirm", answer_id=other.id)
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(order.policy_letter_answer_state, "waiting")
        self.assertEqual(other.state, "waiting")

    def test_answers_are_kept(self):
        order = self._asked()
        confirmation = order.policy_letter_answer_id
        confirmation.sudo()._answer(False, "portal", "Buyer", "Wrong colour")
        for records in (confirmation, confirmation.sudo()):
            with self.assertRaises(AccessError):
                records.write({"state": "confirmed"})
            with self.assertRaises(UserError):
                records.unlink()
        with self.assertRaises(AccessError):
            confirmation.with_user(self.salesman).create(
                {"order_id": order.id, "letter_id": confirmation.letter_id.id}
            )
        with self.assertRaises(UserError):
            confirmation._answer(True, "portal", "Buyer")

    def test_new_version_asks_anew(self):
        order = self._asked()
        first = order.policy_letter_answer_id
        first.sudo()._answer(False, "portal", "Buyer", "Only two, please")
        order.sudo()._action_cancel()
        self.assertFalse(order.policy_letter_answer_state)
        self.assertRecordValues(first, [{"state": "objected", "is_current": False}])
        order.action_draft()
        order.order_line.product_uom_qty = 2.0
        order.action_confirm()
        self._run(self.cron)
        second = order.policy_letter_answer_id
        self.assertEqual((second.version, second.state), (2, "waiting"))
        order.sudo()._action_cancel()
        self.assertEqual(second.state, "superseded")
        with self.assertRaises(UserError):
            second._answer(True, "portal", "Buyer")

    def test_settled_in_words_is_asked_again(self):
        order = self._asked()
        first = order.policy_letter_answer_id
        with self.assertRaises(UserError):
            first.with_user(self.salesman).action_ask_again()
        first.sudo()._answer(False, "portal", "Buyer", "Too late")
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            first.with_user(colleague).action_ask_again()
        first.with_user(self.salesman).action_ask_again()
        self.env.invalidate_all()
        self.assertEqual(order.policy_letter_answer_state, "waiting")
        self.assertFalse(first.is_current)

    def test_answers_stay_with_the_order_after_all(self):
        order = self._asked()
        order.policy_letter_answer_id.sudo()._answer(False, "portal", "Buyer", "No")
        export_answers(self.env)
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)],
            order="id desc",
            limit=1,
        )
        self.assertIn('"words": "No"', file.raw.decode())

    # Answers that reach us otherwise -------------------------------------------------

    def _enter(self, answer, user, **values):
        return (
            self.env["sale.order.letter.answer.entry"]
            .with_user(user)
            .create(
                {
                    "answer_id": answer.id,
                    "agrees": "confirm",
                    "answered_name": "Buyer",
                    "words": "By telephone: all right",
                    **values,
                }
            )
        )

    def test_salesperson_enters_what_was_said(self):
        answer = self._asked().policy_letter_answer_id
        entry = self._enter(answer, self.salesman, agrees="object")
        entry.action_enter()
        self.assertRecordValues(
            answer,
            [
                {
                    "state": "objected",
                    "source": "staff",
                    "answered_by_id": self.salesman.id,
                    "answered_name": "Buyer",
                    "words": "By telephone: all right",
                }
            ],
        )
        with self.assertRaises(UserError):  # answered is answered
            entry.action_enter()

    def test_nobody_enters_answers_for_orders_of_others(self):
        answer = self._asked().policy_letter_answer_id
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        for user in (colleague, self.engineer, self.buyer_there):
            with self.assertRaises(AccessError):
                self._enter(answer, user)
        self.assertEqual(answer.state, "waiting")

    def test_answer_of_an_entry_cannot_be_exchanged(self):
        entry = self._enter(self._asked().policy_letter_answer_id, self.salesman)
        foreign = self._create_order(user=self.manager)
        foreign.action_confirm()
        self._run(self.cron)
        entry.answer_id = foreign.sudo().policy_letter_answer_id
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            entry.with_user(colleague).action_enter()
        self.assertEqual(foreign.policy_letter_answer_state, "waiting")

    # Reminders -----------------------------------------------------------------------

    def _mails(self, order):
        messages = order.sudo().message_ids
        return messages.filtered(lambda m: "no answer to our order" in m.body)

    def test_customer_is_reminded_once(self):
        order = self._asked()
        answer = order.policy_letter_answer_id
        self.assertLess(answer.remind_on, answer.due_on)
        self._run(self.reminders)
        self.assertFalse(self._mails(order))
        past = fields.Datetime.now() - timedelta(minutes=1)
        answer._write_system({"remind_on": past})
        for _time in range(2):
            self._run(self.reminders)
            mail = self._mails(order)
            self.assertEqual(len(mail), 1)
        self.assertEqual(mail.partner_ids, self.partner)
        self.assertEqual(
            mail.attachment_ids, order.sudo().policy_letter_id.attachment_id
        )

    def test_nobody_is_reminded_in_vain(self):
        past = fields.Datetime.now() - timedelta(minutes=1)
        answered = self._asked()
        answered.policy_letter_answer_id.sudo()._answer(True, "portal", "Buyer")
        late = self._asked()
        late.policy_letter_answer_id._write_system({"due_on": past})
        cancelled = self._asked()
        cancelled.sudo()._action_cancel()
        orders = answered | late | cancelled
        orders.policy_letter_answer_ids._write_system({"remind_on": past})
        self._run(self.reminders)
        self.assertFalse(self._mails(orders))

    # No answer ---------------------------------------------------------------------

    def test_silence_goes_by_rule(self):
        for rule, state, told in (
            ("confirmed", "silent", False),
            ("both", "silent", True),
            ("remind", "overdue", True),
        ):
            self.company.sale_policy_answer_rule = rule
            order = self._asked()
            self._run(self.deadlines)
            self.assertEqual(order.policy_letter_answer_state, "waiting")
            self._wait(order)
            self.assertEqual(order.policy_letter_answer_state, state)
            self.assertEqual(bool(order.sudo().activity_ids), told)
            self.assertEqual(order.state, "sale")
        # who is late may still answer
        order.policy_letter_answer_id.sudo()._answer(True, "portal", "Buyer")
        self.assertEqual(order.policy_letter_answer_state, "confirmed")

    def test_deadlines_in_batches(self):
        orders = self._asked() | self._asked() | self._asked()
        late = fields.Datetime.now() - timedelta(hours=1)
        orders.policy_letter_answer_ids._write_system({"due_on": late})
        self.deadlines.code = "model._cron_follow_deadlines(batch_size=2)"
        self._run(self.deadlines)
        self.assertEqual(orders.mapped("policy_letter_answer_state"), ["overdue"] * 3)
