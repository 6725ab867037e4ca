from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestFourEyes(ApprovalCommon):
    """No one decides on their own document, nobody fills two seats (B5)."""

    def test_requester_creator_salesperson_and_editor_are_excluded(self):
        self.sales.member_ids = [
            Command.link(user.id) for user in (self.requester, self.colleague)
        ]
        document = self._submitted(user_id=self.colleague.id)
        self.assertEqual(
            self._seat(document, self.sales).candidate_ids, self.supervisor
        )
        document = self._new_document()
        document.with_user(self.supervisor).line_ids[0].quantity = 3
        document.action_submit_for_approval()
        self.assertEqual(self._seat(document, self.sales).candidate_ids, self.colleague)

    def test_editor_after_submission_cannot_decide(self):
        document = self._submitted()
        document.with_user(self.supervisor).line_ids[0].quantity = 3
        self.assertEqual(document.approval_state, "superseded")
        document.action_submit_for_approval()
        self.assertEqual(self._seat(document, self.sales).candidate_ids, self.manager)

    def test_salesperson_changed_after_submission(self):
        document = self._submitted()
        document.user_id = self.supervisor
        with self.assertRaises(AccessError):
            self._approve(document, self.sales, self.supervisor)

    def test_fallback_of_the_department_then_of_the_flow(self):
        self.sales.member_ids = [Command.set(self.requester.ids)]
        document = self._submitted()
        self.assertEqual(self._seat(document, self.sales).candidate_ids, self.manager)
        self.sales.fallback_id = self.operations
        self.operations.member_ids = [Command.link(self.colleague.id)]
        document = self._submitted()
        self.assertEqual(
            self._seat(document, self.sales).candidate_ids,
            self.operator | self.colleague,
        )

    def test_nobody_may_decide_is_refused_in_words(self):
        self.sales.member_ids = [Command.set(self.requester.ids)]
        self.flow.fallback_department_id = False
        document = self._new_document()
        with self.assertRaisesRegex(UserError, "Sales"):
            document.action_submit_for_approval()
        self.assertFalse(document.sudo().approval_round_ids)

    def test_archived_member_is_no_candidate(self):
        self.accountant.active = False
        document = self._submitted()
        self.assertEqual(
            self._seat(document, self.finance).candidate_ids, self.accountant_2
        )

    def test_member_of_another_company_only_is_no_candidate(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.accountant.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        document = self._submitted()
        self.assertEqual(
            self._seat(document, self.finance).candidate_ids, self.accountant_2
        )

    def test_one_person_in_two_departments_gets_one_seat(self):
        self.finance.member_ids = [Command.set((self.supervisor | self.accountant).ids)]
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        with self.assertRaises(AccessError):
            self._approve(document, self.finance, self.supervisor)
        self._approve(document, self.finance, self.accountant)

    def test_same_person_on_later_level_when_the_company_allows(self):
        self.finance.member_ids = [Command.set(self.supervisor.ids)]
        document = self._new_document()
        document.action_submit_for_approval()
        # nobody else in finance: the fallback of the flow was added
        self.assertIn(self.manager, self._seat(document, self.finance).candidate_ids)
        self.company.document_approval_same_person = True
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.finance, self.supervisor)
        self.assertEqual(self._seat(document, self.finance).state, "approved")

    def test_the_only_one_for_another_seat_must_keep_it(self):
        self.sales.member_ids = [Command.set((self.supervisor | self.operator).ids)]
        self.flow.fallback_department_id = False
        document = self._submitted()
        with self.assertRaisesRegex(UserError, "Operations"):
            self._approve(document, self.sales, self.operator)
        self._approve(document, self.sales, self.supervisor)

    def test_candidate_leaving_after_submission_cannot_decide(self):
        document = self._submitted()
        self.supervisor.sudo().active = False
        with self.assertRaises(AccessError):
            self._approve(document, self.sales, self.supervisor)

    def test_earlier_editor_cannot_decide_on_his_own_change(self):
        """A later small change by somebody else does not make it theirs."""
        self.sales.member_ids = [Command.link(self.colleague.id)]
        document = self._new_document()
        document.with_user(self.supervisor).line_ids[0].price = 1
        document.line_ids[1].quantity = 5
        document.action_submit_for_approval()
        self.assertEqual(self._seat(document, self.sales).candidate_ids, self.colleague)
        self._approve(document, self.sales, self.colleague)
        self._approve(document, self.finance, self.accountant)
        self._approve(document, self.operations, self.operator)
        self.assertFalse(document.sudo().approval_editor_ids)
        document.line_ids[1].quantity = 6
        document.action_submit_for_approval()
        self.assertIn(self.supervisor, self._seat(document, self.sales).candidate_ids)

    def test_saving_what_was_there_before_makes_nobody_an_editor(self):
        document = self._submitted()
        line = document.line_ids[0]
        line.with_user(self.supervisor).write({"price": line.price})
        self.assertEqual(document.approval_state, "pending")
        self.assertNotIn(self.supervisor, document.sudo().approval_editor_ids)
        self._approve(document, self.sales, self.supervisor)
