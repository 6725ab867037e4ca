from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PriceAgreementCommon


@tagged("post_install", "-at_install")
class TestConcession(PriceAgreementCommon):
    """Granting a concession, and what orders take of it (SPEC C2)."""

    def test_it_comes_into_force_by_its_approval_only(self):
        concession = self._concession(grant=False)
        self.assertEqual(concession.situation, "draft")
        self.assertNotEqual(concession.name, "/")
        for values in ({"state": "active"}, {"closed_kind": "early"}, {"warned": 7}):
            with self.assertRaises(AccessError):
                concession.write(values)
            with self.assertRaises(AccessError):
                concession.sudo().write(values)
        with self.assertRaises(AccessError):
            concession.create({"reason": "x", "date_to": self.today, "state": "active"})
        self.env["ir.default"].sudo().set(
            "sale.price.concession", "state", "active", user_id=self.salesman.id
        )
        self.assertEqual(self._concession(grant=False).state, "draft")
        copied = concession.with_context(default_state="active").copy()
        self.assertEqual(copied.state, "draft")
        with self.assertRaises(UserError):
            concession.copy({"state": "active"})
        self._submit_and_approve(concession)
        self.assertEqual(concession.situation, "in_force")

    def test_it_is_approved_even_where_orders_are_not(self):
        self.company.document_approval_mode = "off"
        concession = self._concession(grant=False)
        with self.assertRaisesRegex(UserError, "approv"):
            concession._keep({"state": "active"})
        self.assertEqual(concession.state, "draft")

    def test_nobody_decides_on_what_he_is_responsible_for(self):
        self.departments["sales"].member_ids = self.salesman
        self.departments["sales"].fallback_id = self.departments["technical"]
        concession = self._concession(grant=False)
        concession.action_submit_for_approval()
        seats = concession.sudo().approval_round_id.seat_ids
        self.assertNotIn(self.salesman, seats.candidate_ids)

    def test_incomplete_or_senseless_is_refused_in_words(self):
        concession = self._concession(grant=False, price=0.0, partner_ids=[])
        with self.assertRaisesRegex(UserError, "Name the customers"):
            concession.action_submit_for_approval()
        with self.assertRaises(ValidationError):
            concession.discount = 120
        with self.assertRaises(ValidationError):
            concession.write({"max_quantity": float("nan")})
        with self.assertRaises(ValidationError):
            concession.date_to = concession.date_from - timedelta(days=1)

    def test_terms_stay_and_a_successor_is_a_copy(self):
        concession = self._concession()
        for values in (
            {"price": 70.0},
            {"partner_ids": [Command.clear()]},
            {"date_to": self.today + timedelta(days=99)},
            {"close_reason": "x"},
        ):
            with self.assertRaises(UserError):
                concession.write(values)
        with self.assertRaises(UserError):
            concession.unlink()
        successor = concession.copy({"price": 70.0})
        self.assertEqual((successor.state, successor.price), ("draft", 70.0))

    def test_others_cannot_change_or_close_it(self):
        concession = self._concession(grant=False)
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            concession.with_user(stranger).write({"price": 1.0})
        with self.assertRaises(AccessError):
            concession.with_user(self.financier).write({"price": 1.0})
        self._submit_and_approve(concession)
        with self.assertRaises(AccessError):
            concession.with_user(stranger).action_close("no")
        with self.assertRaises(UserError):
            concession.action_close("  ")

    def test_reviewers_see_how_deep_it_goes(self):
        self._create_rule(
            applied_on="product",
            product_tmpl_id=self.product.product_tmpl_id.id,
            floor_price=90.0,
            is_price_limited=True,
        )
        concession = self._concession(grant=False, price=40.0, max_quantity=0.0)
        codes = [f["code"] for f in concession._approval_findings()[concession.id]]
        self.assertEqual(
            sorted(codes), ["pc_cost", "pc_discount", "pc_floor", "pc_no_cap"]
        )
        messages = self._get_messages(concession, "pc_floor")
        self.assertIn("40.00", messages[0])
        self.assertIn("90.00", messages[0])

    # On orders -------------------------------------------------------------------

    def test_a_line_takes_its_price_and_says_what_is_left(self):
        concession = self._concession()
        order = self._create_order({"product_uom_qty": 30})
        line = order.order_line
        self.assertEqual(line.price_concession_id, concession)
        self.assertEqual((line.price_unit, line.price_subtotal), (80.0, 2400.0))
        self.assertIn("100.00 of 100.00 Units left", line.price_concession_note)
        self.assertFalse(self._get_findings(order, "discount"))

    def test_it_never_replaces_a_better_price(self):
        self._concession(price=120.0)
        line = self._create_order({"product_uom_qty": 30}).order_line
        self.assertFalse(line.price_concession_id)
        self.assertEqual(line.price_unit, 100.0)

    def test_the_lowest_of_several_is_taken(self):
        self._concession(price=90.0)
        lower = self._concession(price=0.0, method="discount", discount=25.0)
        line = self._create_order({"product_uom_qty": 30}).order_line
        self.assertEqual(line.price_concession_id, lower)
        self.assertEqual(line.price_subtotal, 30 * 75.0)

    def test_units_are_converted(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        concession = self._concession(
            price=960.0, uom_id=dozen.id, max_quantity=10.0, min_quantity=2.0
        )
        line = self._create_order({"product_uom_qty": 23}).order_line
        self.assertFalse(line.price_concession_id, "less than two dozen")
        order = self._create_order({"product_uom_qty": 24})
        self.assertEqual(order.order_line.price_unit, 80.0)
        self._confirm(order)
        self.assertEqual(concession.used_quantity, 2.0)
        self.assertEqual(concession.used_amount, 1920.0)

    def test_currencies_are_converted_at_the_rate_of_the_day(self):
        currency = self.env["res.currency"].create(
            {
                "name": "PCX",
                "symbol": "P",
                "rate_ids": [
                    Command.create(
                        {
                            "rate": 4.0,
                            "name": "2020-01-01",
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        concession = self._concession(max_quantity=0.0, max_amount=1000.0)
        order = self._create_order({"product_uom_qty": 10}, pricelist_id=pricelist.id)
        self.assertEqual(order.order_line.price_unit, 320.0)
        self._confirm(order)
        self.assertEqual(concession.used_amount, 800.0)
        self.assertEqual(concession.progress, 80.0)

    def test_tax_included_or_not_is_minded(self):
        tax = self.env["account.tax"].create(
            {"name": "Incl 10", "amount": 10, "price_include_override": "tax_included"}
        )
        self.product.sudo().taxes_id = tax
        self._concession(price=80.0)
        line = self._create_order({"product_uom_qty": 10}).order_line
        self.assertEqual((line.price_unit, line.price_subtotal), (88.0, 800.0))
        self.assertFalse(self._get_findings(line.order_id, "discount"))

    def test_a_line_below_its_concession_is_a_finding(self):
        self._create_rule()
        self._concession()
        order = self._create_order({"product_uom_qty": 10})
        self.assertFalse(self._get_findings(order))
        order.order_line.price_unit = 79.0
        self.assertEqual(len(self._get_findings(order, "discount")), 1)
        order.order_line.price_concession_id = False
        order.order_line.price_unit = 80.0
        self.assertEqual(len(self._get_findings(order, "discount")), 1)

    def test_a_concession_that_does_not_match_blocks(self):
        other = self.env["res.partner"].create({"name": "Other"})
        concession = self._concession(
            partner_ids=other.ids, min_quantity=50.0, prepayment=30.0
        )
        order = self._create_order(
            {"product_uom_qty": 10, "price_concession_id": concession.id}
        )
        findings = self._get_findings(order)
        self.assertEqual(
            sorted(f["code"] for f in findings if f["severity"] == "block"),
            ["pc_customer", "pc_minimum", "pc_prepayment"],
        )
        self.assertIn("not for this customer", " ".join(self._get_messages(order)))
        with self.assertRaisesRegex(UserError, "at least 50.00"):
            order.action_submit_for_approval()

    def test_it_is_part_of_what_was_approved(self):
        concession = self._concession()
        order = self._create_order({"product_uom_qty": 10})
        order.order_line.write({"price_concession_id": False, "price_unit": 80.0})
        self._submit_and_approve(order)
        order.order_line.price_concession_id = concession
        self.assertEqual(order.approval_state, "superseded")

    def test_the_form_shows_it_while_a_line_is_entered(self):
        concession = self._concession()
        with Form(self.env["sale.order"].with_user(self.manager)) as form:
            form.partner_id = self.partner
            with form.order_line.new() as line:
                line.product_id = self.product
                line.product_uom_qty = 5
                self.assertEqual(line.price_concession_id, concession)
                self.assertEqual(line.price_unit, 80.0)
