from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import Form, HttpCase, tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestSetup(ApprovalCommon):
    """The checklist says what is missing; the configuration refuses nonsense."""

    def _steps(self, user=None, company=None):
        checklist = (
            self.env["document.approval.setup"]
            .with_user(user or self.admin)
            .with_company(company or self.company)
            .get_checklist()
        )
        return {
            step["code"]: step
            for section in checklist["sections"]
            for step in section["steps"]
        }

    def _checklist(self):
        return (
            self.env["document.approval.setup"]
            .with_user(self.admin)
            .with_company(self.company)
            .get_checklist()
        )

    def test_only_administrators(self):
        for user in (self.requester, self.supervisor):
            with self.assertRaises(AccessError):
                self._steps(user)

    def test_counts_what_is_done(self):
        checklist = self._checklist()
        states = [
            step["state"]
            for section in checklist["sections"]
            for step in section["steps"]
        ]
        self.assertEqual(checklist["total"], len(states))
        self.assertEqual(checklist["done"], states.count("done"))
        self.assertIn(str(checklist["done"]), checklist["progress"])
        self.assertEqual(checklist["company"], self.company.name)

    def test_every_step_left_to_do_says_how(self):
        self.company.document_approval_mode = "off"
        self.flow.unlink()
        for step in self._steps().values():
            self.assertTrue(step["text"].strip())
            if step["state"] != "done":
                self.assertTrue(
                    step["action"] or "system administrator" in step["text"],
                    step["code"],
                )

    def test_new_company_starts_with_departments_and_flows(self):
        company = self.env["res.company"].create({"name": "Branch"})
        self.admin.company_ids |= company
        steps = self._steps(company=company)
        self.assertEqual(steps["departments"]["state"], "todo")
        self.assertEqual(steps["flows"]["state"], "todo")
        self.assertEqual(steps["switch"]["state"], "todo")
        self.assertNotIn("members", steps)

    def test_department_without_members(self):
        self.company.document_approval_mode = "off"
        self.assertEqual(self._steps()["members"]["state"], "done")
        self.operations.member_ids = [Command.clear()]
        step = self._steps()["members"]
        self.assertEqual(step["state"], "recommended", "the flow has a fallback")
        self.assertEqual(step["details"], ["Operations"])
        self.assertEqual(step["action"]["res_id"], self.operations.id)
        self.flow.fallback_department_id = False
        steps = self._steps()
        self.assertEqual(steps["members"]["state"], "todo")
        self.assertEqual(steps["flow_problems"]["state"], "todo")
        self.assertIn("Operations", steps["flow_problems"]["details"][0])
        self.assertIn("To do", steps["switch"]["text"])

    def test_heads_are_recommended(self):
        self.assertEqual(self._steps()["heads"]["state"], "recommended")
        for department in (
            self.sales | self.finance | self.operations | self.technical
        ) | (self.production | self.management):
            department.head_id = department.member_ids[:1]
        self.assertEqual(self._steps()["heads"]["state"], "done")

    def test_fallbacks_and_time_limits(self):
        self.assertEqual(self._steps()["time_limits"]["state"], "recommended")
        self.flow.level_ids.seat_ids.deadline_days = 1
        steps = self._steps()
        self.assertEqual(steps["fallbacks"]["state"], "done")
        self.assertEqual(steps["time_limits"]["state"], "done")
        self.assertFalse(self.sales.has_dead_end)
        self.flow.fallback_department_id = False
        steps = self._steps()
        self.assertEqual(steps["fallbacks"]["state"], "recommended")
        self.assertEqual(steps["time_limits"]["state"], "recommended")
        self.sales.invalidate_recordset()  # looked up, not stored
        self.assertTrue(self.sales.has_dead_end)
        with Form(self.sales.with_user(self.admin)) as form:
            form.fallback_id = self.management
            self.assertFalse(form.has_dead_end)

    def test_who_alone_decides_and_submits(self):
        self.assertEqual(self._steps()["four_eyes"]["state"], "done")
        self.flow.fallback_department_id = False
        step = self._steps()["four_eyes"]
        self.assertEqual(step["state"], "recommended")
        self.assertIn("supervisor, Sales", step["details"])
        self.assertNotIn("accountant, Finance", step["details"], "there are two")

    def test_working_hours(self):
        self.assertEqual(self._steps()["working_hours"]["state"], "done")
        self.company.resource_calendar_id = False
        self.assertEqual(self._steps()["working_hours"]["state"], "recommended")

    def test_emergency(self):
        group = self.env.ref("document_approval.group_emergency")
        group.user_ids = [Command.clear()]
        steps = self._steps()
        self.assertEqual(steps["emergency_people"]["state"], "recommended")
        self.assertFalse(steps["emergency_people"]["action"], "needs more rights")
        self.assertEqual(steps["emergency_told"]["state"], "done")
        group.user_ids = [Command.link(self.manager.id)]
        self.management.member_ids = [Command.clear()]
        steps = self._steps()
        self.assertEqual(steps["emergency_people"]["details"], ["manager"])
        self.assertEqual(steps["emergency_told"]["state"], "recommended")
        self.company.document_approval_emergency_department_id = self.finance
        self.assertEqual(self._steps()["emergency_told"]["state"], "done")

    def test_mail_server(self):
        servers = self.env["ir.mail_server"].sudo()
        servers.search([]).action_archive()
        self.assertEqual(self._steps()["mail"]["state"], "recommended")
        servers.create({"name": "Mail", "smtp_host": "mail.example.com"})
        self.assertEqual(self._steps()["mail"]["state"], "done")

    def test_deputies_who_left(self):
        now = Datetime.now()
        self.env["document.approval.delegation"].create(
            {
                "user_id": self.supervisor.id,
                "delegate_id": self.colleague.id,
                "date_from": Datetime.subtract(now, days=1),
                "date_to": Datetime.add(now, days=1),
            }
        )
        step = self._steps()["deputies"]
        self.assertEqual(step["state"], "done")
        self.assertTrue(step["details"], "it ends soon")
        self.env.cr.execute(
            "UPDATE res_users SET active = false WHERE id = %s", [self.colleague.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self._steps()["deputies"]["state"], "todo")

    def test_seats_nobody_is_left_for(self):
        document = self._submitted()
        self.assertIn("1 ", self._steps()["open_seats"]["text"])
        self._seat(document, self.sales).sudo().is_orphaned = True
        step = self._steps()["open_seats"]
        self.assertEqual(step["state"], "todo")
        self.assertEqual(len(step["details"]), 1)

    def test_switch(self):
        self.assertEqual(self._steps()["switch"]["state"], "done")
        self.company.document_approval_mode = "observe"
        steps = self._steps()
        self.assertEqual(steps["switch"]["state"], "todo")
        self.assertEqual(steps["observed"]["state"], "recommended")
        self._new_document().action_done()
        self.assertEqual(self._steps()["observed"]["state"], "done")
        self.assertFalse(self._steps()["switch"]["action"], "needs more rights")
        self.admin.group_ids += self.env.ref("base.group_system")
        self.assertTrue(self._steps()["switch"]["action"])

    def test_every_screen_can_be_opened(self):
        self.flow.fallback_department_id = False
        self.operations.member_ids = [Command.link(self.requester.id)]
        self.admin.group_ids += self.env.ref("base.group_system")
        self.company.document_approval_mode = "off"
        for step in self._steps().values():
            action = step["action"]
            if not action:
                continue
            model = self.env[action["res_model"]].with_user(self.admin)
            model.get_views([(False, kind) for _id, kind in action["views"]])
            if action.get("domain") and isinstance(action["domain"], list):
                model.search(action["domain"], limit=1)

    # What seats answer for -----------------------------------------------------------

    def test_claims_are_among_what_is_approved(self):
        level = self.flow.level_ids[:1].with_user(self.admin)
        names = set(level.claimable_field_ids.mapped("name"))
        self.assertEqual(names, {"partner_id", "total", "name", "quantity", "price"})
        seat = level.seat_ids[:1]
        fields = self.env["ir.model.fields"]
        seat.claimed_field_ids = fields._get("test.approval.line", "price").sudo(False)
        for model, name in (
            ("test.approval.document", "note"),
            ("test.approval.document", "name"),
            ("test.approval.line", "remark"),
            ("res.partner", "name"),
        ):
            with self.assertRaisesRegex(ValidationError, "nobody can answer for"):
                seat.claimed_field_ids = fields._get(model, name).sudo(False)

    def test_condition_nested_too_deeply(self):
        for depth in (5_000, 90_000):
            with self.assertRaises(ValidationError):
                self.flow.domain = "-" * depth + "1"

    def test_question_needs_words(self):
        with self.assertRaises(ValidationError):
            self.flow.level_ids[:1].seat_ids.check_ids = [
                Command.create({"name": "   "})
            ]

    # Absences ------------------------------------------------------------------------

    def test_reviewers_enter_their_own_absence(self):
        form = Form(
            self.env["document.approval.delegation"].with_user(self.supervisor),
            "document_approval.document_approval_delegation_view_form",
        )
        self.assertEqual(form.user_id, self.supervisor)
        form.delegate_id = self.colleague
        form.date_from = Datetime.subtract(Datetime.now(), hours=1)
        form.date_to = Datetime.add(Datetime.now(), days=3)
        delegation = form.save()
        self.assertEqual(delegation.state, "running")
        self.assertIn(
            "document_approval.document_approval_delegation_menu_own",
            self.env["ir.ui.menu"]
            .with_user(self.supervisor)
            .search([])
            .get_external_id()
            .values(),
        )
        delegation.with_user(self.supervisor).action_end()
        self.assertEqual(delegation.state, "ended")

    def test_nobody_enters_the_absence_of_others(self):
        with self.assertRaises(AccessError):
            self.env["document.approval.delegation"].with_user(self.supervisor).create(
                {
                    "user_id": self.accountant.id,
                    "delegate_id": self.manager.id,
                    "date_to": Datetime.add(Datetime.now(), days=3),
                }
            )
        self.env["document.approval.delegation"].with_user(self.admin).create(
            {
                "user_id": self.accountant.id,
                "delegate_id": self.colleague.id,
                "date_to": Datetime.add(Datetime.now(), days=3),
            }
        )


@tagged("post_install", "-at_install")
class TestSetupOverHttp(HttpCase, ApprovalCommon):
    """What the browser gets."""

    def _call(self, login):
        self.authenticate(login, login)
        response = self.url_open(
            "/web/dataset/call_kw/document.approval.setup/get_checklist",
            json={
                "params": {
                    "model": "document.approval.setup",
                    "method": "get_checklist",
                    "args": [],
                    "kwargs": {},
                }
            },
        )
        return response.json()

    def test_checklist(self):
        result = self._call("admin_approval")["result"]
        self.assertEqual(result["company"], self.company.name)
        self.assertTrue(result["sections"])
        refused = self._call("supervisor")
        self.assertNotIn("result", refused)
        self.assertEqual(
            refused["error"]["data"]["name"], "odoo.exceptions.AccessError"
        )
