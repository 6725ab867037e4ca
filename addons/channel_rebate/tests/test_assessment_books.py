from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common_assessment import END, START, ChannelAssessmentCommon


@tagged("post_install", "-at_install")
class TestAssessmentBooks(ChannelAssessmentCommon):
    """What the books say, with numbers; bounds exactly hit (SPEC L4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.child = (
            cls.env["res.partner"]
            .sudo()
            .create({"name": "Branch Office", "parent_id": cls.partner.id})
        )

    def _value(self, kind, channels=None, period=(START, END)):
        """Return (value, part, whole) of the partner, or of several by partner."""
        criterion = self.env["channel.scorecard.criterion"].new({"indicator": kind})
        values = criterion._get_values(channels or self.channel, *period)
        found = values[criterion.id]
        return found if channels else found[self.channel.id]

    # Orders ----------------------------------------------------------------------

    def test_order_completion(self):
        self.assertEqual(self._value("order_completion"), (None, 0, 0))
        self._sell(600, 600, START)  # due on the first day
        self._sell(300, 200, END, partner=self.child)  # on the last; 200 of 300
        self._sell(500, 0, self._day(-1))  # the day before
        self._sell(500, 0, self._day(92))  # the day after
        self.assertEqual(self._value("order_completion"), (88.89, 800, 900))
        self._sell(100, 300, END)  # more than ordered counts as ordered
        self.assertEqual(self._value("order_completion"), (90, 900, 1000))

    def test_services_and_open_quotations_do_not_count(self):
        order = self._sell(200, 200, START)
        service = (
            self.env["product.product"]
            .sudo()
            .create({"name": "Visit", "type": "service", "list_price": 900})
        )
        order.order_line = [
            Command.create({"product_id": service.id, "tax_ids": [Command.clear()]})
        ]
        self._order_of(700, product=self.goods, commitment_date="2025-07-10 10:00:00")
        self.assertEqual(self._value("order_completion"), (100, 200, 200))
        order.with_context(disable_cancel_warning=True)._action_cancel()
        self.assertEqual(self._value("order_completion"), (None, 0, 0))

    def test_without_a_date_the_lead_time_says_when(self):
        order = self._sell(200, 100, START)
        order.commitment_date = False
        order.date_order = "2025-06-25 10:00:00"
        order.order_line.customer_lead = 5  # 30 June
        self.assertEqual(self._value("order_completion"), (None, 0, 0))
        order.order_line.customer_lead = 6  # 1 July
        self.assertEqual(self._value("order_completion"), (50, 100, 200))

    def test_orders_in_foreign_currency(self):
        currency = (
            self.env["res.currency"]
            .sudo()
            .create(
                {
                    "name": "XTC",
                    "symbol": "X",
                    "rate_ids": [
                        Command.create(
                            {
                                "name": "2020-01-01",
                                "rate": 4.0,
                                "company_id": self.company.id,
                            }
                        )
                    ],
                }
            )
        )
        pricelist = (
            self.env["product.pricelist"]
            .sudo()
            .create({"name": "X", "currency_id": currency.id})
        )
        order = self._sell(400, 100, START, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_rate, 4)
        self.assertEqual(self._value("order_completion"), (25, 25, 100))

    def test_the_day_is_that_of_the_company(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self._sell(100, 100, START)
        order.commitment_date = "2025-06-30 16:00:00"  # 1 July, 0:00 there
        self.assertEqual(self._value("order_completion"), (100, 100, 100))
        order.commitment_date = "2025-06-30 15:59:59"
        self.assertEqual(self._value("order_completion"), (None, 0, 0))

    # Payments --------------------------------------------------------------------

    def test_payment_on_time(self):
        self.assertEqual(self._value("payment_on_time"), (None, 0, 0))
        first = self._invoice(300, self._day(-30), due=START)
        self._settle(first, 100, self._day(-20))
        self._settle(first, 200, START)  # on the last day: on time
        last = self._invoice(100, self._day(0), due=END, partner=self.child)
        self._settle(last, 50, END)
        self._settle(last, 50, self._day(92))  # a day late
        self._invoice(100, self._day(0), due=self._day(-1))
        self._invoice(100, self._day(0), due=self._day(92))
        self.assertEqual(self._value("payment_on_time"), (87.5, 350, 400))
        self._invoice(100, self._day(0), due=self._day(60))  # never paid
        self.assertEqual(self._value("payment_on_time"), (70, 350, 500))

    def test_credit_notes_are_neither_paid_nor_late(self):
        invoice = self._invoice(400, self._day(0), due=self._day(30))
        refund = self._invoice(300, self._day(10), kind="out_refund")
        (invoice + refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(self._value("payment_on_time"), (0, 0, 100))
        self._settle(invoice, 100, self._day(30))
        self.assertEqual(self._value("payment_on_time"), (100, 100, 100))

    def test_what_is_written_off_is_not_paid(self):
        invoice = self._invoice(400, self._day(0), due=self._day(30))
        expense = self.env["account.account"].search(
            [
                ("account_type", "=", "expense"),
                ("company_ids", "in", self.company.id),
            ],
            limit=1,
        )
        self._settle(
            invoice,
            300,
            self._day(30),
            payment_difference_handling="reconcile",
            writeoff_account_id=expense.id,
        )
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self._value("payment_on_time"), (75, 300, 400))

    def test_an_offset_is_not_paid(self):
        invoice = self._invoice(400, self._day(0), due=self._day(30))
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        expense = invoice.invoice_line_ids.account_id
        entry = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "date": self._day(20),
                    "line_ids": [
                        Command.create({"account_id": expense.id, "debit": 400}),
                        Command.create(
                            {
                                "account_id": receivable.account_id.id,
                                "partner_id": self.partner.id,
                                "credit": 400,
                            }
                        ),
                    ],
                }
            )
        )
        entry.action_post()
        (receivable + entry.line_ids[-1]).reconcile()
        self.assertEqual(self._value("payment_on_time"), (0, 0, 400))

    def test_a_payment_taken_back_pays_nothing(self):
        invoice = self._invoice(400, self._day(0), due=self._day(30))
        payment = self._settle(invoice, 400, self._day(20))
        self.assertEqual(self._value("payment_on_time"), (100, 400, 400))
        payment.action_draft()
        self.assertEqual(self._value("payment_on_time"), (0, 0, 400))

    def test_due_today_is_undecided_until_paid(self):
        today = self.credit_accounts._get_today(self.company)
        period = (today, today)
        invoice = self._invoice(100, today)
        self.assertEqual(self._value("payment_on_time", period=period), (None, 0, 0))
        self._settle(invoice, 100, today)
        self.assertEqual(self._value("payment_on_time", period=period), (100, 100, 100))

    # Growth ----------------------------------------------------------------------

    def test_growth(self):
        self._invoice(900, START, partner=self.child)
        self.assertEqual(self._value("growth"), (None, 0, 0))  # nothing to compare
        self._invoice(500, fields.Date.to_date("2024-07-01"))
        self._invoice(400, fields.Date.to_date("2024-09-30"))
        self._invoice(300, END, kind="out_refund")
        self._invoice(99, fields.Date.to_date("2024-06-30"))
        self._invoice(99, fields.Date.to_date("2024-10-01"))
        self._invoice(99, self._day(92))
        # 600 after 900
        self.assertEqual(self._value("growth"), (-33.33, 600, 900))

    def test_growth_in_a_leap_year(self):
        first = fields.Date.to_date("2025-02-01")
        period = (first, fields.Date.to_date("2025-02-28"))
        self._invoice(100, fields.Date.to_date("2024-02-29"))
        self._invoice(150, first)
        self.assertEqual(self._value("growth", period=period), (50, 150, 100))

    # Complaints, sets --------------------------------------------------------------

    def test_complaints_where_somebody_counts_them(self):
        model = type(self.env["channel.scorecard.criterion"])
        for counted, value in (
            (None, (None, 0, 0)),  # nobody does
            ({}, (0, 0, 0)),
            ({self.partner.id: 2}, (2, 0, 0)),
        ):
            with patch.object(
                model, "_read_complaints", lambda *_args, found=counted: found
            ):
                self.assertEqual(self._value("complaints"), value)

    def test_one_statement_for_all_partners(self):
        partners = (
            self.env["res.partner"]
            .sudo()
            .create([{"name": f"Dealer {number}"} for number in range(30)])
        )
        channels = self.channel.browse()
        for partner in partners:
            channels |= self._create_channel(partner)
        self._invoice(200, START, partner=partners[29])
        for kind in ("order_completion", "payment_on_time", "growth"):
            counts = []
            for some in (channels[:3], channels):
                self._value(kind, some)  # companies and time zone are known then
                self.env.flush_all()
                before = self.cr.sql_log_count
                self._value(kind, some)
                counts.append(self.cr.sql_log_count - before)
            self.assertEqual(counts[0], counts[1], kind)
            self.assertLessEqual(counts[1], 3, kind)
        self.assertEqual(
            self._value("payment_on_time", channels)[channels[29].id], (0, 0, 200)
        )
        self.assertEqual(
            self._value("payment_on_time", channels)[channels[0].id], (None, 0, 0)
        )

    # On an assessment ----------------------------------------------------------------

    def test_filled_with_documents(self):
        self._create_card(
            {"name": "Orders", "indicator": "order_completion", "weight": 40}
            | {"method": "linear"},
            {"name": "Payment", "indicator": "payment_on_time", "weight": 40}
            | {"method": "linear"},
            {"name": "Growth", "indicator": "growth", "weight": 20}
            | {"method": "linear"},
        )
        order = self._sell(900, 600, START)
        late = self._invoice(100, START)
        paid = self._invoice(700, START)
        self._settle(paid, 700, START)
        assessment = self._create_assessment()
        self.assertEqual(assessment.missing_count, 3)
        self.assertFalse(assessment.result)
        assessment.action_compute()
        orders, payment, growth = assessment.line_ids
        self.assertRecordValues(
            assessment.line_ids,
            [
                {"value": 66.67, "points": 66.67, "is_counted": True, "score": 33.34},
                {"value": 87.5, "points": 87.5, "is_counted": True, "score": 43.75},
                {"value": 0, "points": 0, "is_counted": False, "score": 0},
            ],
        )
        # growth has no data: (40 x 66.67 + 40 x 87.5) / 80 = 77.085, half up
        self.assertRecordValues(
            assessment,
            [{"score": 77.09, "weight_counted": 80, "result": "keep"}],
        )
        action = orders.action_open_documents()
        self.assertEqual(action["domain"], [("id", "in", order.ids)])
        action = payment.action_open_documents()
        self.assertCountEqual(action["domain"][0][2], (late + paid).ids)
        self.assertEqual(growth.value_text, "no data")

    def test_too_little_is_known(self):
        self._create_card(
            {"name": "Payment", "indicator": "payment_on_time", "weight": 51}
            | {"method": "linear"},
            {"name": "Market", "weight": 49, "method": "direct"},
        )
        assessment = self._create_assessment()
        assessment.action_compute()
        assessment.line_ids[1].write({"value": 100, "source_text": "Visit"})
        self.assertEqual((assessment.score, assessment.result), (100, False))
        with self.assertRaisesRegex(Exception, "Too little is known"):
            assessment._check_complete()
        self._settle(self._invoice(100, START), 100, START)
        assessment.action_compute()
        self.assertEqual((assessment.score, assessment.result), (100, "reward"))
