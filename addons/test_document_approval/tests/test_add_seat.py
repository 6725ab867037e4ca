from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestAddSeat(ApprovalCommon):
    """A reviewer calls another department in, or asks first (SPEC B2)."""

    def _add(self, document, department, user=None, words="Is it feasible?", **values):
        seat = self._seat(document, self.sales)
        seat.with_user(user or self.supervisor).action_add_seat(
            department.id, words, **values
        )
        return self._seat(document, department)

    def test_level_waits_for_the_added_seat(self):
        document = self._submitted()
        added = self._add(document, self.technical)
        self.assertRecordValues(
            added,
            [
                {
                    "state": "open",
                    "is_added": True,
                    "added_by_id": self.supervisor.id,
                    "level_sequence": 1,
                    "why": "supervisor asks: Is it feasible?",
                }
            ],
        )
        self._approve(document, self.sales, self.supervisor)
        self.assertEqual(self._seat(document, self.finance).state, "waiting")
        self._approve(document, self.technical, self.technician)
        self.assertEqual(self._seat(document, self.finance).state, "open")

    def test_it_is_logged_with_its_people(self):
        document = self._submitted()
        seats = self._add(document, self.finance, user_ids=[self.accountant.id])
        added = seats.filtered("is_added")
        self.assertEqual(added.decision_ids.words, "Is it feasible?")
        self.assertEqual(added.decision_ids.kind, "add_seat")
        self.assertEqual(added.decision_ids.person_ids, self.accountant)
        self.assertEqual(added.candidate_ids, self.accountant)

    def test_added_seat_can_refuse(self):
        document = self._submitted()
        added = self._add(document, self.technical)
        added.with_user(self.technician).action_refuse("Cannot be made")
        self.assertEqual(document.approval_state, "refused")

    def test_what_an_added_seat_refused_is_not_passed_by_submitting_again(self):
        """The agreement of who asked for it does not stand without it."""
        document = self._submitted()
        added = self._add(document, self.technical)
        self._approve(document, self.sales, self.supervisor)
        added.with_user(self.technician).action_refuse("Cannot be made")
        document.action_submit_for_approval()
        self.assertEqual(self._seat(document, self.sales).state, "open")
        self.assertFalse(self._seat(document, self.technical))

    def test_what_an_added_seat_agreed_to_is_carried_over(self):
        document = self._submitted()
        self._add(document, self.technical)
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.technical, self.technician)
        self._seat(document, self.finance).with_user(self.accountant).action_refuse(
            "No"
        )
        document.action_submit_for_approval()
        self.assertEqual(self._seat(document, self.sales).state, "approved")

    def test_what_was_agreed_to_together_is_agreed_to_as_a_whole(self):
        """Over several rounds: a claim does not hide what the other one looked at."""
        fields = self.env["ir.model.fields"]
        partner = fields._get("test.approval.document", "partner_id")
        self.flow.level_ids[0].seat_ids.claimed_field_ids = partner
        rest = fields.search(
            [("model", "=", "test.approval.line"), ("name", "in", ("price", "name"))]
        )
        self.flow.level_ids[1].seat_ids.claimed_field_ids = rest | fields._get(
            "test.approval.document", "total"
        )
        document = self._submitted()
        self._add(document, self.technical)
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.technical, self.technician)
        for _round in range(2):
            document.action_withdraw_approval()
            document.action_submit_for_approval()
            self.assertEqual(self._seat(document, self.sales).state, "approved")
        document.line_ids[0].price = 11
        document.action_submit_for_approval()
        self.assertEqual(self._seat(document, self.sales).state, "open")

    def test_only_who_may_decide_adds(self):
        document = self._submitted()
        for user in (self.accountant, self.requester):
            with self.assertRaises(AccessError):
                self._add(document, self.technical, user=user)

    def test_not_twice_on_a_level(self):
        document = self._submitted()
        self._add(document, self.technical)
        with self.assertRaisesRegex(UserError, "already"):
            self._add(document, self.technical)

    def test_not_when_nobody_there_may_decide(self):
        document = self._submitted()
        self.technical.member_ids = self.requester
        with self.assertRaisesRegex(UserError, "Nobody of Technical"):
            self._add(document, self.technical)

    def test_not_when_its_people_are_needed_elsewhere(self):
        document = self._submitted()
        self.technical.member_ids = self.operator
        with self.assertRaisesRegex(UserError, "Nobody of Technical"):
            self._add(document, self.technical)

    def test_bad_input(self):
        document = self._submitted()
        seat = self._seat(document, self.sales).with_user(self.supervisor)
        for department in (None, 0, -1, "x", 2**40, 999999, [1], {"a": 1}, True, 1.5):
            with self.assertRaises(UserError):
                seat.action_add_seat(department, "Look")
        for words in (None, "", "  ", "\x00"):
            with self.assertRaises(UserError):
                seat.action_add_seat(self.technical.id, words)
        for people in ("x", [None], [[1]], {"a": 1}, [self.operator.id]):
            with self.assertRaises(UserError):
                seat.action_add_seat(self.technical.id, "Look", people)

    def test_department_of_another_company(self):
        document = self._submitted()
        other = self.env["document.approval.department"].create(
            {
                "name": "Elsewhere",
                "code": "technical",
                "company_id": self.env["res.company"].create({"name": "Other"}).id,
                "member_ids": [Command.set(self.technician.ids)],
            }
        )
        with self.assertRaisesRegex(UserError, "choose a department"):
            self._add(document, other)

    def test_wizard(self):
        document = self._submitted()
        wizard = (
            self.env["document.approval.add.seat"]
            .with_user(self.supervisor)
            .create(
                {
                    "seat_id": self._seat(document, self.sales).id,
                    "department_id": self.technical.id,
                    "words": "Feasible?",
                }
            )
        )
        self.assertEqual(wizard.member_ids, self.technician)
        wizard.action_add()
        self.assertEqual(self._seat(document, self.technical).state, "open")

    def test_a_question_decides_nothing_and_reaches_the_requester(self):
        document = self._submitted()
        seat = self._seat(document, self.sales)
        with self.assertRaises(UserError):
            seat.with_user(self.supervisor).action_ask("  ")
        with self.assertRaises(AccessError):
            seat.with_user(self.accountant).action_ask("Why?")
        seat.with_user(self.supervisor).action_ask("Who pays the freight?")
        self.assertEqual(seat.state, "open")
        self.assertEqual(seat.decision_ids.kind, "ask")
        activity = document.activity_ids.filtered(lambda a: a.user_id == self.requester)
        self.assertIn("Who pays the freight?", activity.note)
