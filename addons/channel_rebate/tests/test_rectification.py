import json
from datetime import timedelta

from freezegun import freeze_time

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.channel_rebate.assessment_hooks import leave_assessments

from .common_assessment import ChannelAssessmentCommon


@tagged("post_install", "-at_install")
class TestRectification(ChannelAssessmentCommon, HttpCase):
    """Told, answered with evidence, verified; failed and overdue ones (SPEC L4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_simple_card()
        cls.assessment = cls._assess(50)
        cls.assessment.with_user(cls.channel_manager).action_apply()
        cls.record = cls.assessment.rectification_ids.with_user(cls.officer)
        cls.portal = (
            cls.env["res.users"]
            .sudo()
            .create(
                {
                    "name": "Dealer",
                    "login": "channel_dealer",
                    "password": "channel_dealer",
                    "partner_id": cls.partner.id,
                    "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                    "company_id": cls.company.id,
                    "company_ids": [(6, 0, cls.company.ids)],
                }
            )
        )

    def _tell(self):
        self.record.required_actions = "Renew the shop sign"
        self.record.action_tell()

    def test_follows_from_the_assessment(self):
        today = self.credit_accounts._get_today(self.company)
        self.assertEqual(self.channel.state, "rectification")
        self.assertRecordValues(
            self.record,
            [
                {
                    "state": "draft",
                    "channel_partner_id": self.channel.id,
                    "date_deadline": today + timedelta(days=30),
                    "user_id": self.officer.id,
                    "findings": "Market effect: 50",
                }
            ],
        )
        self.assertEqual(
            self.channel.rectification_deadline, today + timedelta(days=30)
        )
        activity = self.record.activity_ids
        self.assertEqual(activity.user_id, self.officer)
        self.assertEqual(activity.date_deadline, self.record.date_deadline)

    def test_told_answered_and_verified(self):
        with self.assertRaisesRegex(UserError, "has to do"):
            self.record.action_tell()
        self._tell()
        message = self.record.message_ids.filtered("partner_ids")
        self.assertEqual(message.partner_ids, self.partner)
        self.assertIn("Renew the shop sign", message.body)
        self.assertFalse(self.record.message_partner_ids & self.partner)
        self.assertFalse(self.record.activity_ids)
        with self.assertRaises(UserError):  # he was told other words
            self.record.write({"required_actions": "Nothing"})
        with self.assertRaises(UserError):
            self.record.action_done()
        with self.assertRaises(UserError):
            self.record.action_answer()
        self.record.answer = "New sign since Monday"
        self.record.action_answer()
        self.assertEqual(self.record.activity_ids.user_id, self.officer)
        self.record.action_done()
        self.assertRecordValues(
            self.record, [{"state": "done", "verified_by_id": self.officer.id}]
        )
        self.assertEqual(self.channel.state, "active")
        self.assertFalse(self.channel.rectification_deadline)
        with self.assertRaises(UserError):
            self.record.write({"answer": "Other"})

    def test_failed_is_escalated(self):
        self._tell()
        with self.assertRaisesRegex(UserError, "still not right"):
            self.record.action_failed()
        self.record.verification_note = "The old sign is there"
        self.record.action_failed()
        self.assertEqual(self.channel.state, "rectification")
        activity = self.channel.activity_ids
        self.assertEqual(activity.user_id, self.director)  # management
        self.assertIn("The old sign is there", activity.note)

    def test_the_salesperson_does_not_verify(self):
        self._tell()
        self.record.answer = "Done"
        self.record.action_answer()
        self.channel.user_id = self.officer
        for action in (self.record.action_done, self.record.action_failed):
            with self.assertRaisesRegex(AccessError, "yours"):
                action()
        self.assertEqual(self.record.state, "answered")

    def test_who_may(self):
        self._tell()
        own = self.record.with_user(self.salesman)
        self.assertEqual(own.state, "told")
        for action in (
            lambda: own.write({"answer": "X"}),
            lambda: own.action_answer(),
            lambda: own.action_done(),
            lambda: own.action_failed(),
            lambda: own.action_cancel(),
            lambda: self.record.action_cancel(),  # an assessment asked for it
            lambda: self.record.write({"state": "done"}),
            lambda: self.record.sudo().write({"state": "done"}),
            lambda: self.record.write({"verified_by_id": self.officer.id}),
            lambda: self.record.write({"assessment_id": False}),
        ):
            with self.assertRaises(AccessError):
                action()
        with self.assertRaises(UserError):
            self.record.sudo().unlink()
        third = self._create_user("third", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.record.with_user(third).read(["state"])
        self.record.with_user(self.channel_manager).action_cancel()
        self.assertEqual(self.record.state, "cancel")

    def test_made_by_an_officer(self):
        record = (
            self.env["channel.rectification"]
            .with_user(self.officer)
            .create(
                {
                    "channel_partner_id": self.channel.id,
                    "findings": "Sells outside his region",
                    "date_deadline": "2030-01-01",
                }
            )
        )
        self.assertEqual(record.company_id, self.company)
        with self.assertRaises(AccessError):
            record.create(
                {
                    "channel_partner_id": self.channel.id,
                    "findings": "X",
                    "date_deadline": "2030-01-01",
                    "state": "done",
                }
            )
        self._tell()
        self.record.answer = "Done"
        self.record.action_answer()
        self.record.action_done()
        self.assertEqual(self.channel.state, "rectification")  # one is open still
        record.action_cancel()
        self.assertEqual(record.state, "cancel")

    def test_overdue_is_told_once_per_deadline(self):
        self._tell()
        cron = self.env.ref("channel_rebate.ir_cron_remind_rectifications").sudo()

        def run(day):
            self.env.flush_all()
            with freeze_time(day), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            return self.record.activity_ids

        deadline = self.record.date_deadline
        self.assertFalse(run(deadline))
        late = run(deadline + timedelta(days=1))
        self.assertEqual(late.user_id, self.officer)
        late.sudo().unlink()
        self.assertFalse(run(deadline + timedelta(days=2)))
        self.record.date_deadline = deadline + timedelta(days=10)
        self.assertFalse(run(deadline + timedelta(days=10)))
        self.assertTrue(run(deadline + timedelta(days=11)))

    def test_terminated_partners_have_nothing_to_put_right(self):
        self.channel.with_user(self.channel_manager).action_terminate()
        self.assertEqual(self.record.state, "cancel")

    # Portal ----------------------------------------------------------------------

    def test_portal_reads_own_and_only_when_told(self):
        own = self.record.with_user(self.portal)
        with self.assertRaises(AccessError):
            own.read(["findings"])
        self._tell()
        self.assertEqual(own.required_actions, "Renew the shop sign")
        with self.assertRaises(AccessError):
            own.read(["verification_note"])
        with self.assertRaises(AccessError):
            own.read(["channel_partner_id"])
        with self.assertRaises(AccessError):
            own.write({"answer": "X"})
        for action in (own.action_answer, own.action_done, own.action_failed):
            with self.assertRaises(AccessError):
                action()
        stranger = self._create_user("other dealer", "base.group_portal")
        with self.assertRaises(AccessError):
            self.record.with_user(stranger).read(["findings"])

    def test_portal_pages(self):
        self._tell()
        url = f"/my/rectifications/{self.record.id}"
        self.authenticate("channel_dealer", "channel_dealer")
        self.assertIn("Market effect", self.url_open("/my/rectifications").text)
        page = self.url_open(url)
        self.assertIn("Renew the shop sign", page.text)
        token = http.Request.csrf_token(self)
        self.assertEqual(
            self.url_open(f"{url}/answer", {"answer": "X"}).status_code, 400
        )
        refused = self.url_open(f"{url}/answer", {"csrf_token": token, "answer": "  "})
        self.assertIn("Please say what you have done", refused.text)
        self.url_open(
            f"{url}/answer",
            {"csrf_token": token, "answer": "New sign"},
            files={"files": ("sign.txt", b"here it is", "text/plain")},
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            self.record,
            [
                {
                    "state": "answered",
                    "answer": "New sign",
                    "answered_by_id": self.portal.id,
                }
            ],
        )
        self.assertEqual(self.record.answer_attachment_ids.raw, b"here it is")
        again = self.url_open(f"{url}/answer", {"csrf_token": token, "answer": "More"})
        self.assertIn("not its next step", again.text)
        self.assertEqual(self.record.answer, "New sign")

    def test_portal_pages_of_others(self):
        self._tell()
        stranger = self._create_user("other dealer", "base.group_portal")
        stranger.sudo().password = "channel_stranger"
        url = f"/my/rectifications/{self.record.id}"
        self.authenticate(stranger.login, "channel_stranger")
        self.assertNotIn("Market effect", self.url_open("/my/rectifications").text)
        self.assertNotIn("Renew the shop sign", self.url_open(url).text)
        token = http.Request.csrf_token(self)
        self.url_open(f"{url}/answer", {"csrf_token": token, "answer": "X"})
        self.env.invalidate_all()
        self.assertEqual(self.record.state, "told")
        self.authenticate(None, None)
        self.assertNotIn("Renew the shop sign", self.url_open(url).text)

    # Uninstall -------------------------------------------------------------------

    def test_history_stays_with_the_customer(self):
        leave_assessments(self.env(su=True))
        file = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "res.partner"),
                    ("res_id", "=", self.partner.id),
                    ("name", "=like", "channel-assessments-%"),
                ]
            )
        )
        (assessment,) = json.loads(file.raw)
        self.assertEqual(assessment["score"], 50)
        self.assertEqual(assessment["criteria"][0]["source"], "Visit")
        self.assertEqual(assessment["rectifications"][0]["state"], "draft")
        self.assertFalse(self.env["channel.assessment"].search([]))
        self.assertFalse(self.env["channel.scorecard"].search([]))
        self.assertTrue(self.channel.exists())
