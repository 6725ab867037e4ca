from odoo.fields import Command
from odoo.tests import tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestCarryOver(ApprovalCommon):
    """What did not change need not be agreed to again (SPEC B3, B6)."""

    def _claim(self, department, *names):
        """Have the seat of ``department`` answer for these fields only."""
        models = ("test.approval.document", "test.approval.line")
        fields = (
            self.env["ir.model.fields"]
            .search([("model", "in", models), ("name", "in", names)])
            .filtered(lambda f: (f.model, f.name) != (models[0], "name"))
        )
        seat = self.flow.level_ids.filtered(
            lambda level: not level.is_joint
        ).seat_ids.filtered(lambda s: s.department_id == department)
        seat.claimed_field_ids = [Command.set(fields.ids)]

    def _refused_by_finance(self, **values):
        document = self._submitted(**values)
        self._approve(document, self.sales, self.supervisor, "Good customer")
        self._seat(document, self.finance).with_user(self.accountant).action_refuse(
            "Collect first"
        )
        return document

    def _states(self, document):
        return [(seat.department_id.code, seat.state) for seat in self._seats(document)]

    def test_unchanged_document_goes_straight_to_who_refused(self):
        document = self._refused_by_finance()
        document.action_submit_for_approval()
        self.assertEqual(
            self._states(document),
            [("sales", "approved"), ("finance", "open"), ("operations", "waiting")],
        )

    def test_carried_agreement_names_who_agreed_and_when(self):
        document = self._refused_by_finance()
        first = document.sudo().approval_round_id.decision_ids.filtered(
            lambda d: d.kind == "approve"
        )
        document.action_submit_for_approval()
        carried = self._seat(document, self.sales).decision_ids
        self.assertRecordValues(
            carried,
            [
                {
                    "kind": "carry_over",
                    "user_id": self.requester.id,
                    "on_behalf_id": self.supervisor.id,
                    "origin_id": first.id,
                    "words": "Good customer",
                }
            ],
        )

    def test_over_several_rounds_the_first_agreement_counts(self):
        document = self._refused_by_finance()
        first = document.sudo().approval_round_id.decision_ids.filtered(
            lambda d: d.kind == "approve"
        )
        for _round in range(2):
            document.action_submit_for_approval()
            seat = self._seat(document, self.finance)
            seat.with_user(self.accountant).action_refuse("Not yet")
        document.action_submit_for_approval()
        self.assertEqual(self._seat(document, self.sales).decision_ids.origin_id, first)

    def test_a_change_that_concerns_everybody_starts_over(self):
        document = self._refused_by_finance()
        document.line_ids[0].price = 11
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))

    def test_a_change_of_what_others_answer_for_is_nothing_to_a_department(self):
        self._claim(self.sales, "partner_id")
        self._claim(self.operations, "quantity", "price", "total")
        document = self._refused_by_finance()
        document.line_ids[0].price = 11
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "approved"))

    def test_what_nobody_answers_for_concerns_everybody(self):
        self._claim(self.sales, "partner_id")
        self._claim(self.operations, "quantity")
        document = self._refused_by_finance()
        document.line_ids[0].price = 11  # nobody claims the price
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))

    def test_swapping_quantities_between_products_is_seen_by_who_claims_quantity(self):
        self._claim(self.sales, "quantity")
        self._claim(self.operations, "name", "price", "partner_id", "total")
        document = self._refused_by_finance(
            line_ids=[
                Command.create({"name": "Desk", "quantity": 2, "price": 10}),
                Command.create({"name": "Chair", "quantity": 4, "price": 10}),
            ]
        )
        document.write(
            {
                "line_ids": [
                    Command.update(document.line_ids[0].id, {"quantity": 4}),
                    Command.update(document.line_ids[1].id, {"quantity": 2}),
                ]
            }
        )
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))

    def test_another_finding_for_the_department_starts_over(self):
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.finance, self.accountant)
        self._seat(document, self.operations).with_user(self.operator).action_refuse(
            "No stock"
        )
        self._claim(self.finance, "partner_id")
        self._claim(self.operations, "price", "total")
        document.line_ids[0].price = 3  # "low price", for finance to look at
        document.action_submit_for_approval()
        self.assertEqual(
            self._states(document)[:2], [("sales", "open"), ("finance", "waiting")]
        )

    def test_who_changed_the_document_meanwhile_is_not_carried_over(self):
        document = self._refused_by_finance()
        document.with_user(self.supervisor).sudo(False).line_ids[0].price = 11
        document.with_user(self.supervisor).line_ids[0].price = 10
        self.sales.member_ids += self.colleague
        document.action_submit_for_approval()
        seat = self._seat(document, self.sales)
        self.assertEqual(seat.state, "open")
        self.assertEqual(seat.candidate_ids, self.colleague)

    def test_who_left_is_not_carried_over(self):
        document = self._refused_by_finance()
        self.sales.member_ids += self.colleague
        self.supervisor.active = False
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))

    def test_an_agreement_older_than_approvals_live_does_not_count(self):
        document = self._refused_by_finance()
        self.company.document_approval_validity_days = 5
        self.env.cr.execute(
            "UPDATE document_approval_decision SET date = date - interval '6 days'"
        )
        self.env.invalidate_all()
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))

    def test_a_cancelled_document_starts_over(self):
        document = self._approved()
        document.action_done()
        document.action_cancel()
        document.write({"state": "draft"})
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))

    def test_a_withdrawn_and_unchanged_document_keeps_its_agreements(self):
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        document.action_withdraw_approval()
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "approved"))

    def test_the_flow_may_say_no(self):
        self.flow.is_carry_over = False
        document = self._refused_by_finance()
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))

    def test_another_checklist_starts_over(self):
        document = self._refused_by_finance()
        seat = self.flow.level_ids[0].seat_ids
        seat.check_ids = [Command.create({"name": "Complete?"})]
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))

    def test_carrying_over_leaves_nobody_without_a_seat_he_is_needed_on(self):
        """Who agreed for finance is by now the only one left for operations."""
        self.finance.member_ids += self.operator
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.finance, self.accountant)
        self._seat(document, self.operations).with_user(self.operator).action_refuse(
            "No stock"
        )
        self.operations.member_ids = self.accountant
        document.action_submit_for_approval()
        self.assertEqual(self._seat(document, self.finance).state, "open")

    def test_everything_carried_over_approves_and_is_logged(self):
        document = self._approved()
        document.line_ids[0].price = 11
        document.line_ids[0].price = 10
        self.assertEqual(document.approval_state, "superseded")
        self.requester.document_approval_notify = "none"
        # the requester changed it: those who agreed did not
        document.action_submit_for_approval()
        self.assertEqual(document.approval_state, "approved")
        kinds = document.sudo().approval_round_id.decision_ids.mapped("kind")
        self.assertEqual(kinds, ["submit", "carry_over", "carry_over", "carry_over"])
        document.action_done()
        self.assertEqual(document.state, "done")

    def test_a_reworded_question_starts_over(self):
        seat = self.flow.level_ids[0].seat_ids
        seat.check_ids = [Command.create({"name": "Cheap?"})]
        document = self._submitted()
        place = self._seat(document, self.sales).with_user(self.supervisor)
        place.action_approve(None, {place.check_ids.id: "no"})
        self._seat(document, self.finance).with_user(self.accountant).action_refuse(
            "No"
        )
        seat.check_ids.name = "Legal?"
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))

    def test_another_product_concerns_who_claims_no_lines_while_nobody_does(self):
        self._claim(self.sales, "partner_id")
        self._claim(self.operations, "quantity", "price", "total")
        document = self._refused_by_finance()
        document.line_ids[0].name = "Gold bar"
        document.action_submit_for_approval()
        self.assertEqual(self._states(document)[0], ("sales", "open"))
