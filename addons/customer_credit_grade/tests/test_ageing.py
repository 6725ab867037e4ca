import io
from datetime import date, timedelta
from unittest.mock import patch

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Date, Datetime
from odoo.tests import HttpCase, tagged

from .common import CreditCommon


class AgeingCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = Date.today()
        cls.partner.user_id = cls.salesman
        cls.other = cls.env["res.partner"].create(
            {"name": "Other", "is_company": True, "user_id": cls.other_salesman.id}
        )

    @classmethod
    def _owe(cls, amount, days, partner=None, **values):
        """Book an invoice that is ``days`` overdue today."""
        due = cls.today - timedelta(days=days)
        invoice = (
            cls.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (partner or cls.partner).id,
                    "invoice_date": min(due, cls.today) - timedelta(days=1),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Goods",
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _register(cls, invoice, amount, day=None):
        cls.env["account.payment.register"].sudo().with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(
            {"amount": amount, "payment_date": day or cls.today}
        )._create_payments()

    def _row(self, partner=None, day=None, user=None):
        self.env.invalidate_all()  # rows of a report have no ids of their own
        report = self.env["customer.credit.ageing"].with_context(ageing_date=day)
        if user:
            report = report.with_user(user)
        else:
            report = report.sudo()
        return report.search([("partner_id", "=", (partner or self.partner).id)])


@tagged("post_install", "-at_install")
class TestAgeing(AgeingCommon):
    """The ageing is right to the cent, as of any day (SPEC D6)."""

    def test_periods_at_their_bounds(self):
        for number, days in enumerate((-5, 0, 1, 30, 31, 60, 61, 90, 91)):
            self._owe(10.0**0 * (number + 1), days)
        self.assertRecordValues(
            self._row(),
            [
                {
                    "not_due": 3.0,
                    "bucket_1": 7.0,
                    "bucket_2": 11.0,
                    "bucket_3": 15.0,
                    "bucket_4": 9.0,
                    "total": 45.0,
                    "overdue": 42.0,
                    "overdue_days": 91,
                    "credit": 0.0,
                }
            ],
        )

    def test_credits_cover_what_was_due_first(self):
        self._owe(100.0, 100)
        self._owe(50.0, 10)
        self._pay(120.0)
        self.assertRecordValues(
            self._row(),
            [{"bucket_4": 0.0, "bucket_1": 30.0, "total": 30.0, "overdue_days": 10}],
        )
        self._pay(100.0)
        self.assertRecordValues(
            self._row(), [{"bucket_1": 0.0, "credit": -70.0, "total": -70.0}]
        )

    def test_as_of_a_day_in_the_past(self):
        invoice = self._owe(100.0, 20)
        self._register(invoice, 40.0, self.today - timedelta(days=5))
        self._register(invoice, 60.0)
        self.assertFalse(self._row())
        for days, bucket in ((1, 60.0), (5, 60.0), (6, 100.0), (10, 100.0)):
            row = self._row(day=str(self.today - timedelta(days=days)))
            self.assertEqual((row.bucket_1, row.total), (bucket, bucket), days)
            self.assertEqual(row.overdue_days, 20 - days)
        self.assertFalse(self._row(day=str(self.today - timedelta(days=30))))

    def test_equals_the_exposure(self):
        invoice = self._owe(333.33, 45)
        self._register(invoice, 100.01)
        self._owe(77.77, -3)
        self._pay(55.55)
        child = self.env["res.partner"].create(
            {"name": "Child", "parent_id": self.partner.id}
        )
        self._owe(12.34, 5, child)
        second = self._owe(99.99, 3)
        self._register(second, 50.0)
        second.button_draft()
        self.credit_account.invalidate_recordset()
        row = self._row()
        self.assertEqual(row.total, self.credit_account.receivable)
        self.assertAlmostEqual(row.overdue, self.credit_account.overdue, 2)
        buckets = [row[f"bucket_{n}"] for n in range(1, 5)]
        self.assertAlmostEqual(sum(buckets) + row.not_due + row.credit, row.total, 2)

    def test_own_periods(self):
        self.company.credit_ageing_bounds = "7,15,45"
        self._owe(10.0, 8)
        self._owe(20.0, 46)
        self.assertRecordValues(self._row(), [{"bucket_2": 10.0, "bucket_4": 20.0}])
        labels = self.env["customer.credit.ageing"].fields_get(["bucket_2"])
        self.assertEqual(labels["bucket_2"]["string"], "8–15 days")
        for bad in ("30,20,90", "1,2", "a,b,c", ""):
            with self.assertRaises(ValidationError):
                self.company.credit_ageing_bounds = bad

    def test_salespeople_see_their_own_customers(self):
        self._owe(10.0, 5)
        self._owe(20.0, 5, self.other)
        report = self.env["customer.credit.ageing"]
        own = report.with_user(self.salesman)
        self.assertEqual(own.search([]).partner_id, self.partner)
        self.assertFalse(self._row(self.other, user=self.salesman))
        ((total,),) = own._read_group([], aggregates=["total:sum"])
        self.assertEqual(total, 10.0)
        self.assertTrue(self._row(self.other, user=self.financier))
        with self.assertRaises(AccessError):
            report.with_user(self.operator).search([])

    def test_other_companies_are_invisible(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("stranger", "sales_team.group_sale_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self._owe(10.0, 5)
        self.assertFalse(self._row(user=stranger))

    def test_spreadsheet(self):
        self._owe(10.5, 5)
        self._owe(20.0, 5, self.other)
        content = (
            self.env["customer.credit.ageing"].with_user(self.salesman)._get_xlsx()
        )
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        self.assertEqual(len(rows), 2)  # one customer and the total
        self.assertEqual(rows[0][0], self.partner.display_name)
        self.assertIn(10.5, rows[0])
        items = book.worksheets[1]
        self.assertEqual(items.max_row, 2)
        self.assertEqual(items["F2"].value, 10.5)

    def test_queries_do_not_grow_with_customers(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}", "is_company": True} for n in range(12)]
        )
        for partner in partners:
            self._owe(5.0, 5, partner)
        report = self.env["customer.credit.ageing"].sudo()
        report.search([]).mapped("total")

        def count(domain):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report.search(domain).mapped("total")
            return self.env.cr.sql_log_count - before

        few = count([("partner_id", "in", partners[:2].ids)])
        self.assertEqual(count([("partner_id", "in", partners.ids)]), few)


@tagged("post_install", "-at_install")
class TestDebtMail(AgeingCommon):
    """Sales is told what its customers owe and have paid, once (SPEC D6, H4)."""

    def _run(self):
        cron = self.env.ref("customer_credit_grade.ir_cron_debt_mail")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def _mails(self, user):
        sent = self.env["customer.credit.debt.mail"].sudo()
        return sent.search([("user_id", "=", user.id)]).mail_id

    def test_each_gets_his_own_customers_once(self):
        self._owe(10.0, 5)
        self._owe(20.0, 5, self.other)
        self._run()
        self.assertFalse(self._mails(self.salesman))  # off by default
        self.company.credit_debt_mail = "weekly"
        self._run()
        self._run()
        mail = self._mails(self.salesman)
        self.assertEqual(len(mail), 1)
        self.assertIn(self.partner.name, mail.body_html)
        self.assertNotIn("Other", mail.body_html)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertEqual(len(self._mails(self.other_salesman)), 1)

    def test_next_week_again(self):
        self._owe(10.0, 5)
        self.company.credit_debt_mail = "weekly"
        self._run()
        with freeze_time(date.today() + timedelta(days=7)):
            self._run()
        self.assertEqual(len(self._mails(self.salesman)), 2)

    def test_a_second_worker_finds_it_claimed(self):
        mails = self.env["customer.credit.debt.mail"].sudo()
        claim = (self.company, self.salesman, "debts", self.today)
        self.assertTrue(mails._claim(*claim))
        self.assertFalse(mails._claim(*claim))

    def test_a_list_goes_out_on_its_day_of_the_week(self):
        mails = self.env["customer.credit.debt.mail"].sudo()
        self.company.write({"credit_debt_mail": "weekly", "credit_debt_weekday": "3"})
        for day, period in (
            (date(2026, 11, 26), date(2026, 11, 26)),  # a Thursday
            (date(2026, 11, 28), date(2026, 11, 26)),
            (date(2026, 12, 2), date(2026, 11, 26)),
            (date(2026, 12, 3), date(2026, 12, 3)),
        ):
            self.assertEqual(mails._get_period(self.company, day), period)

    def test_leaders_are_told_of_customers_without_salesperson(self):
        region = (
            self.env["sales.region"]
            .sudo()
            .create({"name": "North", "user_id": self.manager.id})
        )
        self.other.sudo().write({"user_id": False, "sale_region_id": region.id})
        self._owe(20.0, 5, self.other)
        self.company.credit_debt_mail = "weekly"
        self._run()
        self.assertIn("Other", self._mails(self.manager).body_html)
        self.assertFalse(self._mails(self.other_salesman))
        leader = self._create_user("leader", "sales_team.group_sale_salesman")
        self.env["crm.team"].sudo().create(
            {"name": "T", "user_id": leader.id, "sale_region_id": region.id}
        )
        groups = self.env["customer.credit.debt.mail"]._group_by_recipient(
            self.company, self.other
        )
        self.assertEqual(groups, {leader: self.other})

    def test_people_of_other_companies_are_not_told(self):
        company = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.partner.sudo().user_id = stranger
        self._owe(10.0, 5)
        self.company.credit_debt_mail = "weekly"
        self._run()
        self.assertFalse(self._mails(stranger))

    def test_one_mail_s_trouble_keeps_no_other_waiting(self):
        self._owe(10.0, 5)
        self._owe(20.0, 5, self.other)
        self.company.credit_debt_mail = "weekly"
        mails = self.env.registry["customer.credit.debt.mail"]
        prepare = mails._prepare_debts

        def fail_for_one(records, company, user):
            if user == self.salesman:
                raise ValueError("out of order")
            return prepare(records, company, user)

        with (
            patch.object(mails, "_prepare_debts", fail_for_one),
            self.assertLogs(
                "odoo.addons.customer_credit_grade.models.customer_credit_debt_mail",
                "ERROR",
            ),
        ):
            self._run()
        self.assertFalse(self._mails(self.salesman))
        self.assertEqual(len(self._mails(self.other_salesman)), 1)
        self._run()
        self.assertEqual(len(self._mails(self.salesman)), 1)

    def test_payments_are_told_once_however_late_they_are_booked(self):
        self.company.credit_payment_mail = True
        invoice = self._owe(100.0, 5)
        self._register(invoice, 30.0, self.today - timedelta(days=4))
        self._run()
        mail = self._mails(self.salesman)
        self.assertEqual(len(mail), 1)
        self.assertIn(invoice.name, mail.body_html)
        self.assertIn("30.00", mail.body_html)
        self.assertIn("70.00", mail.body_html)
        with freeze_time(date.today() + timedelta(days=1)):
            self._run()
            self.assertEqual(len(self._mails(self.salesman)), 1)
            self._register(invoice, 20.0, self.today)
            self._run()
        mails = self._mails(self.salesman).sorted("id")
        self.assertEqual(len(mails), 2)
        self.assertIn("20.00", mails[-1].body_html)
        self.assertNotIn("30.00", mails[-1].body_html)

    def test_payments_booked_before_are_not_told(self):
        self._register(self._owe(100.0, 5), 30.0)
        self.company.credit_payment_mail = True
        self.company.credit_payment_mail_since = Datetime.now() + timedelta(minutes=1)
        self._run()
        self.assertFalse(self._mails(self.salesman))


@tagged("post_install", "-at_install")
class TestAgeingDownload(HttpCase, AgeingCommon):
    def test_download_asks_for_rights(self):
        self._owe(10.0, 5)
        url = "/customer_credit/ageing.xlsx"
        self.authenticate(None, None)
        self.assertNotIn("spreadsheet", self.url_open(url).headers["Content-Type"])
        self.operator.sudo().password = "operator-pass"
        self.authenticate(self.operator.login, "operator-pass")
        self.assertNotEqual(self.url_open(url).status_code, 200)
        self.financier.sudo().password = "financier-pass"
        self.authenticate(self.financier.login, "financier-pass")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("spreadsheet", answer.headers["Content-Type"])
        self.assertEqual(self.url_open(url + "?date=nonsense").status_code, 404)
