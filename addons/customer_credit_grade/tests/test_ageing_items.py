import io
import random
from datetime import date, timedelta

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_ageing import AgeingCommon

AMOUNTS = (
    *("not_due", "bucket_1", "bucket_2", "bucket_3", "bucket_4"),
    *("credit", "total", "overdue", "overdue_days"),
)


@tagged("post_install", "-at_install")
class TestAgeingItems(AgeingCommon):
    """The ageing counts each item once, and opens down to its items (SPEC D6)."""

    def _items(self, row, user=None):
        action = row.with_user(user or self.financier).action_open_items()
        items = self.env["customer.credit.item"].sudo().search(action["domain"])
        return sorted(items.mapped("amount"))

    def _refund(self, amount, days):
        return self._owe(amount, days, move_type="out_refund")

    def test_given_back_by_a_draft_is_covered_with_the_rest_of_its_item(self):
        invoice = self._owe(100.0, 100)
        self._register(invoice, 60.0)
        payments = self.env["account.payment"].sudo()
        payments.search([("partner_id", "=", self.partner.id)]).action_draft()
        self._pay(30.0)
        row = self._row()
        self.assertRecordValues(
            row, [{"bucket_4": 70.0, "overdue": 70.0, "credit": 0.0, "total": 70.0}]
        )
        self.assertEqual(self._items(row), [-30.0, 100.0])
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.receivable, 70.0)
        self.assertEqual(self.credit_account.overdue, 70.0)

    def test_draft_of_another_contact_gives_back_to_who_owes(self):
        payer = self.env["res.partner"].create({"name": "Payer", "is_company": True})
        invoice = self._owe(100.0, 10)
        payment = self._pay(40.0, payer)
        lines = (invoice.line_ids | payment.move_id.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(self._row().total, 60.0)
        payment.sudo().action_draft()
        self.assertEqual(self._row().total, 100.0)
        self.assertFalse(self._row(payer))

    def test_refunds_cover_what_was_due_first(self):
        self._owe(100.0, 95)
        self._owe(50.0, 40)
        self._refund(120.0, 0)
        self.assertRecordValues(
            self._row(), [{"bucket_4": 0.0, "bucket_2": 30.0, "total": 30.0}]
        )

    def test_foreign_currency_counts_as_it_was_booked(self):
        euro = self.env.ref("base.EUR").sudo()
        if euro == self.company.currency_id:
            euro = self.env.ref("base.USD").sudo()
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].sudo().create(
            {"name": "2000-01-01", "currency_id": euro.id, "rate": 0.5}
        )
        invoice = self._owe(100.0, 40, currency_id=euro.id)
        self.assertEqual(self._row().bucket_2, 200.0)
        self._register(invoice, 30.0)
        self.assertEqual(self._row().bucket_2, 140.0)
        day = str(self.today - timedelta(days=1))
        self.assertEqual(self._row(day=day).bucket_2, 200.0)

    def test_branches_count_for_their_root(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create(
                {
                    "name": "Branch",
                    "parent_id": self.company.id,
                    "country_id": self.company.country_id.id,
                }
            )
        )
        self.env.cr.precommit.run()  # loads the chart of accounts
        self.env.user.sudo().company_ids += branch
        self._owe(10.0, 5)
        self._owe(20.0, 5, company_id=branch.id)
        self.assertRecordValues(
            self._row(), [{"bucket_1": 30.0, "company_id": self.company.id}]
        )

    def test_items_add_up_on_any_day(self):
        invoice = self._owe(100.0, 20)
        self._register(invoice, 40.0, self.today - timedelta(days=5))
        self._owe(7.0, 2)
        self.assertEqual(self._items(self._row()), [7.0, 60.0])
        row = self._row(day=str(self.today - timedelta(days=6)))
        self.assertEqual(self._items(row), [100.0])
        content = row.with_user(self.financier)._get_xlsx()
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
        self.assertEqual((sheet["E2"].value, sheet["F2"].value), (14, 100.0))

    def test_salespeople_open_items_of_their_own_customers(self):
        self._owe(10.0, 5)
        self._owe(20.0, 5, self.other)
        self.assertEqual(self._items(self._row(), self.salesman), [10.0])
        row = self._row(self.other)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            row.with_user(self.salesman).action_open_items()

    def test_a_child_company_owes_for_itself(self):
        child = self.env["res.partner"].create(
            {
                "name": "Subsidiary",
                "is_company": True,
                "parent_id": self.partner.id,
                "user_id": self.other_salesman.id,
            }
        )
        self._owe(10.0, 5)
        self._owe(20.0, 5, child)
        self.assertEqual(self._items(self._row(), self.salesman), [10.0])
        own = self.env["customer.credit.ageing"].with_user(self.salesman)
        book = openpyxl.load_workbook(io.BytesIO(own._get_xlsx()))
        self.assertEqual(book.worksheets[1].max_row, 2)

    def test_a_row_keeps_its_id(self):
        self._owe(10.0, 5, self.other)
        row_id = self._row(self.other).id
        self._owe(10.0, 5)
        self.assertEqual(self._row(self.other).id, row_id)
        self.assertNotEqual(self._row().id, row_id)

    def test_spreadsheet_is_of_one_company(self):
        company = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        self.financier.sudo().company_ids += company
        self._owe(10.0, 5)
        report = self.env["customer.credit.ageing"].with_user(self.financier)
        report = report.with_context(allowed_company_ids=[company.id, self.company.id])
        sheet = openpyxl.load_workbook(io.BytesIO(report._get_xlsx())).worksheets[0]
        self.assertEqual(sheet.max_row, 5)  # nothing but the total
        self.assertIn("Elsewhere", sheet["A2"].value)

    def test_today_is_the_company_s(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self._owe(10.0, 0)
        with freeze_time(f"{self.today} 17:00:00"):  # tomorrow there
            self.assertEqual(self._row().bucket_1, 10.0)


@tagged("post_install", "-at_install")
class TestAgeingHistory(AgeingCommon):
    """What a past day shows is what it showed then; today is the exposure."""

    def _book(self, move_type, partner, amount, day, due, currency):
        return self._owe(
            amount,
            0,
            partner,
            move_type=move_type,
            invoice_date=day,
            date=day,
            invoice_date_due=due,
            currency_id=currency.id,
        )

    def _snapshot(self, day=None):
        self.env.invalidate_all()
        report = self.env["customer.credit.ageing"].sudo()
        rows = report.with_context(ageing_date=day).search(
            [("partner_id", "in", self.debtors.ids)]
        )
        return {
            row.partner_id: tuple(round(row[name], 2) for name in AMOUNTS)
            for row in rows
        }

    def _walk(self, rng, day, contacts, currencies):
        """Let something happen on a day."""
        partner, currency = rng.choice(contacts), rng.choice(currencies)
        amount = rng.randint(1, 99999) / 100
        match rng.choice(("invoice", "invoice", "part", "whole", "ahead", "refund")):
            case "invoice":
                due = day + timedelta(days=rng.randint(0, 60))
                self._book("out_invoice", partner, amount, day, due, currency)
            case "refund":
                self._book("out_refund", partner, amount / 3, day, day, currency)
            case "ahead":
                self._pay(amount / 2, partner)
            case what:
                invoice = self._get_open_invoice(rng)
                if invoice:
                    share = rng.choice((1, 3)) / 4 if what == "part" else 1
                    paid = invoice.currency_id.round(invoice.amount_residual * share)
                    self._register(invoice, paid, day)

    def _get_open_invoice(self, rng):
        invoices = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "in", self.debtors.ids),
                    ("move_type", "=", "out_invoice"),
                    ("payment_state", "in", ("not_paid", "partial")),
                    ("state", "=", "posted"),
                ],
                order="id",
            )
        )
        return rng.choice(invoices) if invoices else invoices

    def test_random_histories(self):
        self.debtors = self.partner + self.other
        child = self.env["res.partner"].create(
            {"name": "Office", "parent_id": self.partner.id}
        )
        foreign = self.env.ref("base.EUR").sudo()
        if foreign == self.company.currency_id:
            foreign = self.env.ref("base.USD").sudo()
        foreign.active = True
        foreign.rate_ids.unlink()
        rng = random.Random(20)
        start = date(2026, 1, 1)
        for step in range(12):
            self.env["res.currency.rate"].sudo().create(
                {
                    "name": start + timedelta(days=11 * step),
                    "currency_id": foreign.id,
                    "rate": rng.randint(50, 200) / 100,
                }
            )
        seen = {}
        for step in range(12):
            day = start + timedelta(days=11 * step)
            with freeze_time(f"{day} 10:00:00"):
                for _event in range(4):
                    self._walk(
                        rng,
                        day,
                        (*self.debtors, child),
                        (self.company.currency_id, foreign),
                    )
                seen[day] = self._snapshot()
                self._check_against_exposure(seen[day])
        self.assertGreater(sum(map(len, seen.values())), 12)
        with freeze_time(f"{day + timedelta(days=1)} 10:00:00"):
            for then, expected in seen.items():
                self.assertEqual(self._snapshot(str(then)), expected, then)
            payments = self.env["account.payment"].sudo()
            payments.search(
                [("partner_id", "child_of", self.debtors.ids)], limit=4
            ).action_draft()
            self._check_against_exposure(self._snapshot())

    def _check_against_exposure(self, rows):
        figures = self.env["customer.credit.exposure"]._get_exposures(
            self.company, self.debtors
        )
        for partner in self.debtors:
            *buckets, credit, total, overdue, days = rows.get(
                partner, (0.0,) * len(AMOUNTS)
            )
            found = figures[partner.id]
            self.assertEqual(round(sum(buckets) + credit, 2), total)
            self.assertEqual(total, round(found.receivable, 2))
            self.assertEqual(overdue, round(found.overdue, 2))
            self.assertEqual(days, found.overdue_days)
