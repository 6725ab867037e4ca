from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestEmergency(ApprovalCommon):
    """Release in an emergency: by few, with a reason, never silent (DESIGN 2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.releaser = cls._new_user(
            "releaser", "base.group_user,document_approval.group_emergency"
        )

    def test_releases_what_is_in_review(self):
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor)
        document.with_user(self.releaser).action_emergency_release("Line stands still")
        approval_round = document.sudo().approval_round_id
        self.assertRecordValues(
            approval_round,
            [{"state": "approved", "is_emergency": True, "number": 1}],
        )
        entry = approval_round.decision_ids[-1]
        self.assertRecordValues(
            entry,
            [
                {
                    "kind": "emergency",
                    "user_id": self.releaser.id,
                    "words": "Line stands still",
                }
            ],
        )
        self.assertEqual(
            self._seats(document).mapped("state"), ["approved", "closed", "closed"]
        )
        document.action_done()
        self.assertEqual(document.state, "done")

    def test_releases_what_was_never_submitted_or_refused(self):
        fresh = self._new_document()
        refused = self._submitted()
        self._seat(refused, self.sales).with_user(self.supervisor).action_refuse("No")
        for document in (fresh, refused):
            document.with_user(self.releaser).action_emergency_release("Urgent")
            document.action_done()
            self.assertEqual(document.state, "done")

    def test_covers_only_what_was_released(self):
        document = self._submitted()
        document.with_user(self.releaser).action_emergency_release("Urgent")
        document.line_ids[0].price = 1
        with self.assertRaises(UserError):
            document.action_done()

    def test_management_and_owner_are_told(self):
        document = self._submitted()
        followers = document.sudo().message_partner_ids
        document.with_user(self.releaser).action_emergency_release("Urgent")
        told = self.env["mail.message"].search(
            [
                ("model", "=", document._name),
                ("res_id", "=", document.id),
                ("body", "ilike", "Urgent"),
            ]
        )
        people = told.notified_partner_ids
        self.assertIn(self.manager.partner_id, people)
        self.assertIn(self.requester.partner_id, people)
        self.assertEqual(document.sudo().message_partner_ids, followers)

    def test_the_company_says_who_is_told(self):
        self.company.document_approval_emergency_department_id = self.technical
        document = self._submitted()
        self.assertEqual(document._approval_emergency_watchers(), self.technician)

    def test_only_the_group(self):
        document = self._submitted()
        for user in (self.requester, self.supervisor, self.admin):
            with self.assertRaisesRegex(AccessError, "Emergency Release"):
                document.with_user(user).action_emergency_release("Urgent")
        self.assertEqual(document.approval_state, "pending")

    def test_nobody_releases_his_own(self):
        group = self.env.ref("document_approval.group_emergency")
        self.requester.group_ids = [Command.link(group.id)]
        document = self._submitted()
        with self.assertRaisesRegex(AccessError, "own document"):
            document.with_user(self.requester).action_emergency_release("Urgent")
        other = self._new_document(user=self.colleague)
        other.sudo().user_id = self.requester
        with self.assertRaisesRegex(AccessError, "own document"):
            other.with_user(self.requester).action_emergency_release("Urgent")

    def test_nobody_releases_after_changing_it_himself(self):
        document = self._submitted()
        document.with_user(self.releaser).line_ids[0].price = 1
        document.action_submit_for_approval()
        with self.assertRaisesRegex(AccessError, "own changes"):
            document.with_user(self.releaser).action_emergency_release("Urgent")

    def test_needs_a_reason(self):
        document = self._submitted()
        for reason in (None, "", "   ", "\x00", 5, ["x"]):
            with self.assertRaises(UserError):
                document.with_user(self.releaser).action_emergency_release(reason)

    def test_what_is_missing_is_not_released(self):
        document = self._new_document(partner_id=False)
        with self.assertRaisesRegex(UserError, "customer is missing"):
            document.with_user(self.releaser).action_emergency_release("Urgent")

    def test_nothing_to_release(self):
        approved = self._approved()
        cancelled = self._submitted()
        cancelled.action_cancel()
        for document in (approved, cancelled):
            with self.assertRaisesRegex(UserError, "nothing to release"):
                document.with_user(self.releaser).action_emergency_release("Urgent")

    def test_dialog(self):
        document = self._submitted()
        self.assertFalse(document.with_user(self.supervisor).approval_can_release)
        self.assertTrue(document.with_user(self.releaser).approval_can_release)
        dialogs = self.env["document.approval.emergency"]
        values = {"res_model": document._name, "res_id": document.id, "reason": "Fire"}
        with self.assertRaises(AccessError):
            dialogs.with_user(self.supervisor).create(values)
        dialogs.with_user(self.releaser).create(values).action_release()
        self.assertEqual(document.approval_state, "approved")
        with self.assertRaises(AccessError):
            dialogs.with_user(self.releaser).create(
                {**values, "res_model": "res.users"}
            ).action_release()

    def test_not_after_withdrawing_what_one_submitted(self):
        document = self._new_document()
        document.with_user(self.releaser).action_submit_for_approval()
        document.with_user(self.releaser).action_withdraw_approval()
        with self.assertRaisesRegex(AccessError, "own document"):
            document.with_user(self.releaser).action_emergency_release("Urgent")

    def test_who_changed_it_before_still_may_not_decide_on_it(self):
        """A release is no agreement of others to what somebody changed."""
        document = self._new_document()
        document.with_user(self.supervisor).line_ids[0].price = 50
        document.with_user(self.releaser).action_emergency_release("Urgent")
        self.assertIn(self.supervisor, document.sudo().approval_editor_ids)

    def test_one_by_one(self):
        documents = self._submitted() | self._submitted()
        with self.assertRaises(UserError):
            documents.with_user(self.releaser).action_emergency_release("Urgent")
