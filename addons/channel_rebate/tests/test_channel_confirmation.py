from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..demand_hooks import export_answers
from .channel_portal_common import ChannelPortalCommon


@tagged("post_install", "-at_install")
class TestChannelConfirmation(ChannelPortalCommon, HttpCase):
    """Partners confirm letters or object; silence goes by rule (SPEC L3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "document_approval_mode": "enforce",
                "sale_policy_letter": True,
                "channel_confirmation_days": 3,
            }
        )
        cls.flow.level_ids.participation = "finding"  # nobody has to look
        cls.letters = cls.env.ref("sale_order_policy.ir_cron_follow_confirmations")
        cls.deadlines = cls.env.ref("channel_rebate.ir_cron_channel_confirmation")

    def _run(self, cron):
        cron.method_direct_trigger()
        self.env.invalidate_all()

    def _asked(self, **values):
        order = self._create_order(**values)
        order.action_confirm()
        self._run(self.letters)
        return order

    def _wait(self, order):
        confirmation = order.channel_confirmation_id
        confirmation._write_system(
            {"due_on": fields.Datetime.now() - timedelta(hours=1)}
        )
        self._run(self.deadlines)

    def _post(self, order, **data):
        return self.url_open(
            f"/my/orders/{order.id}/channel-answer",
            data={
                "csrf_token": Request.csrf_token(self),
                "confirmation_id": order.sudo().channel_confirmation_id.id,
                **data,
            },
            allow_redirects=False,
        )

    # Asking ------------------------------------------------------------------------

    def test_letter_asks_the_partner(self):
        order = self._asked()
        letter = order.sudo().policy_letter_id
        self.assertEqual(letter.state, "sent")
        self.assertRecordValues(
            order.channel_confirmation_id,
            [
                {
                    "letter_id": letter.id,
                    "version": 1,
                    "state": "waiting",
                    "channel_partner_id": self.channel.id,
                    "is_current": True,
                }
            ],
        )
        mail = order.sudo().message_ids.filtered("attachment_ids")
        self.assertIn("press “Confirm” or “Object”", mail[:1].body)

    def test_who_is_not_asked(self):
        self.company.channel_confirmation_days = 0
        self.assertFalse(self._asked().channel_confirmation_id)
        self.company.channel_confirmation_days = 3
        customer = self.env["res.partner"].create(
            {"name": "No partner", "email": "n@example.com"}
        )
        self.assertFalse(self._asked(partner_id=customer.id).channel_confirmation_id)
        agreement = self.channel.agreement_ids
        agreement.confirmation_rule = "none"
        self.assertFalse(self._asked().channel_confirmation_id)
        self.company.channel_confirmation_days = 0
        agreement.write({"confirmation_rule": "own", "confirmation_days": 9})
        self.assertTrue(self._asked().channel_confirmation_id)

    def test_working_days_of_the_company(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Shanghai", "tz": "Asia/Shanghai", "company_id": self.company.id}
        )
        self.company.resource_calendar_id = calendar
        due = self.env["channel.confirmation"]._get_due
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

    def test_partner_confirms_in_the_portal(self):
        order = self._asked()
        self.authenticate("dealer", "dealer")
        self.assertIn("Please confirm these orders", self.url_open("/my/channel").text)
        page = self.url_open(f"/my/orders/{order.id}").text
        self.assertIn("Please confirm this order", page)
        answer = self._post(order, answer="confirm")
        self.assertEqual(answer.status_code, 303)
        self.assertRecordValues(
            order.channel_confirmation_id,
            [
                {
                    "state": "confirmed",
                    "answered_by_id": self.dealer.id,
                    "answered_name": "Dealer",
                    "source": "portal",
                }
            ],
        )
        self.assertEqual(order.state, "sale")
        # answered is answered
        answer = self._post(order, answer="object", words="No!")
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(order.channel_confirmation_state, "confirmed")

    def test_partner_objects_by_the_link(self):
        order = self._asked()
        token = order.sudo()._portal_ensure_token()
        self.authenticate(None, None)
        line = order.order_line
        strange = self._create_order().order_line
        for data in ({"words": "Dear"}, {"name": "Mr Wu"}, {"name": " ", "words": "x"}):
            answer = self._post(order, access_token=token, answer="object", **data)
            self.assertEqual(answer.status_code, 422)
        answer = self._post(
            order,
            access_token=token,
            answer="object",
            name="Mr Wu",
            **{f"line_{line.id}": "We ordered 2", f"line_{strange.id}": "Not mine"},
        )
        self.assertEqual(answer.status_code, 303)
        confirmation = order.channel_confirmation_id
        self.assertRecordValues(
            confirmation,
            [{"state": "objected", "source": "link", "answered_name": "Mr Wu"}],
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
            .search([("channel_confirmation_state", "=", "objected")]),
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
        self.authenticate("dealer", "dealer")
        other = self._asked().channel_confirmation_id
        answer = self._post(order, answer="confirm", confirmation_id=other.id)
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(order.channel_confirmation_state, "waiting")
        self.assertEqual(other.state, "waiting")

    def test_answers_are_kept(self):
        order = self._asked()
        confirmation = order.channel_confirmation_id
        confirmation.sudo()._answer(False, "portal", "Mr Wu", "Wrong colour")
        for records in (confirmation, confirmation.sudo()):
            with self.assertRaises(AccessError):
                records.write({"state": "confirmed"})
            with self.assertRaises(UserError):
                records.unlink()
        with self.assertRaises(AccessError):
            confirmation.with_user(self.officer).create(
                {"order_id": order.id, "letter_id": confirmation.letter_id.id}
            )
        with self.assertRaises(UserError):
            confirmation._answer(True, "portal", "Mr Wu")

    def test_new_version_asks_anew(self):
        order = self._asked()
        first = order.channel_confirmation_id
        first.sudo()._answer(False, "portal", "Mr Wu", "Only two, please")
        order.sudo()._action_cancel()
        self.assertFalse(order.channel_confirmation_state)
        self.assertRecordValues(first, [{"state": "objected", "is_current": False}])
        order.action_draft()
        order.order_line.product_uom_qty = 2.0
        order.action_confirm()
        self._run(self.letters)
        second = order.channel_confirmation_id
        self.assertEqual((second.version, second.state), (2, "waiting"))
        order.sudo()._action_cancel()
        self.assertEqual(second.state, "superseded")
        with self.assertRaises(UserError):
            second._answer(True, "portal", "Mr Wu")

    def test_settled_in_words_is_asked_again(self):
        order = self._asked()
        first = order.channel_confirmation_id
        with self.assertRaises(UserError):
            first.with_user(self.salesman).action_ask_again()
        first.sudo()._answer(False, "portal", "Mr Wu", "Too late")
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            first.with_user(colleague).action_ask_again()
        first.with_user(self.salesman).action_ask_again()
        self.env.invalidate_all()
        self.assertEqual(order.channel_confirmation_state, "waiting")
        self.assertFalse(first.is_current)

    def test_answers_stay_with_the_order_after_all(self):
        order = self._asked()
        order.channel_confirmation_id.sudo()._answer(False, "portal", "Mr Wu", "No")
        export_answers(self.env)
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)],
            order="id desc",
            limit=1,
        )
        self.assertIn('"words": "No"', file.raw.decode())

    # No answer ---------------------------------------------------------------------

    def test_silence_goes_by_rule(self):
        for rule, state, told in (
            ("confirmed", "silent", False),
            ("both", "silent", True),
            ("remind", "overdue", True),
        ):
            self.company.channel_confirmation_rule = rule
            order = self._asked()
            self._run(self.deadlines)
            self.assertEqual(order.channel_confirmation_state, "waiting")
            self._wait(order)
            self.assertEqual(order.channel_confirmation_state, state)
            self.assertEqual(bool(order.sudo().activity_ids), told)
            self.assertEqual(order.state, "sale")
        # who is late may still answer
        order.channel_confirmation_id.sudo()._answer(True, "portal", "Mr Wu")
        self.assertEqual(order.channel_confirmation_state, "confirmed")

    def test_deadlines_in_batches(self):
        orders = self._asked() | self._asked() | self._asked()
        late = fields.Datetime.now() - timedelta(hours=1)
        orders.channel_confirmation_ids._write_system({"due_on": late})
        self.deadlines.code = "model._cron_follow_deadlines(batch_size=2)"
        self._run(self.deadlines)
        self.assertEqual(orders.mapped("channel_confirmation_state"), ["overdue"] * 3)
