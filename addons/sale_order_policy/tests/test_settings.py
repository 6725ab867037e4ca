from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestSettings(SaleOrderPolicyCommon):
    def test_off_is_plain_odoo(self):
        self.company.document_approval_mode = "off"
        order = self._create_order({"price_unit": 0.0})
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.approval_state, "none")
        self.assertFalse(order.approval_is_required)

    def test_observe_records_and_stops_nothing(self):
        self.company.document_approval_mode = "observe"
        self._create_rule(max_discount=5.0)
        order = self._create_order({"discount": 50.0})
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.approval_state, "observed")
        self.assertIn(
            "discount", order.sudo().approval_round_id.finding_ids.mapped("code")
        )

    def test_enforcing_needs_somebody_for_every_seat(self):
        company = self.env["res.company"].create({"name": "Branch"})
        company._sale_policy_create_default_flow()
        with self.assertRaises(ValidationError):
            company.document_approval_mode = "enforce"

    def test_button_creates_the_usual_flow(self):
        company = self.env["res.company"].create({"name": "Branch"})
        self.env.user.company_ids |= company
        settings = self.env["res.config.settings"].with_company(company).create({})
        action = settings.action_sale_policy_create_default_flow()
        flows = self.env["document.approval.flow"].search(action["domain"])
        self.assertEqual(flows.company_id, company)

    def test_button_is_not_for_salespeople(self):
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.manager).create(
                {}
            ).action_sale_policy_create_default_flow()

    def test_form_shows_the_panel_and_hides_confirm(self):
        order = self._create_order()
        with Form(order) as form:
            self.assertTrue(form.approval_can_submit)
            self.assertTrue(form.approval_must_wait)
        self._submit_and_approve(order)
        self.assertFalse(order.approval_must_wait)
        self.assertEqual(order.approval_panel["state"], "approved")

    def test_rule_form_asks_for_what_the_scope_needs(self):
        form = Form(self.env["sale.price.rule"].with_user(self.manager))
        form.applied_on = "product"
        with self.assertRaises(AssertionError):
            form.save()
        form.product_tmpl_id = self.product.product_tmpl_id
        form.max_discount = 5.0
        rule = form.save()
        self.assertEqual(rule.display_name, self.product.product_tmpl_id.display_name)
