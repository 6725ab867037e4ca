from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestDelegation(ApprovalCommon):
    """Deputies decide for absent colleagues, in a window of time (SPEC B5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(microsecond=0)

    def _delegate(self, absent, deputy, start=-1, end=5, user=None, **values):
        """Enter a delegation from ``start`` to ``end`` days from now."""
        return (
            self.env["document.approval.delegation"]
            .with_user(user or absent)
            .create(
                {
                    "user_id": absent.id,
                    "delegate_id": deputy.id,
                    "date_from": self.now + timedelta(days=start),
                    "date_to": self.now + timedelta(days=end),
                    **values,
                }
            )
        )

    def _cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("document_approval.ir_cron_follow_up").method_direct_trigger()
        self.env.invalidate_all()

    def test_deputy_decides_and_the_log_says_for_whom(self):
        self._delegate(self.supervisor, self.colleague)
        document = self._submitted()
        self._approve(document, self.sales, self.colleague, "All right")
        decision = self._seat(document, self.sales).decision_ids[-1]
        self.assertRecordValues(
            decision,
            [
                {
                    "kind": "approve",
                    "user_id": self.colleague.id,
                    "on_behalf_id": self.supervisor.id,
                }
            ],
        )
        self.assertEqual(self._seat(document, self.sales).state, "approved")

    def test_calling_the_deputy_is_logged_once(self):
        document = self._submitted()
        self._delegate(self.supervisor, self.colleague)
        self._cron()
        self._cron()
        entries = self._seat(document, self.sales).decision_ids
        self.assertRecordValues(
            entries,
            [{"kind": "delegate", "on_behalf_id": self.supervisor.id}],
        )
        self.assertEqual(entries.person_ids, self.colleague)

    def test_what_is_open_is_handed_over_with_its_activity(self):
        document = self._submitted()
        seat = self._seat(document, self.sales)
        self.assertEqual(seat.activity_id.user_id, self.supervisor)
        self._delegate(self.supervisor, self.colleague)
        self.assertEqual(seat.activity_id.user_id, self.colleague)
        self.assertEqual(len(document.activity_ids), 1, "one activity per seat")
        mine = self.env["document.approval.seat"].with_user(self.colleague)
        self.assertEqual(mine.search([("can_decide", "=", True)]), seat)

    def test_planned_delegation_begins_by_itself_and_ends_by_itself(self):
        document = self._submitted()
        seat = self._seat(document, self.sales)
        self._delegate(self.supervisor, self.colleague, start=1, end=3)
        self.assertFalse(seat.deputy_ids)
        with self.assertRaises(AccessError):
            seat.with_user(self.colleague).action_approve()
        with freeze_time(self.now + timedelta(days=2)):
            self._cron()
            self.assertEqual(seat.activity_id.user_id, self.colleague)
        with freeze_time(self.now + timedelta(days=4)):
            self._cron()
            self.assertEqual(seat.activity_id.user_id, self.supervisor)
            with self.assertRaisesRegex(AccessError, "delegation is over"):
                seat.with_user(self.colleague).action_approve()
            seat.with_user(self.supervisor).action_approve()

    def test_the_window_counts_at_the_moment_of_deciding(self):
        delegation = self._delegate(self.supervisor, self.colleague)
        document = self._submitted()
        seat = self._seat(document, self.sales)
        delegation.with_user(self.supervisor).action_end()
        with (
            freeze_time(self.now + timedelta(minutes=1)),
            self.assertRaisesRegex(AccessError, "delegation is over"),
        ):
            seat.with_user(self.colleague).action_approve()

    def test_deputy_of_a_deputy(self):
        self._delegate(self.supervisor, self.colleague)
        self._delegate(self.colleague, self.manager)
        document = self._submitted()
        self._approve(document, self.sales, self.manager)
        decision = self._seat(document, self.sales).decision_ids[-1]
        self.assertEqual(decision.on_behalf_id, self.supervisor)

    def test_no_circles(self):
        self._delegate(self.supervisor, self.colleague)
        self._delegate(self.colleague, self.manager)
        with self.assertRaisesRegex(ValidationError, "circle"):
            self._delegate(self.manager, self.supervisor)

    def test_a_circle_needs_a_common_time(self):
        self._delegate(self.supervisor, self.colleague, start=-1, end=2)
        self._delegate(self.colleague, self.supervisor, start=2, end=4)
        with self.assertRaisesRegex(ValidationError, "circle"):
            self._delegate(self.colleague, self.supervisor, start=1, end=4)

    def test_deputy_does_not_decide_on_his_own_document(self):
        self._delegate(self.supervisor, self.requester)
        document = self._submitted()
        with self.assertRaisesRegex(AccessError, "only supervisor"):
            self._approve(document, self.sales, self.requester)

    def test_one_voice_per_person_even_as_deputy(self):
        self._delegate(self.accountant, self.supervisor)
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        with self.assertRaisesRegex(AccessError, "decided in this round already"):
            self._approve(document, self.finance, self.supervisor)

    def test_absent_person_has_spoken_through_the_deputy(self):
        seat = self.flow.level_ids.filtered(lambda lv: lv.name == "Finance").seat_ids
        seat.rule = "all"
        self._delegate(self.accountant, self.colleague)
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.finance, self.colleague)
        with self.assertRaisesRegex(AccessError, "decided in this round already"):
            self._approve(document, self.finance, self.accountant)
        self.assertEqual(self._seat(document, self.finance).state, "open")
        self._approve(document, self.finance, self.accountant_2)
        self.assertEqual(self._seat(document, self.finance).state, "approved")

    def test_only_for_some_departments(self):
        self.operations.member_ids += self.supervisor
        self._delegate(
            self.supervisor,
            self.colleague,
            department_ids=[Command.set(self.operations.ids)],
            user=self.admin,
        )
        document = self._submitted()
        self.assertFalse(self._seat(document, self.sales).deputy_ids)

    def test_deputy_reads_the_round(self):
        self._delegate(self.supervisor, self.colleague)
        document = self._submitted()
        rounds = self.env["document.approval.round"]
        found = rounds.with_user(self.colleague).search([("res_id", "=", document.id)])
        self.assertEqual(found, document.sudo().approval_round_id)
        self.assertFalse(
            rounds.with_user(self.operator.copy({"login": "other"})).search(
                [("res_id", "=", document.id)]
            )
        )

    def test_nobody_delegates_for_others(self):
        with self.assertRaises(AccessError):
            self._delegate(self.supervisor, self.colleague, user=self.accountant)

    def test_administrators_delegate_for_the_sick(self):
        self._delegate(self.supervisor, self.colleague, user=self.admin)
        document = self._submitted()
        entry = self._seat(document, self.sales).decision_ids
        self.assertEqual((entry.kind, entry.user_id), ("delegate", self.admin))

    def test_a_delegation_that_began_is_kept(self):
        delegation = self._delegate(self.supervisor, self.colleague)
        with self.assertRaises(UserError):
            delegation.with_user(self.supervisor).unlink()
        with self.assertRaises(UserError):
            delegation.with_user(self.supervisor).delegate_id = self.manager
        planned = self._delegate(self.accountant, self.colleague, start=1)
        planned.with_user(self.accountant).unlink()

    def test_bad_input(self):
        for values in (
            {"delegate_id": self.supervisor.id},
            {"date_to": self.now - timedelta(days=9)},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._delegate(self.supervisor, self.colleague, **values)
        portal = self.env["res.users"].create(
            {
                "name": "p",
                "login": "p",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        with self.assertRaisesRegex(ValidationError, "cannot be a deputy"):
            self._delegate(self.supervisor, portal)

    def test_no_way_round_the_rules_by_writing(self):
        """A planned absence of one's own cannot be made somebody else's."""
        own = self._delegate(self.accountant, self.colleague, start=1)
        for values in (
            {"user_id": self.supervisor.id, "delegate_id": self.accountant.id},
            {"user_id": self.supervisor.id},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                own.with_user(self.accountant).write(values)
        with self.assertRaisesRegex(ValidationError, "yourself the deputy"):
            self._delegate(self.supervisor, self.admin, user=self.admin)

    def test_archiving_ends_it_whatever_the_context_says(self):
        delegation = self._delegate(self.supervisor, self.colleague)
        document = self._submitted()
        delegation.with_user(self.supervisor).active = False
        seat = self._seat(document, self.sales).with_user(self.colleague)
        with self.assertRaisesRegex(AccessError, "over"):
            seat.with_context(active_test=False).action_approve()

    def test_no_chain_through_whose_document_it_is(self):
        self._delegate(self.supervisor, self.requester)
        self._delegate(self.requester, self.colleague, user=self.admin)
        document = self._submitted()
        self.assertFalse(self._seat(document, self.sales).deputy_ids)

    def test_the_log_names_who_changed_the_deputy_last(self):
        delegation = self._delegate(self.supervisor, self.colleague, start=1)
        delegation.with_user(self.admin).write(
            {"delegate_id": self.manager.id, "date_from": self.now - timedelta(days=1)}
        )
        document = self._submitted()
        entry = self._seat(document, self.sales).decision_ids
        self.assertEqual((entry.user_id, entry.person_ids), (self.admin, self.manager))

    def test_deputy_opens_the_document(self):
        self._delegate(self.supervisor, self.colleague)
        document = self._submitted()
        seat = self._seat(document, self.sales).with_user(self.colleague)
        self.assertTrue(seat.can_decide)
        self.assertEqual(seat.res_name, document.name)
