from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_assessment import START, ChannelAssessmentCommon


@tagged("post_install", "-at_install")
class TestChannelAssessment(ChannelAssessmentCommon):
    """Who does what with an assessment, and what it leads to (SPEC L4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_simple_card()

    # Direct ----------------------------------------------------------------------

    def test_reward(self):
        assessment = self._assess(90)
        self.assertEqual(assessment.result, "reward")
        with self.assertRaises(AccessError):  # officers do not decide
            assessment.action_apply()
        with freeze_time("2025-10-05 10:00:00"):
            assessment.with_user(self.channel_manager).action_apply()
        self.assertRecordValues(
            assessment, [{"state": "done", "done_by_id": self.channel_manager.id}]
        )
        self.assertRecordValues(
            self.channel,
            [
                {
                    "assessment_id": assessment.id,
                    "assessed_score": 90,
                    "assessed_result": "reward",
                    "priority": "2",
                    "rebate_extra_rate": 1.5,
                    "support_amount": 3000,
                    "state": "active",
                }
            ],
        )

    def test_extra_rate_holds_until_the_next_assessment(self):
        with freeze_time("2025-10-05 10:00:00"):
            self._assess(95).with_user(self.channel_manager).action_apply()
        with freeze_time("2026-01-10 10:00:00"):
            self._assess(75, date_from="2025-10-01").with_user(
                self.channel_manager
            ).action_apply()
        for day, rate in (
            ("2025-10-04", 0),
            ("2025-10-05", 1.5),
            ("2026-01-09", 1.5),
            ("2026-01-10", 0),
        ):
            rates = self.channel._channel_get_extra_rates(day)
            self.assertEqual(rates, {self.channel.id: rate}, day)
        self.assertEqual(self.channel.rebate_extra_rate, 0)

    def test_an_earlier_period_is_history(self):
        later = self._assess(75, date_from="2025-10-01")
        later.with_user(self.channel_manager).action_apply()
        earlier = self._assess(95)
        earlier.with_user(self.channel_manager).action_apply()
        self.assertEqual((earlier.state, earlier.is_history), ("done", True))
        self.assertEqual(self.channel.assessment_id, later)
        self.assertEqual(self.channel.priority, "0")
        today = self.credit_accounts._get_today(self.company)
        rates = self.channel._channel_get_extra_rates(today)
        self.assertEqual(rates[self.channel.id], 0)

    def test_termination(self):
        assessment = self._assess(49.99)
        assessment.with_user(self.channel_manager).action_apply()
        self.assertEqual(self.channel.state, "terminated")
        with self.assertRaises(UserError):
            self._create_assessment(date_from="2025-10-01")

    def test_measures_may_be_adapted_before(self):
        assessment = self._assess(90)
        assessment.write({"rebate_extra_rate": 0.5, "support_amount": 100})
        assessment.line_ids.write({"value": 91})  # still a reward
        self.assertEqual(assessment.rebate_extra_rate, 0.5)
        assessment.line_ids.write({"value": 70})  # another result: its measures
        self.assertRecordValues(
            assessment, [{"rebate_extra_rate": 0, "support_amount": 0}]
        )
        with self.assertRaises(UserError):
            assessment.write({"rebate_extra_rate": -1})

    def test_incomplete_is_refused(self):
        assessment = self._create_assessment()
        assessment.line_ids.write({"value": 95})
        with self.assertRaisesRegex(UserError, "Market effect"):  # without a source
            assessment.with_user(self.channel_manager).action_apply()
        assessment.line_ids.write({"source_text": "  "})
        self.assertTrue(assessment.missing_count)
        with self.assertRaises(UserError):
            assessment.line_ids.write({"value": 100.01})

    def test_zero_is_an_answer(self):
        assessment = self._assess(0)
        self.assertRecordValues(
            assessment, [{"missing_count": 0, "score": 0, "result": "termination"}]
        )

    def test_the_salesperson_does_not_decide(self):
        assessment = self._assess(90)
        self.channel.user_id = self.channel_manager
        with self.assertRaisesRegex(AccessError, "yours"):
            assessment.with_user(self.channel_manager).action_apply()
        self.channel.user_id = self.officer
        self.partner.sudo().user_id = self.channel_manager  # the customer's
        with self.assertRaises(AccessError):
            assessment.with_user(self.channel_manager).action_apply()
        self.partner.sudo().user_id = self.salesman
        own = self._create_assessment(date_from="2025-10-01")
        self.assertEqual(own.salesperson_id, self.officer)
        self.channel.user_id = self.channel_manager
        mine = self._assess(90, date_from="2026-01-01")
        self.channel.user_id = self.salesman  # passed on to decide
        with self.assertRaises(AccessError):
            mine.with_user(self.channel_manager).action_apply()

    # What stays ------------------------------------------------------------------

    def test_done_is_history(self):
        assessment = self._assess(90)
        assessment.with_user(self.channel_manager).action_apply()
        manager = assessment.with_user(self.channel_manager)
        for action in (
            lambda: manager.write({"note": "X"}),
            lambda: manager.line_ids.write({"value": 1}),
            lambda: manager.unlink(),
            lambda: manager.action_cancel(),
            lambda: manager.action_apply(),
            lambda: manager.action_compute(),
            lambda: manager.sudo().with_context(_force_unlink=True).unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                action()

    def test_system_kept_fields(self):
        assessment = self._assess(40)
        for record in (assessment, assessment.sudo()):
            for values in (
                {"state": "done"},
                {"score": 100},
                {"result": "reward"},
                {"is_history": True},
                {"company_id": False},
                {"date_done": "2025-01-01"},
            ):
                with self.assertRaises(AccessError):
                    record.write(values)
            with self.assertRaises(AccessError):
                record.line_ids.write({"points": 100})
            with self.assertRaises(AccessError):
                record.line_ids.write({"weight": 1})
        with self.assertRaises(UserError):
            assessment.write({"channel_partner_id": self.channel.id})
        with self.assertRaises(AccessError):
            self._create_assessment(date_from="2026-01-01", score=100)
        with self.assertRaises(AccessError):
            self._create_assessment(date_from="2026-01-01", state="done")

    def test_defaults_of_users_open_nothing(self):
        defaults = self.env["ir.default"].sudo()
        defaults.set("channel.assessment", "state", "done")
        defaults.set("channel.assessment", "score", 100)
        defaults.set("channel.assessment.line", "points", 100)
        defaults.set("channel.partner", "rebate_extra_rate", 9)
        defaults.set("channel.partner", "state", "terminated")
        assessment = self._create_assessment()
        self.assertRecordValues(assessment, [{"state": "draft", "score": 0}])
        self.assertEqual(assessment.line_ids.points, 0)
        partner = self.env["res.partner"].sudo().create({"name": "Dealer"})
        channel = (
            self.env["channel.partner"]
            .with_user(self.officer)
            .create({"partner_id": partner.id, "company_id": self.company.id})
        )
        self.assertRecordValues(channel, [{"state": "draft", "rebate_extra_rate": 0}])

    def test_partner_file_is_written_by_assessments_only(self):
        for record in (
            self.channel.with_user(self.officer),
            self.channel.with_user(self.channel_manager),
            self.channel.sudo(),
        ):
            for values in (
                {"rebate_extra_rate": 5},
                {"priority": "3"},
                {"support_amount": 1},
                {"assessed_score": 100},
                {"assessed_result": "reward"},
                {"state": "terminated"},
                {"state": "rectification"},
            ):
                with self.assertRaises(AccessError):
                    record.write(values)
        partner = self.env["res.partner"].sudo().create({"name": "Dealer"})
        with self.assertRaises(AccessError):
            self._create_channel(partner, rebate_extra_rate=5)

    def test_terminated_comes_back_by_an_administrator(self):
        self._assess(0).with_user(self.channel_manager).action_apply()
        with self.assertRaises(AccessError):
            self.channel.with_user(self.officer).write({"state": "active"})
        with self.assertRaises(AccessError):
            self.channel.with_user(self.officer).action_resume()
        self.channel.with_user(self.channel_manager).action_resume()
        self.assertEqual(self.channel.state, "active")
        self.channel.with_user(self.channel_manager).action_terminate()
        self.assertEqual(self.channel.state, "terminated")

    def test_once_per_period(self):
        first = self._create_assessment(date_from="2025-08-17")
        self.assertEqual((first.date_from, first.period_name), (START, "2025 Q3"))
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._create_assessment(date_from="2025-09-01")
        year = self._create_assessment(period_kind="year")
        self.assertEqual(year.period_name, "2025")
        self.assertEqual(str(year.date_to), "2025-12-31")
        first.action_cancel()
        self._create_assessment()

    def test_no_scorecard_in_use(self):
        self.card._set_state("archived")
        with self.assertRaisesRegex(UserError, "No scorecard is in use"):
            self._create_assessment()

    # Who -------------------------------------------------------------------------

    def test_salespeople_read_their_own(self):
        assessment = self._assess(90)
        other = self._create_user("third", "sales_team.group_sale_salesman")
        own = assessment.with_user(self.salesman)
        self.assertEqual(own.line_ids.mapped("points"), [90])
        with self.assertRaises(AccessError):
            assessment.with_user(other).read(["score"])
        with self.assertRaises(AccessError):
            assessment.line_ids.with_user(other).read(["points"])
        for action in (
            lambda: own.write({"note": "X"}),
            lambda: own.line_ids.write({"value": 100}),
            lambda: own.action_apply(),
            lambda: own.action_compute(),
            lambda: own.action_cancel(),
            lambda: self._create_assessment(user=self.salesman, date_from="2025-10-01"),
        ):
            with self.assertRaises(AccessError):
                action()

    def test_other_companies_and_portal(self):
        assessment = self._assess(90)
        company = self.env["res.company"].sudo().create({"name": "Subsidiary"})
        stranger = self._create_user("stranger", "channel_rebate.group_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        portal = self._create_user("portal user", "base.group_portal")
        for user in (stranger, portal):
            for record in (assessment, assessment.line_ids, self.card):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
            with self.assertRaises(AccessError):
                assessment.with_user(user).action_apply()
            with self.assertRaises(AccessError):
                self.channel.with_user(user).action_terminate()

    # Approval --------------------------------------------------------------------

    def _enforce(self):
        self.company.channel_assessment_mode = "enforce"

    def test_approval_of_sales_and_management(self):
        self._enforce()
        self.assertEqual(self.company.document_approval_mode, "off")
        assessment = self._assess(90)
        with self.assertRaisesRegex(UserError, "submit it"):
            assessment.with_user(self.channel_manager).action_apply()
        with self.assertRaises(UserError):  # whatever the route
            assessment._set_state("done")
        assessment.action_submit_for_approval()
        seats = assessment.sudo().approval_round_id.seat_ids
        self.assertEqual(
            [(s.state, s.candidate_ids) for s in seats.sorted("level_sequence")],
            [("open", self.supervisor), ("waiting", self.director)],
        )
        self.assertEqual(assessment.with_user(self.supervisor).score, 90)
        self._approve(assessment)
        self.assertRecordValues(
            assessment, [{"state": "done", "approval_state": "approved"}]
        )
        self.assertEqual(self.channel.rebate_extra_rate, 1.5)

    def test_changed_after_submission(self):
        self._enforce()
        assessment = self._assess(90)
        assessment.action_submit_for_approval()
        assessment.line_ids.write({"value": 95})
        self.assertEqual(assessment.approval_state, "superseded")
        assessment.action_submit_for_approval()
        assessment.write({"support_amount": 99999})
        self.assertEqual(assessment.approval_state, "superseded")
        self.assertEqual(self.channel.assessed_score, 0)

    def test_refused(self):
        self._enforce()
        assessment = self._assess(20)
        assessment.action_submit_for_approval()
        seat = assessment.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.state == "open"
        )
        seat.with_user(self.supervisor).action_refuse("He had a fire")
        self.assertEqual(assessment.state, "draft")
        self.assertEqual(self.channel.state, "active")

    def test_the_salesperson_may_not_approve(self):
        self._enforce()
        self.departments["sales"].member_ids += self.other_salesman
        self.channel.user_id = self.supervisor
        assessment = self._assess(90)
        assessment.action_submit_for_approval()
        candidates = assessment.sudo().approval_round_id.seat_ids.candidate_ids
        self.assertNotIn(self.supervisor, candidates)

    def test_made_over_while_it_waits(self):
        self._enforce()
        assessment = self._assess(90)
        assessment.action_submit_for_approval()
        seat = assessment.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.state == "open"
        )
        self.channel.user_id = self.supervisor
        with self.assertRaises(UserError):
            seat.with_user(self.supervisor).action_approve()
        self.assertEqual(assessment.state, "draft")

    def test_nothing_by_hand_where_approval_decides(self):
        self._enforce()
        with self.assertRaises(UserError):
            self.channel.with_user(self.channel_manager).action_terminate()
        with self.assertRaises(UserError):
            self.channel.with_user(self.channel_manager).action_resume()

    def test_without_a_flow_nothing_is_decided(self):
        self._enforce()
        self.env["document.approval.flow"].sudo().search(
            [("model", "=", "channel.assessment")]
        ).active = False
        assessment = self._assess(90)
        with self.assertRaises(UserError):
            assessment.action_submit_for_approval()
        with self.assertRaises(UserError):
            assessment.with_user(self.channel_manager).action_apply()
