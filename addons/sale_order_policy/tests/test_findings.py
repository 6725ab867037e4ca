from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestFindings(SaleOrderPolicyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule(max_discount=10.0)
        cls.tax_excluded, cls.tax_included = cls.env["account.tax"].create(
            [
                {
                    "name": "13 % excluded",
                    "amount": 13.0,
                    "type_tax_use": "sale",
                    "price_include_override": "tax_excluded",
                },
                {
                    "name": "13 % included",
                    "amount": 13.0,
                    "type_tax_use": "sale",
                    "price_include_override": "tax_included",
                },
            ]
        )

    def _discounts(self, order):
        return [
            finding["values"]["actual"]
            for finding in self._get_findings(order, "discount")
        ]

    # Discount ------------------------------------------------------------------

    def test_discount_at_the_limit_is_no_finding(self):
        order = self._create_order({"discount": 10.0})
        self.assertEqual(self._discounts(order), [])

    def test_discount_above_the_limit_goes_to_sales(self):
        order = self._create_order({}, {"discount": 10.01})
        finding = self._get_findings(order, "discount")[0]
        self.assertEqual(finding["department"], "sales")
        self.assertEqual(finding["severity"], "review")
        self.assertEqual(finding["values"]["allowed"], 10.0)
        self.assertEqual(finding["values"]["actual"], 10.01)
        self.assertIn("2 (", finding["line_label"])
        message = self._get_messages(order, "discount")[0]
        self.assertIn("Line 2 (", message)
        self.assertIn("discount 10.01 %, allowed 10.00 %", message)

    def test_lowered_unit_price_is_a_discount(self):
        order = self._create_order({"price_unit": 80.0, "discount": 5.0})
        self.assertEqual(self._discounts(order), [24.0])

    def test_forged_technical_price_does_not_help(self):
        order = self._create_order({"price_unit": 50.0, "technical_price_unit": 50.0})
        self.assertEqual(self._discounts(order), [50.0])

    def test_free_line_is_a_full_discount(self):
        order = self._create_order({}, {"price_unit": 0.0})
        # with a price being required, it is named once: as missing
        self.assertEqual(self._discounts(order), [])
        self.assertEqual(len(self._get_findings(order, "incomplete")), 1)
        order.policy_type_id.sudo().require_line_price = False
        self.assertEqual(self._discounts(order), [100.0])

    def test_rounding_makes_no_finding(self):
        self.product.list_price = 0.99
        order = self._create_order({"discount": 10.0, "product_uom_qty": 1})
        self.assertEqual(order.amount_untaxed, 0.89)
        self.assertEqual(self._discounts(order), [])

    def test_discount_wizard_of_one_percentage(self):
        order = self._create_order({"product_uom_qty": 3})
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.2,
            }
        ).action_apply_discount()
        self.assertEqual(len(order.order_line), 2)
        self.assertEqual(self._discounts(order), [20.0])

    def test_negative_line_is_spread_over_the_products(self):
        dear = self._create_product(list_price=300.0)
        order = self._create_order(
            {},
            {"product_id": dear.id},
            {"product_id": self.service_product.id, "price_unit": -60.0},
        )
        self.assertEqual(self._discounts(order), [15.0, 15.0])

    def test_negative_line_above_all_else_is_a_full_discount(self):
        order = self._create_order(
            {}, {"product_id": self.service_product.id, "price_unit": -500.0}
        )
        self.assertEqual(self._discounts(order), [100.0])

    def test_surcharge_is_no_discount(self):
        order = self._create_order({"price_unit": 150.0})
        self.assertEqual(self._get_findings(order), [])

    def test_price_in_force_is_the_pricelists(self):
        order = self._create_order(
            {"price_unit": 70.0}, pricelist_id=self._pricelist(percent_price=20.0).id
        )
        self.assertEqual(self._discounts(order), [12.5])

    def test_discount_shown_by_the_pricelist_is_no_discount(self):
        self._enable_discounts()
        self.salesman.group_ids += self.group_discount_per_so_line
        pricelist = self._pricelist(percent_price=30.0)
        self.partner.property_product_pricelist = pricelist
        order = self._create_order()
        self.assertEqual(order.order_line.discount, 30.0)
        self.assertEqual(self._get_findings(order), [])

    def test_price_in_force_follows_the_quantity(self):
        pricelist = self._pricelist(percent_price=30.0, min_quantity=10)
        self.partner.property_product_pricelist = pricelist
        order = self._create_order(
            {"product_uom_qty": 10, "price_unit": 70.0},
            {"product_uom_qty": 9, "price_unit": 70.0},
        )
        self.assertEqual(self._discounts(order), [30.0])

    def test_price_in_force_is_todays_whatever_the_order_date(self):
        pricelist = self._pricelist(
            percent_price=50.0, date_end=fields.Datetime.subtract(_now(), days=30)
        )
        self.partner.property_product_pricelist = pricelist
        order = self._create_order(date_order=fields.Datetime.subtract(_now(), days=60))
        self.assertEqual(order.order_line.price_subtotal, 50.0)
        self.assertEqual(self._discounts(order), [50.0])

    def test_taxes_included_in_the_price(self):
        self.product.taxes_id = self.tax_included
        self.product.list_price = 113.0
        order = self._create_order({"discount": 10.0}, {"discount": 12.0})
        self.assertEqual(order.order_line[0].price_subtotal, 90.0)
        self.assertEqual(self._discounts(order), [12.0])

    def test_exchanging_the_tax_is_a_discount(self):
        self.product.taxes_id = self.tax_excluded
        order = self._create_order({"tax_ids": [Command.set(self.tax_included.ids)]})
        self.assertEqual(self._discounts(order), [11.5])

    def test_dozens_are_compared_with_dozens(self):
        self.product.uom_ids = self.uom_dozen
        order = self._create_order(
            {"product_uom_id": self.uom_dozen.id, "price_unit": 1080.0},
            {"product_uom_id": self.uom_dozen.id, "price_unit": 1020.0},
        )
        self.assertEqual(self._discounts(order), [15.0])

    def test_other_currency_is_compared_in_that_currency(self):
        currency = self._enable_currency("EUR")
        self._set_rate(currency, 0.5)
        pricelist = self._pricelist(currency_id=currency.id, percent_price=0.0)
        self.partner.property_product_pricelist = pricelist
        order = self._create_order({}, {"price_unit": 40.0})
        self.assertEqual(order.order_line[0].price_unit, 50.0)
        self.assertEqual(self._discounts(order), [20.0])

    def test_product_without_price_is_only_told(self):
        self.product.list_price = 0.0
        order = self._create_order({"price_unit": 5.0})
        finding = self._get_findings(order)[0]
        self.assertEqual(
            (finding["code"], finding["severity"]), ("no_list_price", "info")
        )

    def test_foreign_pricelist_goes_to_sales(self):
        order = self._create_order(pricelist_id=self._pricelist(percent_price=40.0).id)
        finding = self._get_findings(order)[0]
        self.assertEqual(
            (finding["code"], finding["department"]), ("pricelist", "sales")
        )

    def test_combo_at_its_price_is_no_finding(self):
        combo_product, items = self._create_combo()
        order = self._create_combo_order(combo_product, items)
        self.assertEqual(order.amount_untaxed, 50.0)
        self.assertEqual(self._get_findings(order), [])
        order.order_line[1:].discount = 20.0
        self.assertEqual(self._discounts(order), [20.0, 20.0])

    # Most specific rule ----------------------------------------------------------

    def _allowed(self, order=None):
        order = order or self._create_order({"discount": 99.0})
        return [
            finding["values"]["allowed"]
            for finding in self._get_findings(order, "discount")
        ]

    def test_nearest_category_wins_over_all(self):
        self._create_rule(
            applied_on="category",
            categ_id=self.product.categ_id.id,
            max_discount=20.0,
        )
        child = self.env["product.category"].create(
            {"name": "Child", "parent_id": self.product.categ_id.id}
        )
        self.assertEqual(self._allowed(), [20.0])
        self.product.categ_id = child
        self.assertEqual(self._allowed(), [20.0])
        self._create_rule(applied_on="category", categ_id=child.id, max_discount=25.0)
        self.assertEqual(self._allowed(), [25.0])

    def test_product_and_variant_win_over_category(self):
        self._create_rule(
            applied_on="category", categ_id=self.product.categ_id.id, sequence=1
        )
        self._create_rule(
            applied_on="product",
            product_tmpl_id=self.product.product_tmpl_id.id,
            max_discount=30.0,
            sequence=20,
        )
        self.assertEqual(self._allowed(), [30.0])
        self._create_rule(
            applied_on="variant",
            product_id=self.product.id,
            max_discount=35.0,
            sequence=30,
        )
        self.assertEqual(self._allowed(), [35.0])

    def test_level_and_order_type_make_a_rule_more_specific(self):
        order_type = self.env["sale.order.type"].create({"name": "Fair"})
        self._create_rule(order_type_id=order_type.id, max_discount=15.0)
        self.assertEqual(self._allowed(), [10.0])
        order = self._create_order({"discount": 99.0}, policy_type_id=order_type.id)
        self.assertEqual(self._allowed(order), [15.0])
        level = self.env["sale.salesperson.level"].create(
            {"name": "Senior", "user_ids": [Command.set(self.salesman.ids)]}
        )
        self._create_rule(level_id=level.id, max_discount=18.0, sequence=99)
        self.assertEqual(self.salesman.sale_policy_level_id, level)
        self.assertEqual(self._allowed(order), [18.0])

    def test_naming_a_senior_colleague_grants_nothing(self):
        junior, senior = self.env["sale.salesperson.level"].create(
            [
                {
                    "name": "Junior",
                    "sequence": 1,
                    "user_ids": [Command.set(self.other_salesman.ids)],
                },
                {
                    "name": "Senior",
                    "sequence": 2,
                    "user_ids": [Command.set(self.salesman.ids)],
                },
            ]
        )
        self._create_rule(level_id=junior.id, max_discount=5.0)
        self._create_rule(level_id=senior.id, max_discount=50.0)
        order = self._create_order(
            {"discount": 40.0}, user=self.other_salesman
        ).with_user(self.other_salesman)
        order.user_id = self.salesman
        self.assertEqual(self._allowed(order), [5.0])

    def test_rules_count_on_their_days_only(self):
        today = fields.Date.today()
        self.rule.write({"date_start": today, "date_end": today})
        self.assertEqual(self._allowed(), [10.0])
        self.rule.write(
            {"date_start": False, "date_end": fields.Date.subtract(today, days=1)}
        )
        self.assertEqual(self._allowed(), [])
        self.rule.write(
            {"date_start": fields.Date.add(today, days=1), "date_end": False}
        )
        self.assertEqual(self._allowed(), [])

    def test_rule_of_another_company_does_not_count(self):
        self.rule.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertEqual(self._allowed(), [])

    def test_each_limit_takes_the_most_specific_rule_that_sets_it(self):
        self._create_rule(
            applied_on="variant",
            product_id=self.product.id,
            is_discount_limited=False,
            is_price_limited=True,
            floor_price=95.0,
        )
        order = self._create_order({"discount": 20.0})
        self.assertEqual(
            [finding["code"] for finding in self._get_findings(order)],
            ["discount", "floor_price"],
        )

    # Floor price -----------------------------------------------------------------

    def _floor(self, **values):
        self.rule.write(
            {
                "is_discount_limited": False,
                "is_price_limited": True,
                "floor_price": 90.0,
                **values,
            }
        )

    def _floors(self, order):
        return [
            finding["values"]["actual"]
            for finding in self._get_findings(order, "floor_price")
        ]

    def test_price_below_the_floor_goes_to_sales(self):
        self._floor()
        order = self._create_order({"price_unit": 90.0}, {"price_unit": 89.99})
        self.assertEqual(self._floors(order), [89.99])
        finding = self._get_findings(order, "floor_price")[0]
        self.assertEqual(
            (finding["department"], finding["severity"]), ("sales", "review")
        )
        self.assertEqual(finding["values"]["currency"], order.currency_id.name)
        self.assertIn("floor price 90.00", self._get_messages(order)[0])

    def test_floor_counts_after_global_discounts(self):
        self._floor()
        order = self._create_order(
            {}, {"product_id": self.service_product.id, "price_unit": -15.0}
        )
        self.assertEqual(self._floors(order), [85.0])

    def test_floor_with_tax_is_compared_with_tax(self):
        self.product.taxes_id = self.tax_excluded
        self._floor(floor_price=101.7, floor_price_includes_tax=True)
        order = self._create_order({"price_unit": 90.0}, {"price_unit": 89.0})
        self.assertEqual(self._floors(order), [100.57])

    def test_floor_per_dozen(self):
        self.product.uom_ids = self.uom_dozen
        self._floor(floor_price=1080.0, floor_uom_id=self.uom_dozen.id)
        order = self._create_order(
            {"price_unit": 90.0},
            {"price_unit": 85.0},
            {"product_uom_id": self.uom_dozen.id, "price_unit": 1020.0},
        )
        self.assertEqual(self._floors(order), [1020.0, 1020.0])

    def test_floor_in_other_currency(self):
        currency = self._enable_currency("EUR")
        self._set_rate(currency, 0.5)
        self._floor(floor_price=45.0, currency_id=currency.id)
        order = self._create_order({"price_unit": 90.0}, {"price_unit": 80.0})
        self.assertEqual(self._floors(order), [40.0])

    def test_floor_in_a_unit_that_cannot_be_compared_is_told(self):
        self._floor(floor_uom_id=self.env.ref("uom.product_uom_kgm").id)
        order = self._create_order()
        self.assertEqual(self._get_findings(order)[0]["code"], "floor_unit")

    # Special products ---------------------------------------------------------------

    def test_special_product_names_three_departments(self):
        self.product.policy_special_review = True
        order = self._create_order()
        self.assertEqual(
            {f["department"] for f in self._get_findings(order, "special_product")},
            {"technical", "production", "finance"},
        )

    # Rules themselves ----------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_bad_rules_are_refused(self):
        kilogram = self.env.ref("uom.product_uom_kgm").id
        for values in (
            {"max_discount": -1.0},
            {"max_discount": 100.5},
            {"is_price_limited": True, "floor_price": -5.0},
            {"is_price_limited": True, "floor_price": 0.0},
            {"date_start": "2026-02-01", "date_end": "2026-01-31"},
            {"applied_on": "product"},
            {"is_discount_limited": False},
            {
                "applied_on": "variant",
                "product_id": self.product.id,
                "is_price_limited": True,
                "floor_price": 1.0,
                "floor_uom_id": kilogram,
            },
        ):
            with self.subTest(values=values):
                self._assert_refused(values)

    def _assert_refused(self, values):
        """The ORM refuses with words, PostgreSQL for a constraint."""
        try:
            with self.env.cr.savepoint():
                self._create_rule(**values)
        except (ValidationError, IntegrityError):
            return
        self.fail(f"{values} was accepted")

    def test_scope_keeps_only_what_it_uses(self):
        rule = self._create_rule(
            applied_on="variant",
            product_id=self.product.id,
            categ_id=self.product.categ_id.id,
        )
        self.assertFalse(rule.categ_id)
        rule.applied_on = "all"
        self.assertFalse(rule.product_id)

    def test_one_level_per_person(self):
        levels = self.env["sale.salesperson.level"].create(
            [{"name": "A"}, {"name": "B", "active": False}]
        )
        levels[0].user_ids = self.salesman
        with self.assertRaises(ValidationError):
            levels[1].user_ids = self.salesman

    def test_salespeople_cannot_set_limits_or_levels(self):
        level = self.env["sale.salesperson.level"].create({"name": "A"})
        with self.assertRaises(AccessError):
            self.rule.with_user(self.salesman).max_discount = 99.0
        with self.assertRaises(AccessError):
            level.with_user(self.salesman).user_ids = self.salesman
        with self.assertRaises(AccessError):
            self.env["sale.order.type"].with_user(self.salesman).create({"name": "X"})
        self.rule.with_user(self.manager).max_discount = 12.0
        level.with_user(self.manager).user_ids = self.salesman

    # Scale ----------------------------------------------------------------------------

    def test_number_of_queries_does_not_grow_with_the_orders(self):
        self._create_rule(applied_on="category", categ_id=self.product.categ_id.id)
        orders = self.env["sale.order"]
        for _number in range(30):
            orders |= self._create_order({"discount": 12.0}, {"price_unit": 70.0})
        self.env.flush_all()

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records._approval_findings()
            return self.env.cr.sql_log_count - before

        count(orders)
        self.assertLessEqual(count(orders), count(orders[:2]) + 5)

    # Helpers --------------------------------------------------------------------------

    def _pricelist(self, currency_id=None, **item):
        return self.env["product.pricelist"].create(
            {
                "name": "Test",
                "currency_id": currency_id or self.company.currency_id.id,
                "item_ids": [Command.create({"compute_price": "percentage", **item})],
            }
        )

    def _set_rate(self, currency, rate):
        currency.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": rate,
            }
        )

    def _create_combo(self):
        combos = self.env["product.combo"].create(
            [
                {
                    "name": name,
                    "combo_item_ids": [Command.create({"product_id": product.id})],
                }
                for name, product in (
                    ("First", self.product),
                    ("Second", self._create_product(list_price=300.0)),
                )
            ]
        )
        combo_product = self.env["product.product"].create(
            {
                "name": "Set",
                "type": "combo",
                "list_price": 50.0,
                "combo_ids": [Command.set(combos.ids)],
            }
        )
        return combo_product, combos.combo_item_ids

    def _create_combo_order(self, combo_product, items):
        order = self._create_order({"product_id": combo_product.id})
        for item in items:
            self.env["sale.order.line"].create(
                {
                    "order_id": order.id,
                    "product_id": item.product_id.id,
                    "combo_item_id": item.id,
                    "linked_line_id": order.order_line[0].id,
                }
            )
        return order


def _now():
    return fields.Datetime.now()
