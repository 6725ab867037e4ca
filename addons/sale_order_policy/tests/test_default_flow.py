from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestDefaultFlow(SaleOrderPolicyCommon):
    """The usual way of an order: supervisor, finance, operations (SPEC B1, B2)."""

    def _open(self, order):
        seats = order.sudo().approval_round_id.seat_ids
        return seats.filtered(lambda seat: seat.state == "open").mapped(
            "department_id.code"
        )

    def _decide(self, order, user):
        seat = order.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.state == "open" and user in seat.candidate_ids
        )
        seat.with_user(user).action_approve(
            answers=dict.fromkeys(seat.check_ids.ids, "yes")
        )

    def test_three_levels_in_order(self):
        order = self._create_order()
        order.action_submit_for_approval()
        for code, user in (
            ("sales", self.supervisor),
            ("finance", self.financier),
            ("operations", self.operator),
        ):
            self.assertEqual(self._open(order), [code])
            self._decide(order, user)
        self.assertEqual(order.approval_state, "approved")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_special_product_opens_the_joint_review(self):
        self.product.policy_special_review = True
        order = self._create_order()
        order.action_submit_for_approval()
        self._decide(order, self.supervisor)
        self.assertEqual(
            sorted(self._open(order)), ["finance", "production", "technical"]
        )
        self._decide(order, self.engineer)
        self._decide(order, self.financier)
        self.assertEqual(self._open(order), ["production"])
        self._decide(order, self.planner)
        self.assertEqual(self._open(order), ["operations"])

    def test_salesperson_cannot_confirm_what_waits(self):
        order = self._create_order()
        with self.assertRaises(UserError) as caught:
            order.action_confirm()
        self.assertIn("Submit it for approval first", str(caught.exception))
        order.action_submit_for_approval()
        with self.assertRaises(UserError) as caught:
            order.action_confirm()
        self.assertIn("Sales (Supervisor)", str(caught.exception))
        self.assertEqual(order.state, "draft")

    def test_salesperson_never_decides_on_his_order(self):
        self.departments["sales"].member_ids |= self.salesman
        order = self._create_order(user=self.other_salesman)
        order.with_user(self.other_salesman).user_id = self.salesman
        order.with_user(self.other_salesman).action_submit_for_approval()
        candidates = order.sudo().approval_round_id.seat_ids.candidate_ids
        self.assertNotIn(self.salesman, candidates)
        self.assertNotIn(self.other_salesman, candidates)

    def test_fallback_decides_when_the_department_may_not(self):
        self.departments["sales"].member_ids = self.salesman
        order = self._create_order()
        order.action_submit_for_approval()
        seat = order.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.state == "open"
        )
        self.assertEqual(seat.candidate_ids, self.director)

    def test_reviewers_read_what_they_are_asked(self):
        order = self._create_order()
        other = self._create_order()
        order.action_submit_for_approval()
        as_financier = order.with_user(self.financier)
        self.assertTrue(as_financier.order_line.read(["name", "price_unit"]))
        self.assertTrue(as_financier.approval_panel)
        self.assertFalse(other.with_user(self.financier).has_access("read"))
        self.assertFalse(as_financier.has_access("write"))

    def test_reviewers_can_open_every_field_of_their_form(self):
        order = self._create_order()
        order.action_submit_for_approval()
        as_financier = order.with_user(self.financier)
        views = as_financier.get_views([(False, "form")])
        arch = etree.fromstring(views["views"]["form"]["arch"])
        names = {
            node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")
        }
        self.assertIn("approval_panel", names)
        as_financier.web_read({name: {} for name in names})
        seller = order.get_views([(False, "form")])["views"]["form"]["id"]
        self.assertNotEqual(seller, views["views"]["form"]["id"])

    def test_creating_again_changes_nothing(self):
        self.departments["technical"].action_archive()
        before = self.env["document.approval.department"].with_context(
            active_test=False
        )
        count = before.search_count([])
        self.assertFalse(self.company._sale_policy_create_default_flow())
        self.assertEqual(before.search_count([]), count)

    def test_new_company_gets_a_flow_and_stays_off(self):
        company = self.env["res.company"].create({"name": "Branch"})
        flow = company._sale_policy_create_default_flow()
        self.assertEqual(flow.company_id, company)
        self.assertEqual(flow.level_ids.mapped("sequence"), [10, 15, 20, 30])
        self.assertEqual(flow.fallback_department_id.code, "management")
        self.assertEqual(company.document_approval_mode, "off")

    def test_new_company_gets_time_limits_and_somebody_to_turn_to(self):
        company = self.env["res.company"].create({"name": "Branch"})
        flow = company._sale_policy_create_default_flow()
        limits = [set(lv.seat_ids.mapped("deadline_days")) for lv in flow.level_ids]
        self.assertEqual(limits, [{1.0}, {2.0}, {1.0}, {1.0}])
        departments = flow.level_ids.seat_ids.department_id
        self.assertEqual(departments.fallback_id, flow.fallback_department_id)
        self.assertFalse(flow.fallback_department_id.fallback_id)

    def test_joint_review_has_checklists(self):
        company = self.env["res.company"].create({"name": "Branch"})
        flow = company._sale_policy_create_default_flow()
        joint = flow.level_ids.filtered("is_joint")
        for seat in joint.seat_ids:
            self.assertEqual(len(seat.check_ids), 2, seat.department_id.name)
        self.assertFalse((flow.level_ids - joint).seat_ids.check_ids)
        self.assertFalse(flow.level_ids.seat_ids.claimed_field_ids)
        free = joint.seat_ids.check_ids.filtered(lambda check: not check.must_be_yes)
        self.assertEqual(
            set(free.mapped("name")),
            {"Price covers the cost?", "Special processes or tools needed?"},
        )

    def test_joint_review_waits_for_its_answers(self):
        joint = self.flow.level_ids.filtered("is_joint")
        for code in ("technical", "production", "finance"):
            seat = joint.seat_ids.filtered(lambda s, c=code: s.department_id.code == c)
            checks = self.company._sale_policy_prepare_checks(code)
            seat.check_ids = [Command.clear(), *checks]
        self.product.policy_special_review = True
        order = self._create_order()
        order.action_submit_for_approval()
        self._decide(order, self.supervisor)
        seat = order.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.department_id.code == "production"
        )
        own = seat.with_user(self.planner)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            own.action_approve()
        capacity, special = seat.check_ids
        with self.assertRaises(UserError), self.env.cr.savepoint():
            own.action_approve(answers={capacity.id: "no", special.id: "yes"})
        own.action_approve(answers={capacity.id: "yes", special.id: "no"})
        self.assertEqual(seat.state, "approved")

    def test_existing_departments_keep_their_fallback(self):
        company = self.env["res.company"].create({"name": "Branch"})
        finance = self.env["document.approval.department"].create(
            {"name": "Money", "code": "finance", "company_id": company.id}
        )
        flow = company._sale_policy_create_default_flow()
        self.assertFalse(finance.fallback_id)
        self.assertIn(finance, flow.level_ids.seat_ids.department_id)
