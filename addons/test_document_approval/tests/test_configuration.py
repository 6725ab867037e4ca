from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestConfiguration(ApprovalCommon):
    """Bad set-ups are refused in words and change nothing."""

    def test_enforce_needs_somebody_for_every_seat(self):
        self.company.document_approval_mode = "observe"
        self.flow.fallback_department_id = False
        self.operations.member_ids = [Command.clear()]
        with self.assertRaisesRegex(ValidationError, "Operations"):
            self.company.document_approval_mode = "enforce"

    def test_flow_without_seats_is_refused_while_enforced(self):
        with self.assertRaises(ValidationError):
            self.env["document.approval.flow"].create(
                {
                    "name": "Empty",
                    "company_id": self.company.id,
                    "model_id": self.flow.model_id.id,
                }
            )

    def test_condition_must_be_a_domain_on_the_document(self):
        for domain in (
            "[('nonsense', '=', 1)]",
            "__import__('os').system('true')",
            "[(",
            "[('total', '>', unknown)]",
            "7",
            "[('total', '>', 'abc')]",
            "[('total', '>', [1])]",
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.flow.domain = domain
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.flow.level_ids[0].domain = domain
        self.flow.domain = "[('total', '>', 0), ('partner_id.name', '=', 'x')]"

    def test_only_models_that_joined(self):
        with self.assertRaises(ValidationError):
            self.flow.model_id = self.env["ir.model"]._get("res.partner")
        self.assertIn("test.approval.document", self.flow._get_document_models())

    def test_portal_member_is_refused(self):
        portal = new_test_user(self.env, "portal_member", "base.group_portal")
        with self.assertRaises(ValidationError):
            self.sales.member_ids = [Command.link(portal.id)]

    def test_fallback_cycle(self):
        self.sales.fallback_id = self.finance
        with self.assertRaises(ValidationError):
            self.finance.fallback_id = self.sales

    def test_department_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["document.approval.department"].create(
            {"name": "Foreign", "code": "sales", "company_id": other.id}
        )
        with self.assertRaises(ValidationError):
            self.flow.level_ids[0].seat_ids[0].department_id = foreign

    def test_negative_numbers(self):
        seat = self.flow.level_ids[0].seat_ids[0]
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            seat.write({"rule": "quorum", "quorum": 0})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            seat.deadline_days = -1
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.company.document_approval_validity_days = -1

    def test_department_twice_on_a_level(self):
        with self.assertRaises(ValidationError):
            self.flow.level_ids[0].seat_ids = [
                Command.create({"department_id": self.sales.id})
            ]

    def test_last_flow_of_an_enforced_company_stays(self):
        for change in (
            lambda: self.flow.action_archive(),
            lambda: self.flow.unlink(),
            lambda: self.flow.level_ids.unlink(),
            lambda: self.flow.level_ids.seat_ids.unlink(),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                change()
        self.flow.copy()
        self.flow.unlink()

    def test_level_needs_a_required_seat(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.flow.level_ids[0].seat_ids.is_required = False

    def test_nobody_moves_set_up_to_a_company_he_has_no_say_in(self):
        """Odoo checks rules before a write only."""
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="document_approval.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        own = self.sales.with_user(stranger).create(
            {
                "name": "Own",
                "code": "own",
                "company_id": other.id,
                "member_ids": [Command.set(stranger.ids)],
            }
        )
        flow = self.flow.with_user(stranger).create(
            {
                "name": "Nobody",
                "sequence": -50,
                "company_id": other.id,
                "model_id": self.flow.model_id.id,
                "level_ids": [
                    Command.create(
                        {
                            "name": "L",
                            "participation": "finding",
                            "seat_ids": [Command.create({"department_id": own.id})],
                        }
                    )
                ],
            }
        )
        department = self.sales.with_user(stranger).create(
            {"name": "D", "code": "d", "company_id": other.id}
        )
        for record, values in (
            (flow, {"company_id": self.company.id}),
            (flow.level_ids, {"flow_id": self.flow.id}),
            (department, {"company_id": self.company.id}),
        ):
            # somebody's own rules may speak up first
            with (
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                record.write(values)
