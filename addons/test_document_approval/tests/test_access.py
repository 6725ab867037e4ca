from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestAccess(ApprovalCommon):
    """Nobody writes rounds; who reviews reads; portal users see nothing."""

    MODELS = (
        "document.approval.round",
        "document.approval.seat",
        "document.approval.decision",
        "document.approval.finding",
    )

    def test_no_group_may_write_what_a_round_froze(self):
        document = self._new_document(is_special=True)
        document.action_submit_for_approval()
        round_sudo = document.sudo().approval_round_id
        records = {
            "document.approval.round": round_sudo,
            "document.approval.seat": round_sudo.seat_ids[:1],
            "document.approval.decision": round_sudo.decision_ids[:1],
            "document.approval.finding": round_sudo.finding_ids[:1],
        }
        root_like = self._new_user(
            "settings_admin", "base.group_system,document_approval.group_manager"
        )
        for user in (self.requester, self.supervisor, self.admin, root_like):
            for model, record in records.items():
                mine = record.with_user(user)
                name = "words" if model.endswith("decision") else "company_id"
                with self.assertRaises(UserError):
                    mine.write({name: False})
                with self.assertRaises(AccessError):
                    mine.create({})
                with self.assertRaises(AccessError):
                    mine.unlink()

    def test_log_is_append_only_even_with_elevated_rights(self):
        document = self._submitted()
        decision = document.sudo().approval_round_id.decision_ids
        with self.assertRaises(UserError):
            decision.write({"words": "forged"})
        with self.assertRaises(UserError):
            decision.unlink()

    def test_candidates_and_requester_read_their_rounds_others_do_not(self):
        document = self._submitted()
        rounds = document.sudo().approval_round_id
        for user in (self.requester, self.supervisor, self.operator, self.admin):
            self.assertEqual(
                rounds.with_user(user).search([("id", "=", rounds.id)]), rounds
            )
        self.assertFalse(
            rounds.with_user(self.colleague).search([("id", "=", rounds.id)])
        )

    def test_my_approvals_lists_what_i_can_decide(self):
        document = self._submitted()
        seats = self.env["document.approval.seat"]
        domain = [("can_decide", "=", True)]
        self.assertEqual(
            seats.with_user(self.supervisor).search(domain),
            self._seat(document, self.sales),
        )
        self.assertFalse(seats.with_user(self.accountant).search(domain))
        self._approve(document, self.sales, self.supervisor)
        self.assertFalse(seats.with_user(self.supervisor).search(domain))

    def test_portal_user_reads_no_round(self):
        portal = new_test_user(self.env, "portal_visitor", "base.group_portal")
        document = self._submitted()
        for model in self.MODELS:
            with self.assertRaises(AccessError):
                self.env[model].with_user(portal).search([])
        with self.assertRaises(AccessError):
            self._approve(document, self.sales, portal)

    def test_other_company_reads_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "document_approval.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._submitted()
        for model in self.MODELS:
            found = (
                self.env[model]
                .with_user(stranger)
                .search([("company_id", "=", self.company.id)])
            )
            self.assertFalse(found)

    def test_members_of_a_department_become_reviewers(self):
        self.assertTrue(self.supervisor.has_group("document_approval.group_reviewer"))
        self.assertFalse(self.colleague.has_group("document_approval.group_reviewer"))

    def test_reviewers_rule_never_narrows(self):
        """The rule that opens what one reviews must not hide the rest."""
        model = self.env["ir.model"]._get("test.approval.document")
        reviewer = self.env.ref("document_approval.group_reviewer")
        self.env["ir.rule"].create(
            {
                "name": "reviewed documents",
                "model_id": model.id,
                "groups": [Command.set(reviewer.ids)],
                "domain_force": "[('approval_round_ids.seat_ids.candidate_ids', "
                "'in', user.ids)]",
            }
        )
        unreviewed, reviewed = self._new_document(), self._submitted()
        documents = unreviewed | reviewed
        domain = [("id", "in", documents.ids)]
        found = documents.with_user(self.supervisor).search(domain)
        self.assertEqual(found, documents)
        # with access by the reviewer's group alone, only what one reviews
        self.env["ir.model.access"].search([("model_id", "=", model.id)]).write(
            {"group_id": reviewer.id}
        )
        found = documents.with_user(self.supervisor).search(domain)
        self.assertEqual(found, reviewed)
