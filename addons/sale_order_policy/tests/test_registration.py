from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestRegistration(SaleOrderPolicyCommon):
    """The registration form, its facts, and regions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south = cls.env["sales.region"].create(
            [{"name": "North", "code": "N"}, {"name": "South", "code": "S"}]
        )
        cls.term, cls.longer = cls.env["account.payment.term"].create(
            [{"name": "30 days"}, {"name": "60 days"}]
        )

    # Registration number ---------------------------------------------------------

    def test_a_number_is_used_once_in_a_company(self):
        self._create_order(policy_external_number="R-1")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_order(policy_external_number=" R-1 ")

    def test_orders_without_a_number_do_not_collide(self):
        orders = [self._create_order(policy_external_number=n) for n in ("", " ")]
        self.assertEqual([o.policy_external_number for o in orders], [False, False])

    def test_copy_gets_no_number(self):
        order = self._create_order(policy_external_number="R-1")
        self.assertFalse(order.copy().policy_external_number)

    def test_a_type_may_require_the_number(self):
        order = self._create_order()
        order.policy_type_id.sudo().require_external_number = True
        self.assertIn(
            "Registration Number is missing", self._get_messages(order, "incomplete")
        )
        order.policy_external_number = "R-1"
        self.assertFalse(self._get_findings(order, "incomplete"))

    # Payment terms -----------------------------------------------------------------

    def test_other_terms_than_the_customers_go_to_finance(self):
        self.partner.sudo().property_payment_term_id = self.term
        order = self._create_order(payment_term_id=self.longer.id)
        (finding,) = self._get_findings(order, "payment_term")
        self.assertEqual(finding["department"], "finance")
        self.assertEqual(
            self._get_messages(order, "payment_term"),
            ["payment terms 60 days, the customer's are 30 days"],
        )

    def test_the_customers_own_terms_are_no_finding(self):
        self.partner.sudo().property_payment_term_id = self.term
        order = self._create_order()
        self.assertEqual(order.payment_term_id, self.term)
        self.assertFalse(self._get_findings(order, "payment_term"))

    def test_terms_for_a_customer_without_any_are_a_finding(self):
        self.partner.sudo().property_payment_term_id = False
        order = self._create_order(payment_term_id=self.longer.id)
        self.assertEqual(
            self._get_messages(order, "payment_term"),
            ["payment terms 60 days, the customer's are none"],
        )

    # Technical requirement -----------------------------------------------------------

    def test_a_requirement_goes_to_the_joint_review(self):
        order = self._create_order({}, {"policy_requirement": "0.02 mm"})
        findings = self._get_findings(order, "technical_requirement")
        self.assertEqual(
            {f["department"] for f in findings}, {"technical", "production", "finance"}
        )
        self.assertIn("Line 2", self._get_messages(order, "technical_requirement")[0])
        order.action_submit_for_approval()
        self.assertEqual(
            order.sudo()
            .approval_round_id.seat_ids.filtered("is_joint")
            .department_id.mapped("code"),
            ["technical", "finance", "production"],
        )

    def test_a_changed_requirement_ends_the_round(self):
        order = self._create_order({"policy_requirement": "0.02 mm"})
        self._submit_and_approve(order)
        self.assertEqual(order.approval_state, "approved")
        order.order_line.policy_requirement = "0.01 mm"
        self.assertEqual(order.approval_state, "superseded")

    def test_an_added_requirement_ends_the_round(self):
        order = self._create_order()
        self._submit_and_approve(order)
        order.order_line.write({"policy_requirement": "0.01 mm"})
        self.assertEqual(order.approval_state, "superseded")

    def test_the_kind_of_reorder_leaves_the_round_alone(self):
        order = self._create_order()
        self._submit_and_approve(order)
        order.order_line.policy_reorder_kind = "end_customer"
        self.assertEqual(order.approval_state, "approved")

    # Amount classes ------------------------------------------------------------------

    def _create_class(self, amount, *codes, **values):
        departments = self.env["document.approval.department"].union(
            *(self.departments[code] for code in codes)
        )
        return self.env["sale.amount.class"].create(
            {
                "name": f"From {amount}",
                "amount_from": amount,
                "department_ids": [Command.set(departments.ids)],
                **values,
            }
        )

    def test_the_highest_class_reached_counts(self):
        self._create_class(100.0, "sales")
        self._create_class(200.0, "technical", "finance")
        self._create_class(300.0, "management")
        order = self._create_order({"product_uom_qty": 2.0, "price_unit": 100.0})
        findings = self._get_findings(order, "amount_class")
        self.assertEqual({f["department"] for f in findings}, {"technical", "finance"})
        self.assertIn("From 200", self._get_messages(order, "amount_class")[0])

    def test_below_the_lowest_class_is_no_finding(self):
        self._create_class(200.0, "technical")
        order = self._create_order({"price_unit": 199.99})
        self.assertFalse(self._get_findings(order, "amount_class"))

    def test_a_class_may_be_for_one_type(self):
        kind = self.env["sale.order.type"].create({"name": "Projects"})
        self._create_class(100.0, "technical", order_type_ids=[Command.set(kind.ids)])
        order = self._create_order({"price_unit": 500.0})
        self.assertFalse(self._get_findings(order, "amount_class"))
        order.policy_type_id = kind
        self.assertTrue(self._get_findings(order, "amount_class"))

    def test_the_class_goes_by_the_companys_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XTA",
                "symbol": "X",
                "rate_ids": [Command.create({"rate": 0.1, "name": "2020-01-01"})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "X", "currency_id": currency.id}
        )
        self._create_class(1000.0, "technical")
        order = self._create_order({"price_unit": 100.0}, pricelist_id=pricelist.id)
        self.assertTrue(self._get_findings(order, "amount_class"))

    def test_findings_of_many_orders_take_no_more_queries(self):
        self._create_class(50.0, "technical")
        orders = self.env["sale.order"].union(
            *(self._create_order({"policy_requirement": "x"}) for _n in range(12))
        )
        counts = []
        for number in (2, 12):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["sale.order"].browse(orders[:number].ids)._approval_findings()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    # Regions -------------------------------------------------------------------------

    def test_the_order_keeps_the_region_of_its_day(self):
        self.partner.sudo().sale_region_id = self.north
        order = self._create_order()
        self.assertEqual(order.sale_region_id, self.north)
        self.partner.sudo().sale_region_id = self.south
        self.assertEqual(order.sale_region_id, self.north)
        self.assertEqual(self._create_order().sale_region_id, self.south)

    def test_a_customer_without_region_counts_for_the_teams(self):
        team = self.env["crm.team"].create(
            {"name": "Team", "sale_region_id": self.south.id}
        )
        order = self._create_order(team_id=team.id)
        self.assertEqual(order.sale_region_id, self.south)

    def test_a_contact_person_has_the_region_of_the_company(self):
        self.partner.sudo().write({"is_company": True, "sale_region_id": self.north.id})
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.partner.id}
        )
        order = self._create_order(partner_id=contact.id)
        self.assertEqual(order.sale_region_id, self.north)

    def test_a_price_limit_may_be_for_a_region(self):
        self._create_rule(max_discount=10.0)
        self._create_rule(max_discount=20.0, region_id=self.north.id)
        order = self._create_order({"discount": 15.0})
        self.assertTrue(self._get_findings(order, "discount"))
        self.partner.sudo().sale_region_id = self.north
        self.assertFalse(self._get_findings(order, "discount"))

    def test_the_team_of_the_order_opens_no_price_limit(self):
        self._create_rule(max_discount=10.0)
        self._create_rule(max_discount=20.0, region_id=self.north.id)
        team = self.env["crm.team"].create(
            {"name": "Team", "sale_region_id": self.north.id}
        )
        order = self._create_order({"discount": 15.0}, team_id=team.id)
        self.assertEqual(order.sale_region_id, self.north)
        self.assertTrue(self._get_findings(order, "discount"))

    def test_salespeople_do_not_choose_regions_of_customers(self):
        partners = self.env["res.partner"].with_user(self.other_salesman)
        self.other_salesman.sudo().group_ids += self.env.ref(
            "base.group_partner_manager"
        )
        with self.assertRaises(AccessError):
            self.partner.with_user(self.other_salesman).sale_region_id = self.north
        with self.assertRaises(AccessError):
            partners.create({"name": "New", "sale_region_id": self.north.id})
        with self.assertRaises(AccessError):
            partners.with_context(default_sale_region_id=self.north.id).create(
                {"name": "New"}
            )
        self.assertTrue(partners.create({"name": "New"}))

    def test_salespeople_do_not_move_customers_into_a_region(self):
        """Below another company a customer has that company's price limits."""
        company = self.env["res.partner"].create(
            {"name": "North Ltd", "is_company": True, "sale_region_id": self.north.id}
        )
        self._create_order()
        self.other_salesman.sudo().group_ids += self.env.ref(
            "base.group_partner_manager"
        )
        partner = self.partner.with_user(self.other_salesman)
        for elevated in (False, True):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                partner.sudo(elevated).write(
                    {"is_company": False, "parent_id": company.id}
                )
        partner = self.partner.with_user(self.manager)
        partner.write({"is_company": False, "parent_id": company.id})
        self.assertEqual(partner._policy_get_region(), self.north)

    def test_contacts_without_orders_join_their_company(self):
        company = self.env["res.partner"].create(
            {"name": "North Ltd", "is_company": True, "sale_region_id": self.north.id}
        )
        contact = self.env["res.partner"].create({"name": "Buyer"})
        contact.with_user(self.other_salesman).parent_id = company
        self.assertEqual(contact._policy_get_region(), self.north)

    def test_a_copied_customer_has_no_region(self):
        self.partner.sale_region_id = self.north
        copy = self.partner.with_user(self.other_salesman).copy()
        self.assertFalse(copy.sale_region_id)

    def test_saving_the_same_region_is_no_change(self):
        self.partner.sudo().sale_region_id = self.north
        self.other_salesman.sudo().group_ids += self.env.ref(
            "base.group_partner_manager"
        )
        self.partner.with_user(self.other_salesman).write(
            {"sale_region_id": self.north.id, "street": "2 Main Street"}
        )
        self.assertEqual(self.partner.street, "2 Main Street")

    def test_a_warehouse_belongs_to_one_region(self):
        warehouse = self.env["stock.warehouse"].search([], limit=1)
        self.north.warehouse_ids = warehouse
        with self.assertRaisesRegex(ValidationError, "two regions: North and South"):
            self.south.warehouse_ids = warehouse

    def test_sales_administrators_keep_regions(self):
        region = self.north.with_user(self.manager)
        region.warehouse_ids = self.env["stock.warehouse"].search([], limit=1)
        with self.assertRaises(AccessError):
            self.north.with_user(self.salesman).name = "Mine"

    # Flows of a type -----------------------------------------------------------------

    def test_a_type_gets_a_flow_of_its_own(self):
        approver = self._create_user(
            "approvals manager", "document_approval.group_manager"
        )
        kind = self.env["sale.order.type"].create({"name": "Projects"})
        action = kind.with_user(approver).action_create_flow()
        flow = self.env["document.approval.flow"].browse(action["res_id"])
        self.assertEqual(flow.name, "Projects")
        self.assertEqual(len(flow.level_ids), len(self.flow.level_ids))
        again = kind.with_user(approver).action_create_flow()
        self.assertEqual(again["res_id"], flow.id)
        order = self._create_order(policy_type_id=kind.id)
        order.action_submit_for_approval()
        self.assertEqual(order.sudo().approval_round_id.flow_id, flow)
        other = self._create_order()
        other.action_submit_for_approval()
        self.assertEqual(other.sudo().approval_round_id.flow_id, self.flow)

    def test_only_approvals_managers_make_flows(self):
        kind = self.env["sale.order.type"].create({"name": "Projects"})
        with self.assertRaises(AccessError):
            kind.with_user(self.manager).action_create_flow()

    def test_a_flow_needs_one_to_start_from(self):
        self.company.document_approval_mode = "off"
        self.flow.action_archive()
        kind = self.env["sale.order.type"].create({"name": "Projects"})
        with self.assertRaisesRegex(UserError, "no approval flow"):
            kind.action_create_flow()

    # Printed form --------------------------------------------------------------------

    def test_the_printed_form_has_everything(self):
        self.partner.sudo().sale_region_id = self.north
        order = self._create_order(
            {"policy_requirement": "0.02 mm", "policy_reorder_kind": "size_fill"},
            policy_external_number="R-7",
            client_order_ref="PO 12",
        )
        self._submit_and_approve(order)
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "sale_order_policy.report_order_registration", order.ids
        )
        text = html.decode()
        for expected in (
            "Order Registration Form",
            "R-7",
            "PO 12",
            "North",
            "0.02 mm",
            "Size fill-in",
            "Supervisor",
            "1 Main Street",
        ):
            self.assertIn(expected, text)

    def test_customers_do_not_print_who_decided_what(self):
        buyer = self._create_user("buyer", "base.group_portal")
        buyer.partner_id.parent_id = self.partner
        order = self._create_order()
        self._submit_and_approve(order)
        self.assertTrue(order.with_user(buyer).has_access("read"))
        reports = self.env["ir.actions.report"].with_user(buyer)
        with self.assertRaises(AccessError):
            reports._render_qweb_html(
                "sale_order_policy.report_order_registration", order.ids
            )
