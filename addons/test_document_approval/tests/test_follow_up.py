from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestFollowUp(ApprovalCommon):
    """What happens by itself while a document waits (SPEC B5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales.fallback_id = cls.management
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "40 hours", "company_id": cls.company.id, "tz": "UTC"}
        )
        cls.flow.level_ids[0].seat_ids.deadline_days = 1

    def _cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("document_approval.ir_cron_follow_up").method_direct_trigger()
        self.env.invalidate_all()

    def test_time_limit_counts_working_time(self):
        with freeze_time("2026-11-20 10:00:00"):  # a Friday
            document = self._submitted()
            seat = self._seat(document, self.sales)
            self.assertEqual(str(seat.date_deadline), "2026-11-23 10:00:00")

    def test_escalates_once_after_the_time_limit(self):
        with freeze_time("2026-11-20 10:00:00"):
            document = self._submitted()
        seat = self._seat(document, self.sales)
        with freeze_time("2026-11-22 10:00:00"):
            self._cron()
            self.assertEqual(seat.candidate_ids, self.supervisor, "it is Sunday")
        with freeze_time("2026-11-23 10:00:01"):
            self._cron()
            self._cron()
        self.assertEqual(seat.candidate_ids, self.supervisor | self.manager)
        entry = seat.decision_ids
        self.assertRecordValues(entry, [{"kind": "escalate"}])
        self.assertEqual(entry.person_ids, self.manager)
        self.assertEqual(seat.activity_id.user_id, self.manager)
        self.assertEqual(len(document.activity_ids), 1)

    def test_both_may_decide_after_an_escalation(self):
        for user in (self.supervisor, self.manager):
            with freeze_time("2026-11-20 10:00:00"):
                document = self._submitted()
            with freeze_time("2026-11-24 10:00:00"):
                self._cron()
                self._approve(document, self.sales, user)
            self.assertEqual(self._seat(document, self.sales).state, "approved")

    def test_escalates_further_when_time_runs_out_again(self):
        self.management.fallback_id = self.operations
        with freeze_time("2026-11-20 10:00:00"):
            document = self._submitted()
        seat = self._seat(document, self.sales)
        for day in ("2026-11-24", "2026-11-26", "2026-11-30", "2026-12-02"):
            with freeze_time(f"{day} 10:00:00"):
                self._cron()
        self.assertEqual(
            seat.candidate_ids, self.supervisor | self.manager | self.operator
        )
        self.assertEqual(seat.decision_ids.mapped("kind"), ["escalate", "escalate"])
        self.assertFalse(seat.date_escalation)

    def test_never_escalates_to_whose_document_it_is(self):
        self.management.member_ids += self.requester
        with freeze_time("2026-11-20 10:00:00"):
            document = self._submitted()
        with freeze_time("2026-11-24 10:00:00"):
            self._cron()
        seat = self._seat(document, self.sales)
        self.assertNotIn(self.requester, seat.candidate_ids)

    def test_decided_seats_are_left_alone(self):
        with freeze_time("2026-11-20 10:00:00"):
            document = self._submitted()
            self._approve(document, self.sales, self.supervisor)
        with freeze_time("2026-11-24 10:00:00"):
            self._cron()
        self.assertEqual(
            self._seat(document, self.sales).decision_ids.mapped("kind"), ["approve"]
        )

    def test_departed_reviewer_is_replaced_by_the_fallback(self):
        document = self._submitted()
        self.supervisor.active = False
        self._cron()
        seat = self._seat(document, self.sales)
        self.assertIn(self.manager, seat.candidate_ids)
        self.assertEqual(seat.decision_ids.kind, "replace")
        self.assertEqual(seat.activity_id.user_id, self.manager)
        seat.with_user(self.manager).action_approve()
        self.assertEqual(seat.state, "approved")

    def test_departed_one_of_several_is_not_replaced(self):
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        self.accountant.active = False
        self._cron()
        seat = self._seat(document, self.finance)
        self.assertEqual(seat.candidate_ids.filtered("active"), self.accountant_2)
        self.assertFalse(seat.decision_ids)
        self.assertEqual(seat.activity_id.user_id, self.accountant_2)

    def test_departed_before_his_turn_came(self):
        document = self._submitted()
        self.operator.active = False
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.finance, self.accountant)
        seat = self._seat(document, self.operations)
        self.assertIn(self.manager, seat.candidate_ids)

    def test_passing_to_a_reviewer_asks_for_a_new_round(self):
        document = self._submitted()
        document.user_id = self.supervisor
        self.assertEqual(document.approval_state, "superseded")
        document.action_submit_for_approval()
        self.assertEqual(self._seat(document, self.sales).candidate_ids, self.manager)

    def test_the_salesperson_is_no_way_to_choose_who_reviews(self):
        """Neither given to a reviewer and back, nor given before and taken back."""
        document = self._submitted()
        document.user_id = self.supervisor
        document.user_id = self.requester
        document.action_submit_for_approval()
        self.assertEqual(
            self._seat(document, self.sales).candidate_ids, self.supervisor
        )
        other = self._submitted(user_id=self.supervisor.id)
        self.assertEqual(self._seat(other, self.sales).candidate_ids, self.manager)
        other.user_id = self.requester
        self.assertEqual(other.approval_state, "superseded")

    def test_passing_to_who_approved_it_asks_for_a_new_round(self):
        document = self._approved()
        document.user_id = self.supervisor
        self.assertEqual(document.approval_state, "superseded")

    def test_passing_to_somebody_else_changes_nothing(self):
        document = self._approved()
        document.user_id = self.colleague
        self.assertEqual(document.approval_state, "approved")

    def test_administrators_are_told_when_nobody_is_left(self):
        self.manager.active = False
        document = self._submitted()
        self.supervisor.active = False
        self._cron()
        self._cron()
        seat = self._seat(document, self.sales)
        self.assertTrue(seat.is_orphaned)
        told = document.activity_ids.filtered(lambda a: a.user_id == self.admin)
        self.assertEqual(len(told), 1)
        self.manager.active = True
        self._cron()
        self.assertFalse(seat.is_orphaned)
        seat.with_user(self.manager).action_approve()

    def test_marking_the_activity_as_done_decides_nothing(self):
        document = self._submitted()
        seat = self._seat(document, self.sales)
        seat.activity_id.with_user(self.supervisor).action_feedback(feedback="Done")
        self.assertEqual(seat.state, "open")
        self._cron()
        self.assertEqual(seat.activity_id.user_id, self.supervisor)
        self.assertTrue(seat.activity_id.active)

    def test_age_is_kept_up_to_date_while_waiting(self):
        start = fields.Datetime.now()
        document = self._submitted()
        seat = self._seat(document, self.sales)
        ages = []
        for days in (0, 1.5, 4, 9):
            with freeze_time(start + timedelta(days=days)):
                self._cron()
            ages.append(seat.age_band)
        self.assertEqual(ages, ["0", "1", "3", "7"])

    def test_time_taken_is_kept_with_the_decision(self):
        with freeze_time("2026-11-20 10:00:00"):
            document = self._submitted()
        with freeze_time("2026-11-23 12:00:00"):
            self._approve(document, self.sales, self.supervisor)
        seat = self._seat(document, self.sales)
        self.assertEqual(seat.hours_taken, 74.0)
        # Friday 10-12 and 13-17, Monday 8-12
        self.assertEqual(seat.work_hours_taken, 10.0)

    def test_nobody_becomes_a_follower(self):
        document = self._submitted()
        before = document.sudo().message_partner_ids
        with freeze_time(fields.Datetime.now() + timedelta(days=9)):
            self._cron()
        self._approve(document, self.sales, self.manager)
        self._approve(document, self.finance, self.accountant)
        self._seat(document, self.operations).with_user(self.operator).action_ask("?")
        self._seat(document, self.operations).with_user(self.operator).action_refuse(
            "No"
        )
        self.assertEqual(document.sudo().message_partner_ids, before)
