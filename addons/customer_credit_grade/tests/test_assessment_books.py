from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestAssessmentBooks(CreditCommon):
    """Figures from the books, with numbers (SPEC D1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.credit_accounts._get_today(cls.company)
        cls.child = (
            cls.env["res.partner"]
            .sudo()
            .create({"name": "Branch Office", "parent_id": cls.partner.id})
        )

    def _invoice(self, amount, due, kind="out_invoice", **values):
        """Post an invoice over ``amount`` due on a day, dated 30 days earlier."""
        move = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": kind,
                    "partner_id": self.partner.id,
                    "invoice_date": due - relativedelta(days=30),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        move.action_post()
        return move

    def _settle(self, invoice, amount, date, currency=None):
        """Pay a part of an invoice on a day."""
        wizard = (
            self.env["account.payment.register"]
            .sudo()
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": date, "amount": amount})
        )
        wizard._create_payments()

    def _value(self, kind, months=12, accounts=None):
        criterion = self.env["customer.credit.criterion"].new(
            {"kind": kind, "window_months": months, "source": "computed"}
        )
        accounts = accounts or self.credit_account
        values = criterion._get_values(accounts)[criterion.id]
        return values[accounts[0].id]

    def _days(self, days):
        return self.today - relativedelta(days=days)

    def test_paid_on_time_and_days_late(self):
        self.assertIsNone(self._value("on_time"))
        self.assertIsNone(self._value("days_late"))
        on_time = self._invoice(300, self._days(40))
        self._settle(on_time, 100, self._days(60))
        self._settle(on_time, 200, self._days(40))  # on the last day: on time
        late = self._invoice(100, self._days(40), partner_id=self.child.id)
        self._settle(late, 50, self._days(50))
        self._settle(late, 50, self._days(30))  # 10 days late
        # 300 of 400; days: 50 x 10 / 400
        self.assertEqual(self._value("on_time"), 75.0)
        self.assertEqual(self._value("days_late"), 1.25)
        self._invoice(100, self._days(20))  # open, overdue by 20 days
        self.assertEqual(self._value("on_time"), 60.0)
        self.assertEqual(self._value("days_late"), 5.0)  # (500 + 2000) / 500

    def test_due_today_is_undecided_until_paid(self):
        invoice = self._invoice(100, self.today)
        self.assertIsNone(self._value("on_time"))
        self._settle(invoice, 100, self.today)
        self.assertEqual(self._value("on_time"), 100.0)

    def test_edges_of_the_window(self):
        year = self.today - relativedelta(months=12)
        self._invoice(100, year)  # outside: the day itself
        self.assertIsNone(self._value("on_time"))
        self._invoice(100, year + relativedelta(days=1))
        self.assertEqual(self._value("on_time"), 0.0)
        paid = self._invoice(100, self._days(200))
        self._settle(paid, 100, self._days(201))
        self.assertEqual(self._value("on_time"), 50.0)
        self.assertEqual(self._value("on_time", months=1), None)

    def test_credit_notes_are_neither_paid_nor_late(self):
        invoice = self._invoice(400, self._days(40))
        refund = self._invoice(300, self._days(10), kind="out_refund")
        (invoice + refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self._settle(invoice, 100, self._days(40))
        self.assertEqual(self._value("on_time"), 100.0)
        self.assertEqual(self._value("days_late"), 0.0)

    def test_foreign_currency(self):
        currency = (
            self.env["res.currency"]
            .sudo()
            .create({"name": "XTC", "symbol": "X", "rounding": 0.01})
        )
        self.env["res.currency.rate"].sudo().create(
            [
                {"currency_id": currency.id, "name": "2000-01-01", "rate": 0.5},
                {"currency_id": currency.id, "name": self._days(35), "rate": 0.8},
            ]
        )
        paid = self._invoice(100, self._days(30), currency_id=currency.id)  # 200
        self._settle(paid, 100, self._days(20))  # 125: a loss on the rate of 75
        self._invoice(50, self._days(30), currency_id=currency.id)  # 100, open
        # (125 x 10 + 100 x 30) / 225
        self.assertEqual(self._value("on_time"), 0.0)
        self.assertEqual(self._value("days_late"), 18.89)
        self.assertEqual(self._value("turnover"), 300.0)

    def test_turnover(self):
        self.assertIsNone(self._value("turnover"))
        year = self.today - relativedelta(months=12)
        month = relativedelta(days=30)
        self._invoice(1000, year + month)  # invoiced on the day outside
        self.assertIsNone(self._value("turnover"))
        self._invoice(500, year + month + relativedelta(days=1))
        self._invoice(200, self.today, partner_id=self.child.id)
        self._invoice(50, self.today, kind="out_refund")
        self.assertEqual(self._value("turnover"), 650.0)

    def test_turnover_of_other_company_does_not_count(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        moves = []
        for company in (branch, other):
            move = self._invoice(200, self.today)
            moves.append(move)
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE account_move SET company_id = %s WHERE id = %s",
                (company.id, move.id),
            )
        self.env.invalidate_all()
        self.assertEqual(self._value("turnover"), 200.0)

    def test_relationship(self):
        self.assertIsNone(self._value("relationship"))
        order = self._order_of(100)
        order.sudo().action_confirm()
        self.assertEqual(self._value("relationship"), 0.0)
        first = self.today - relativedelta(months=14)
        self._invoice(100, first + relativedelta(days=30))
        self.assertEqual(self._value("relationship"), 14.0)
        self._invoice(100, first + relativedelta(days=29))
        self.assertEqual(self._value("relationship"), 14.0)

    def test_use_and_overdue(self):
        self._invoice(1000, self._days(12))
        self._invoice(250, self.today)
        self.assertEqual(self._value("use"), 25.0)
        self.assertEqual(self._value("overdue_amount"), 1000.0)
        self.assertEqual(self._value("overdue_days"), 12.0)
        self._set_limit(self.partner, 0.0, mode="prepay")
        self.assertIsNone(self._value("use"))

    def test_queries_do_not_grow_with_the_accounts(self):
        partners = (
            self.env["res.partner"]
            .sudo()
            .create([{"name": f"Customer {number}"} for number in range(40)])
        )
        many = self.credit_accounts._bump(self.company, partners)
        kinds = ["on_time", "days_late", "turnover", "relationship", "overdue_days"]
        card = self.env["customer.credit.scorecard"].create({"name": "Draft"})
        criteria = self.env["customer.credit.criterion"].create(
            [
                {
                    "scorecard_id": card.id,
                    "name": kind,
                    "kind": kind,
                    "weight": 20,
                    "source": "computed",
                }
                for kind in kinds
            ]
        )
        counts = []
        one = self.credit_account
        # few have a statement that is planned once, many one of their own
        for accounts in (one, one + many[:10], one + many[:25], one + many):
            criteria._get_values(accounts)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            criteria._get_values(accounts)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts, [counts[0]] * 4)
