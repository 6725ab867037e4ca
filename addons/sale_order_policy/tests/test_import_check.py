from odoo.tests import tagged

from .import_common import KEYS, SaleOrderImportCommon


@tagged("post_install", "-at_install")
class TestImportCheck(SaleOrderImportCommon):
    """What is wrong with rows, said in words (SPEC A4)."""

    def reason(self, *row, keys=KEYS):
        """Return why a row is to be mended; it has to be."""
        job = self.stage([row], keys)
        self.assertEqual(job.row_ids.state, "error", job.row_ids.reasons)
        return job.row_ids.reasons

    def test_unknown_product_with_what_is_close(self):
        reason = self.reason(*self.row(product="X-12"))
        self.assertIn("No product with reference, barcode or name “X-12”.", reason)
        self.assertIn("X-120", reason)
        self.assertIn("X-13", reason)

    def test_products_by_reference_barcode_name_and_any_case(self):
        names = ("X-120", "x-120", "6901234567892", self.product.name.upper(), "Ｘ-120")
        job = self.stage([self.row(f"R{n}", product=p) for n, p in enumerate(names)])
        self.assertEqual(set(job.row_ids.mapped("state")), {"ready"})
        job.action_create_orders()
        self.assertEqual(self.orders(job).order_line.product_id, self.product)

    def test_product_that_is_not_sold_or_not_the_only_one(self):
        self.other.sale_ok = False
        self.assertIn("not for sale", self.reason(*self.row(product="X-13")))
        self.env["product.product"].create([{"name": "Twin"}, {"name": "Twin"}])
        self.assertIn("2 products", self.reason(*self.row(product="Twin")))

    def test_unknown_customer_and_one_of_several(self):
        self.assertIn("No customer", self.reason(*self.row(customer="Nobody Ltd")))
        self.env["res.partner"].create([{"name": "Twins"}, {"name": "Twins"}])
        self.assertIn("Several", self.reason(*self.row(customer="Twins")))

    def test_a_reference_comes_before_a_name(self):
        self.env["res.partner"].create({"name": "TEST-C1"})
        job = self.stage([self.row()])
        job.action_create_orders()
        self.assertEqual(self.orders(job).partner_id, self.partner)

    def test_numbers_out_of_range(self):
        self.assertIn("not above 0", self.reason(*self.row(quantity=0)))
        self.assertIn("not above 0", self.reason(*self.row(quantity="-3")))
        self.assertIn("below 0", self.reason(*self.row(price=-1)))
        for discount in ("101%", "-1%"):
            row = (*self.row(), discount)
            self.assertIn("0 and 100", self.reason(*row, keys=(*KEYS, "discount")))

    def test_unit_of_another_category(self):
        row = (*self.row(), "kg")
        self.assertIn("not counted in", self.reason(*row, keys=(*KEYS, "unit")))

    def test_unknown_words(self):
        for key in ("type", "unit", "terms", "salesperson", "source"):
            row = (*self.row(), "???")
            with self.subTest(key):
                self.assertIn("Unknown", self.reason(*row, keys=(*KEYS, key)))
        for key, text in (("reorder", "none of"), ("place", "no address")):
            row = (*self.row(), "???")
            self.assertIn(text, self.reason(*row, keys=(*KEYS, key)))

    def test_missing_cells(self):
        job = self.stage([[None, "TEST-C1", "X-120", 1], ["R1", None, None, None]])
        first, second = job.row_ids
        self.assertReason(first, "registration number is missing")
        self.assertReason(second, "Customer is missing")
        self.assertReason(second, "Product is missing")
        self.assertReason(second, "quantity is missing")

    def test_customer_may_stand_in_the_first_row_only(self):
        job = self.stage([self.row(), self.row(customer=None, product="X-13")])
        self.assertEqual(set(job.row_ids.mapped("state")), {"ready"})

    def test_contradictions_within_an_order(self):
        job = self.stage([self.row(), self.row(customer="TEST-C2", product="X-13")])
        waiting, wrong = job.row_ids.sorted("row_number")
        self.assertReason(wrong, "“TEST-C2” here and “TEST-C1” in row 2")
        self.assertEqual(waiting.state, "waiting")

    def test_repeated_rows(self):
        job = self.stage([self.row(), self.row()])
        self.assertReason(job.row_ids.sorted("row_number")[1], "same as row 2")

    def test_past_delivery_date_is_only_a_note(self):
        job = self.stage([[*self.row(), "2020-01-01"]], (*KEYS, "delivery"))
        self.assertEqual(job.row_ids.state, "ready")
        self.assertIn("past", job.row_ids.reasons)

    def test_numbers_that_are_no_dates(self):
        for text in ("9" * 400, "1e99", "-5", "19999", "80000"):
            with self.subTest(text=text[:9]):
                job = self.stage([[*self.row(), text]], (*KEYS, "delivery"))
                self.assertEqual(job.row_ids.state, "error")
                self.assertIn("Delivery Date", job.row_ids.reasons)

    def test_days_as_a_spreadsheet_counts_them(self):
        job = self.stage([[*self.row(), "79999"]], (*KEYS, "delivery"))
        self.assertEqual(job.row_ids.state, "ready")

    def test_reasons_are_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.salesman.lang = "zh_CN"
        row = self.stage([self.row(price="viel")]).with_user(self.salesman).row_ids
        self.assertTrue(row.reasons)

    def test_checking_takes_the_same_queries_for_many_rows(self):
        few, many = (self._queries_to_check(count) for count in (10, 150))
        self.assertLessEqual(many, few + 3)

    def _queries_to_check(self, count):
        products = self.env["product.product"].create(
            [
                {"name": f"P{count}-{n}", "default_code": f"Q{count}-{n}"}
                for n in range(count)
            ]
        )
        partners = self.env["res.partner"].create(
            [
                {"name": f"Customer {count}-{n}", "is_company": True}
                for n in range(count)
            ]
        )
        keys = (*KEYS, "unit", "terms", "salesperson", "source", "delivery")
        rows = [
            [
                *self.row(f"N{count}-{n}", partners[n].name, products[n].default_code),
                *("Units", None, self.salesman.login, None, "2031-01-01"),
            ]
            for n in range(count)
        ]
        job = self.stage(rows, keys)
        self.assertEqual(set(job.row_ids.mapped("state")), {"ready"})
        rows_sudo = job.row_ids.sudo()
        checks = job.env["sale.order.import.check"]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        checks._make_plans(job, rows_sudo)
        return self.env.cr.sql_log_count - before
