from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestChecklist(ApprovalCommon):
    """A department answers its questions before it agrees (SPEC B2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flow.level_ids[0].seat_ids.check_ids = [
            Command.create({"name": "Complete?", "must_be_yes": True}),
            Command.create({"name": "Discount explained?"}),
        ]

    def setUp(self):
        super().setUp()
        self.document = self._submitted()
        self.seat = self._seat(self.document, self.sales).with_user(self.supervisor)
        self.complete, self.explained = self.seat.check_ids

    def test_frozen_at_submission(self):
        self.flow.level_ids[0].seat_ids.check_ids[0].name = "Something else?"
        self.flow.level_ids[0].seat_ids.check_ids[1].unlink()
        self.seat.invalidate_recordset()
        self.assertEqual(
            self.seat.check_ids.mapped("name"), ["Complete?", "Discount explained?"]
        )

    def test_unanswered_questions_are_named(self):
        with self.assertRaisesRegex(UserError, "Discount explained?"):
            self.seat.action_approve("ok", {self.complete.id: "yes"})
        self.assertEqual(self.seat.state, "open")

    def test_what_has_to_be_yes(self):
        with self.assertRaisesRegex(UserError, "only when"):
            self.seat.action_approve(
                None, {self.complete.id: "no", self.explained.id: "yes"}
            )

    def test_answers_are_kept_with_the_decision(self):
        answers = {
            str(self.complete.id): "yes",  # as JSON gives it
            str(self.explained.id): {"answer": "no", "remark": "old customer"},
        }
        self.seat.action_approve("ok", answers)
        self.assertEqual(self.seat.state, "approved")
        self.assertRecordValues(
            self.seat.decision_ids.answer_ids,
            [
                {"check_id": self.complete.id, "answer": "yes", "remark": False},
                {
                    "check_id": self.explained.id,
                    "answer": "no",
                    "remark": "old customer",
                },
            ],
        )

    def test_a_refusal_needs_no_answers_but_keeps_them(self):
        self.seat.action_refuse("Incomplete", None, {self.complete.id: "no"})
        self.assertEqual(self.seat.decision_ids.answer_ids.answer, "no")

    def test_answers_cannot_be_written(self):
        self.seat.action_approve(
            None, {self.complete.id: "yes", self.explained.id: "na"}
        )
        answer = self.seat.decision_ids.answer_ids[0]
        for record in (
            answer.with_user(self.supervisor),
            answer.with_user(self.admin),
            answer.sudo(),
        ):
            with self.assertRaises(UserError):
                record.write({"answer": "no"})
            with self.assertRaises(UserError):
                record.unlink()
        with self.assertRaises(AccessError):
            answer.with_user(self.admin).create(
                {
                    "decision_id": answer.decision_id.id,
                    "check_id": answer.check_id.id,
                    "answer": "no",
                }
            )

    def test_bad_answers(self):
        for answers in (
            "yes",
            [1, 2],
            {self.complete.id: "maybe", self.explained.id: "yes"},
            {self.complete.id: ["yes"], self.explained.id: "yes"},
            {self.complete.id: {"answer": {}}, self.explained.id: "yes"},
            {self.complete.id: {"answer": "yes", "remark": 5}},
            {"x": "yes"},
        ):
            with self.assertRaises(UserError):
                self.seat.action_approve(None, answers)
        self.assertEqual(self.seat.state, "open")

    def test_dialog_asks_the_questions(self):
        form = Form(
            self.env["document.approval.decide"]
            .with_user(self.supervisor)
            .with_context(default_seat_ids=[self.seat.id])
        )
        self.assertEqual(len(form.check_ids), 2)
        with form.check_ids.edit(0) as line:
            line.answer = "yes"
        with form.check_ids.edit(1) as line:
            line.answer = "na"
            line.remark = "no discount"
        form.save().action_apply()
        self.assertEqual(self.seat.state, "approved")
        self.assertEqual(
            self.seat.decision_ids.answer_ids.mapped("answer"), ["yes", "na"]
        )

    def test_in_bulk_those_with_a_checklist_are_left(self):
        other = self._submitted()
        seats = self.seat | self._seat(other, self.sales).with_user(self.supervisor)
        decide = (
            self.env["document.approval.decide"]
            .with_user(self.supervisor)
            .create({"seat_ids": [Command.set(seats.ids)]})
        )
        decide.action_apply()
        self.assertEqual(decide.failed_count, 2)
        self.assertIn("checklist", decide.result_ids[0].message)
        self.assertEqual(set(seats.mapped("state")), {"open"})
