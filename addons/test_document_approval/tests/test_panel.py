from odoo.tests import tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestPanel(ApprovalCommon):
    """What everybody who may read the document is shown (B4)."""

    def test_preview_before_submission(self):
        document = self._new_document(is_special=True)
        panel = document.with_user(self.colleague).approval_panel
        self.assertTrue(panel["is_preview"])
        self.assertEqual(
            [level["name"] for level in panel["levels"]],
            ["Supervisor", "Joint review", "Operations"],
        )
        (finding,) = panel["findings"]
        self.assertEqual(finding["department"], "Technical · Production")

    def test_only_the_reviewer_is_offered_the_decision(self):
        document = self._submitted()

        def offered(user):
            panel = document.with_user(user).approval_panel
            return [
                seat["department"]
                for level in panel["levels"]
                for seat in level["seats"]
                if seat["can_decide"]
            ]

        self.assertEqual(offered(self.supervisor), ["Sales"])
        self.assertEqual(offered(self.accountant), [])
        self.assertEqual(offered(self.requester), [])

    def test_changes_since_last_approval(self):
        document = self._approved()
        document.line_ids[0].quantity = 7
        document.partner_id = self.other_partner
        changes = document.approval_panel["changes"]
        self.assertIn(
            {"label": "Partner", "old": "Customer", "new": "Other customer"}, changes
        )
        self.assertIn({"label": "Desk: Quantity", "old": "2", "new": "7"}, changes)

    def test_history_names_rounds_people_and_words(self):
        document = self._submitted()
        self._seat(document, self.sales).with_user(self.supervisor).action_refuse("No")
        document.action_submit_for_approval()
        (earlier,) = document.approval_panel["history"]
        self.assertEqual(earlier["number"], 1)
        self.assertEqual(earlier["entries"][-1]["words"], "No")
        self.assertEqual(earlier["entries"][-1]["user"], "supervisor")

    def test_nothing_when_control_is_off(self):
        self.company.document_approval_mode = "off"
        self.assertFalse(self._new_document().approval_panel)
