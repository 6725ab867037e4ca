from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ApprovalCommon

LOGGER = "odoo.addons.document_approval.models.document_approval_seat_digest"


class NotifyCommon(ApprovalCommon):
    """Helpers to look at the mail queue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.mail"].search([]).unlink()

    def _mails(self, user):
        return self.env["mail.mail"].search(
            [("recipient_ids", "=", user.partner_id.id)]
        )


@tagged("post_install", "-at_install")
class TestNotify(NotifyCommon):
    """One mail for a seat and a person, as he prefers; nobody else learns of it."""

    def test_responsible_gets_one_mail_in_the_queue(self):
        document = self._submitted(name="SO/7")
        mail = self._mails(self.supervisor)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.state, "outgoing")
        self.assertTrue(mail.auto_delete)
        self.assertIn("SO/7", mail.subject)
        self.assertIn("/approval/decide/", mail.body_html)
        self.assertIn("/odoo/my-approvals", mail.body_html)
        self.assertEqual(mail.reply_to, self.requester.email_formatted)
        self.assertEqual(len(document.activity_ids), 1)
        self.assertEqual(mail, self.env["mail.mail"].search([]))

    def test_only_the_first_responsible_of_the_level_whose_turn_it_is(self):
        document = self._submitted()
        self.assertFalse(self._mails(self.accountant))
        self._approve(document, self.sales, self.supervisor)
        told = self._mails(self.accountant) | self._mails(self.accountant_2)
        self.assertEqual(len(told), 1)
        self.assertEqual(len(self._mails(self.supervisor)), 1)

    def test_the_mail_says_what_it_is_about(self):
        self.company.currency_id = self.env.ref("base.EUR")
        document = self._submitted(
            line_ids=[Command.create({"name": "Lamp <b>", "quantity": 3, "price": 2})]
        )
        self._approve(document, self.sales, self.supervisor)
        responsible = self._seat(document, self.finance).activity_id.user_id
        body = self._mails(responsible).body_html
        self.assertIn("requester", body)
        self.assertIn("Approval Test Document", body)
        self.assertIn("6.00", body)
        self.assertIn("Price 2.0 is below 5", body)
        self.assertNotIn("Lamp <b>", body)

    def test_mail_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.supervisor.lang = "fr_FR"
        seats = self.registry["document.approval.seat"]
        with patch.object(
            seats, "_queue_approval_mail", autospec=True
        ) as queue_approval_mail:
            self._submitted()
        mailer = queue_approval_mail.call_args.args[0]
        self.assertEqual(mailer.env.lang, "fr_FR")

    def test_preference_digest_or_none_gets_no_mail(self):
        for preference in ("digest", "none"):
            self.supervisor.document_approval_notify = preference
            document = self._submitted()
            self.assertFalse(self._mails(self.supervisor))
            self.assertEqual(document.activity_ids.user_id, self.supervisor)

    def test_nobody_gets_a_second_mail_about_a_seat(self):
        seat = self._seat(self._submitted(), self.sales)
        seat._notify_responsible(self.supervisor)
        self.assertEqual(len(self._mails(self.supervisor)), 1)

    def test_no_mail_to_who_acts_left_is_external_or_has_no_address(self):
        seat = self._seat(self._submitted(), self.sales)
        seat.with_user(self.operator)._notify_responsible(self.operator)
        self.colleague.active = False
        self.technician.group_ids = self.env.ref("base.group_portal")
        self.producer.email = False
        for user in (self.colleague, self.technician, self.producer):
            seat._notify_responsible(user)
        others = self.operator | self.colleague | self.technician | self.producer
        for user in others:
            self.assertFalse(self._mails(user))

    def test_leaves_no_trace_on_the_document(self):
        self.supervisor.notification_type = "inbox"
        document = self._submitted()
        self.assertNotIn(self.supervisor.partner_id, document.message_partner_ids)
        messages = self.env["mail.message"].search(
            [("model", "=", document._name), ("res_id", "=", document.id)]
        )
        self.assertFalse(
            messages.filtered(
                lambda message: "/approval/decide" in (message.body or "")
            )
        )
        self.assertFalse(
            self.env["mail.notification"].search(
                [("res_partner_id", "=", self.supervisor.partner_id.id)]
            )
        )

    def test_context_of_the_submitter_adds_no_reader(self):
        document = self._new_document()
        document.with_context(
            default_email_cc="spy@example.com",
            default_email_to="spy@example.com",
            default_reply_to="spy@example.com",
            default_recipient_ids=[Command.link(self.other_partner.id)],
            default_model="res.partner",
            default_res_id=self.partner.id,
        ).action_submit_for_approval()
        mail = self._mails(self.supervisor)
        self.assertEqual(mail.recipient_ids, self.supervisor.partner_id)
        self.assertFalse(mail.email_cc or mail.email_to or mail.model or mail.res_id)
        self.assertEqual(mail.reply_to, self.requester.email_formatted)

    def test_own_defaults_of_the_submitter_add_no_reader(self):
        self.env["ir.default"].set(
            "mail.mail", "email_cc", "spy@example.com", user_id=self.requester.id
        )
        self._submitted()
        self.assertFalse(self._mails(self.supervisor).email_cc)

    def test_only_administrators_read_the_queue(self):
        self._submitted()
        for user in (self.requester, self.colleague, self.admin):
            self.assertFalse(self.env["mail.mail"].with_user(user).has_access("read"))
            found = (
                self.env["mail.message"]
                .with_user(user)
                .search([("subject", "like", "Please decide")])
            )
            self.assertFalse(found)

    def test_line_breaks_in_a_name_stay_out_of_the_subject(self):
        self._submitted(name="D1\r\nBcc: spy@example.com")
        subject = self._mails(self.supervisor).subject
        self.assertNotIn("\n", subject)
        self.assertNotIn("\r", subject)

    def test_users_set_their_own_preference_only(self):
        self.supervisor.with_user(self.supervisor).document_approval_notify = "none"
        self.assertEqual(self.supervisor.document_approval_notify, "none")
        with self.assertRaises(Exception) as caught:
            self.operator.with_user(self.supervisor).document_approval_notify = "none"
        self.assertIn("AccessError", type(caught.exception).__name__)


@tagged("post_install", "-at_install")
class TestDigest(NotifyCommon):
    """One mail each morning, in the reader's own morning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor.write({"document_approval_notify": "digest", "tz": "UTC"})
        cls.cron = cls.env.ref("document_approval.ir_cron_send_digest")

    def _run(self, now="2030-01-07 07:30:00"):
        with freeze_time(now), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def test_lists_what_waits_with_links(self):
        first, second = self._submitted(name="D1"), self._submitted(name="D2")
        self._run()
        mail = self._mails(self.supervisor)
        self.assertEqual(len(mail), 1)
        self.assertIn("2", mail.subject)
        for document in (first, second):
            self.assertIn(document.name, mail.body_html)
        self.assertEqual(mail.body_html.count("/approval/decide/"), 2)
        self.assertEqual(mail.recipient_ids, self.supervisor.partner_id)

    def test_says_what_is_overdue(self):
        document = self._submitted()
        self._run("2030-01-07 07:30:00")
        self.assertNotIn("Overdue", self._mails(self.supervisor).body_html)
        self._seat(document, self.sales).date_deadline = datetime(2030, 1, 7)
        self._run("2030-01-08 07:30:00")
        self.assertIn("Overdue", self._mails(self.supervisor)[0].body_html)

    def test_nothing_to_decide_no_mail(self):
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        self._run()
        self.assertFalse(self._mails(self.supervisor))

    def test_once_a_day_in_the_morning_of_the_user(self):
        self._submitted()
        self.supervisor.tz = "Asia/Shanghai"  # eight hours ahead of UTC
        self._run("2030-01-06 22:30:00")  # 6:30 there
        self.assertFalse(self._mails(self.supervisor))
        self._run("2030-01-06 23:30:00")
        self.assertEqual(len(self._mails(self.supervisor)), 1)
        self._run("2030-01-07 05:30:00")
        self.assertEqual(len(self._mails(self.supervisor)), 1)
        self._run("2030-01-07 23:30:00")
        self.assertEqual(len(self._mails(self.supervisor)), 2)

    def test_who_wants_each_mail_or_none_gets_no_digest(self):
        self._submitted()
        for preference in ("each", "none"):
            self.supervisor.document_approval_notify = preference
            self._run()
        self.supervisor.write({"document_approval_notify": "digest", "active": False})
        self._run()
        self.assertFalse(self._mails(self.supervisor))

    def test_only_of_the_companies_of_the_user(self):
        self._submitted()
        other = self.env["res.company"].create({"name": "Other"})
        self.supervisor.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        self._run()
        self.assertFalse(self._mails(self.supervisor))

    def test_of_all_companies_of_the_user(self):
        self._submitted()
        other = self.env["res.company"].create({"name": "Other"})
        self.supervisor.write(
            {"company_id": other.id, "company_ids": [Command.link(other.id)]}
        )
        self._run()
        self.assertEqual(len(self._mails(self.supervisor)), 1)

    def test_trouble_with_one_user_does_not_stop_the_others(self):
        self.operator.write({"document_approval_notify": "digest", "tz": "UTC"})
        self._submitted()
        self._approve(self._submitted(), self.sales, self.supervisor)
        seats = self.registry["document.approval.seat"]
        send = seats._send_digest
        asked = []

        def broken_for_one(seat, user):
            asked.append(user)
            if user == self.supervisor:
                raise ValueError("broken")
            return send(seat, user)

        with (
            patch.object(seats, "_send_digest", broken_for_one),
            mute_logger(LOGGER),
        ):
            self._run()
        self.assertEqual(set(asked), {self.supervisor, self.operator})
        self.assertFalse(self._mails(self.supervisor))

    def test_a_lost_race_is_not_taken_for_trouble(self):
        seats = self.registry["document.approval.seat"]
        with (
            patch.object(seats, "_send_digest", side_effect=SerializationFailure),
            self.assertRaises(SerializationFailure),
        ):
            self.env["document.approval.seat"]._try_send_digest(self.supervisor)

    def test_long_digests_are_cut_and_say_so(self):
        module = "odoo.addons.document_approval.models.document_approval_seat_digest"
        for name in ("D1", "D2", "D3"):
            self._submitted(name=name)
        with patch(f"{module}._DIGEST_LENGTH", 2):
            self._run()
        mail = self._mails(self.supervisor)
        self.assertIn("3", mail.subject)
        self.assertEqual(mail.body_html.count("/approval/decide/"), 2)
        self.assertIn("Not shown here", mail.body_html)

    def test_queries_do_not_grow_with_the_documents(self):
        seats = self.env["document.approval.seat"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            seats._send_digest(self.supervisor)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._submitted(name="D0")
        count()  # fills the caches
        few = count()
        for index in range(12):
            self._submitted(name=f"D{index}")
        self.assertLessEqual(count(), few + 1)
