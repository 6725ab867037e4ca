from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestRounds(ApprovalCommon):
    """Submission, decisions, refusal and resubmission (B1, B2, B3)."""

    def test_levels_open_in_order_and_last_one_approves(self):
        document = self._submitted()
        states = self._seats(document).mapped("state")
        self.assertEqual(states, ["open", "waiting", "waiting"])
        self._approve(document, self.sales, self.supervisor)
        self.assertEqual(self._seat(document, self.finance).state, "open")
        self._approve(document, self.finance, self.accountant_2)
        self.assertEqual(document.approval_state, "pending")
        self._approve(document, self.operations, self.operator)
        self.assertEqual(document.approval_state, "approved")
        document.action_done()
        self.assertEqual(document.state, "done")
        self.assertTrue(document.sudo().approval_round_id.is_applied)

    def test_waiting_seat_cannot_decide(self):
        document = self._submitted()
        with self.assertRaises(AccessError):
            self._approve(document, self.finance, self.accountant)

    def test_stranger_cannot_decide(self):
        document = self._submitted()
        for user in (self.colleague, self.accountant, self.manager, self.admin):
            with self.assertRaises(AccessError):
                self._approve(document, self.sales, user)

    def test_refusal_needs_a_reason(self):
        document = self._submitted()
        seat = self._seat(document, self.sales).with_user(self.supervisor)
        for reason in (None, "", "   ", False, 7):
            with self.assertRaises(UserError):
                seat.action_refuse(reason)
        self.assertEqual(document.approval_state, "pending")

    def test_refusal_returns_and_resubmission_keeps_history(self):
        document = self._submitted()
        self._seat(document, self.sales).with_user(self.supervisor).action_refuse(
            "Price too low"
        )
        self.assertEqual(document.approval_state, "refused")
        with self.assertRaisesRegex(UserError, "Price too low"):
            document.action_done()
        first = document.sudo().approval_round_id
        document.action_submit_for_approval()
        second = document.sudo().approval_round_id
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual(first.state, "refused")
        self.assertEqual(first.decision_ids.mapped("kind"), ["submit", "refuse"])
        self.assertEqual(first.decision_ids[1].words, "Price too low")
        self.assertEqual(second.state, "pending")

    def test_blocking_finding_names_what_is_missing_and_changes_nothing(self):
        document = self._new_document(partner_id=False)
        with self.assertRaisesRegex(UserError, "The customer is missing"):
            document.action_submit_for_approval()
        self.assertFalse(document.sudo().approval_round_ids)
        self.assertEqual(document.approval_state, "none")

    def test_joint_level_replaces_the_ordinary_seat(self):
        document = self._submitted(is_special=True)
        self.assertEqual(
            self._seats(document).mapped(
                lambda s: (s.level_name, s.department_id.code)
            ),
            [
                ("Supervisor", "sales"),
                ("Joint review", "technical"),
                ("Joint review", "finance"),
                ("Joint review", "production"),
                ("Operations", "operations"),
            ],
        )
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.technical, self.technician)
        self._approve(document, self.production, self.producer)
        self.assertEqual(self._seat(document, self.operations).state, "waiting")
        self._approve(document, self.finance, self.accountant)
        self.assertEqual(self._seat(document, self.operations).state, "open")

    def test_optional_seat_is_not_waited_for(self):
        joint = self.flow.level_ids.filtered("is_joint")
        joint.seat_ids.filtered(
            lambda s: s.department_id == self.production
        ).is_required = False
        document = self._submitted(is_special=True)
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.technical, self.technician)
        self._approve(document, self.finance, self.accountant)
        self.assertEqual(self._seat(document, self.operations).state, "open")
        self.assertEqual(self._seat(document, self.production).state, "closed")

    def test_all_members_have_to_agree(self):
        self.flow.level_ids.seat_ids.filtered(
            lambda s: s.department_id == self.finance
        ).rule = "all"
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.finance, self.accountant)
        self.assertEqual(self._seat(document, self.finance).state, "open")
        with self.assertRaises(AccessError):
            self._approve(document, self.finance, self.accountant)
        self._approve(document, self.finance, self.accountant_2)
        self.assertEqual(self._seat(document, self.finance).state, "approved")

    def test_quorum_of_two_out_of_three(self):
        third = self._new_user("accountant_3")
        self.finance.member_ids = [Command.link(third.id)]
        self.flow.level_ids.seat_ids.filtered(
            lambda s: s.department_id == self.finance
        ).write({"rule": "quorum", "quorum": 2})
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.finance, third)
        self.assertEqual(self._seat(document, self.finance).state, "open")
        self._approve(document, self.finance, self.accountant)
        self.assertEqual(self._seat(document, self.finance).state, "approved")

    def test_finding_goes_to_its_department(self):
        document = self._new_document()
        document.line_ids[0].price = 3
        document.action_submit_for_approval()
        finding = document.sudo().approval_round_id.finding_ids
        self.assertEqual(finding.seat_id, self._seat(document, self.finance))
        self.assertIn("3", finding.message)
        self.assertIn("3", self._seat(document, self.finance).why)

    def test_no_level_taking_part_gives_an_empty_approved_round(self):
        self.flow.level_ids.filtered(lambda lv: lv.participation == "always").write(
            {"participation": "domain", "domain": "[('total', '>', 1000)]"}
        )
        document = self._new_document()
        document.action_done()
        approval_round = document.sudo().approval_round_id
        self.assertEqual(approval_round.state, "approved")
        self.assertFalse(approval_round.seat_ids)
        self.assertTrue(approval_round.reason)
        large = self._new_document()
        large.line_ids[0].quantity = 1000
        with self.assertRaises(UserError):
            large.action_done()

    def test_flow_edits_leave_running_rounds_alone(self):
        document = self._submitted()
        self.flow.level_ids.sorted("sequence")[1:].unlink()
        self._approve(document, self.sales, self.supervisor)
        self._approve(document, self.finance, self.accountant)
        self._approve(document, self.operations, self.operator)
        self.assertEqual(document.approval_state, "approved")

    def test_requester_withdraws(self):
        document = self._submitted()
        with self.assertRaises(UserError):
            document.with_user(self.colleague).action_withdraw_approval()
        document.action_withdraw_approval()
        self.assertEqual(document.approval_state, "withdrawn")
        self.assertFalse(document.sudo().activity_ids)
        document.action_submit_for_approval()
        self.assertEqual(document.approval_state, "pending")

    def test_twice_submitted_or_approved_is_refused_in_words(self):
        document = self._submitted()
        with self.assertRaisesRegex(UserError, "in review already"):
            document.action_submit_for_approval()
        approved = self._approved()
        with self.assertRaisesRegex(UserError, "approved already"):
            approved.action_submit_for_approval()

    def test_one_activity_per_seat_for_its_first_responsible(self):
        self.finance.head_id = self.accountant_2
        document = self._submitted()
        activities = document.sudo().activity_ids
        self.assertEqual(activities.user_id, self.supervisor)
        followers = document.sudo().message_partner_ids
        self.assertNotIn(self.supervisor.partner_id, followers)
        self._approve(document, self.sales, self.supervisor)
        self.assertEqual(document.sudo().activity_ids.user_id, self.accountant_2)

    def test_deleting_the_activity_decides_nothing(self):
        document = self._submitted()
        document.sudo().activity_ids.unlink()
        self.assertEqual(self._seat(document, self.sales).state, "open")
        self._approve(document, self.sales, self.supervisor)

    def test_approval_lapses_after_the_days_the_company_says(self):
        self.company.document_approval_validity_days = 5
        document = self._approved()
        document.sudo().approval_round_id.date_approved = "2020-01-01 00:00:00"
        with self.assertRaisesRegex(UserError, "lapsed"):
            document.action_done()
        document.action_submit_for_approval()
        self.assertEqual(document.approval_state, "pending")

    def test_submitted_documents_cannot_be_deleted(self):
        document = self._submitted()
        with self.assertRaises(UserError):
            document.unlink()
        self._new_document().unlink()

    def test_level_names_are_kept_in_all_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        level = self.flow.level_ids.sorted("sequence")[0]
        level.with_context(lang="zh_CN").name = "主管"
        document = self._submitted()
        seat = self._seats(document)[0]
        level.unlink()
        self.assertEqual(seat.level_name, "Supervisor")
        self.assertEqual(seat.with_context(lang="zh_CN").level_name, "主管")
