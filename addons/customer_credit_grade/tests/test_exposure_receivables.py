from odoo import Command, fields
from odoo.tests import tagged

from .exposure_common import ExposureCommon


@tagged("post_install", "-at_install")
class TestExposureReceivables(ExposureCommon):
    """Open items count as booked, credits not yet applied are netted (DESIGN 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable = cls.company_data["default_account_receivable"]

    def _bill(self, amount, partner=None, post=True, **values):
        """Make an invoice without an order."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.customer).id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Goods", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def test_without_order(self):
        invoice = self._bill(100, post=False)
        self.assertExposure(0.0)
        invoice.action_post()
        self.assertExposure(100.0, receivable=100.0)

    def test_partial_payment(self):
        invoice = self._bill(100)
        self._pay(invoice, 30)
        self.assertExposure(70.0, receivable=70.0, unapplied=0.0)

    def test_unapplied_payment_is_netted(self):
        invoice = self._bill(100)
        payment = self._pay_ahead(150)
        self.assertExposure(-50.0, receivable=-50.0, unapplied=150.0)
        self._reconcile(invoice, payment.move_id)
        self.assertExposure(-50.0, receivable=-50.0, unapplied=50.0)

    def test_refund_is_netted_until_it_is_applied(self):
        invoice = self._bill(100)
        refund = self._refund(invoice, price=40, post=False)
        self.assertExposure(100.0)
        refund.action_post()
        self.assertExposure(60.0)

    def test_reset_to_draft_while_partly_paid(self):
        """The payment becomes an unapplied credit although Odoo keeps it applied."""
        order = self._make_order((self.by_order, 10))
        invoice = self._invoice(order)
        payment = self._pay(invoice, 400)
        self.assertExposure(700.0, receivable=700.0)
        invoice.button_draft()
        self.assertTrue(self._items(payment.move_id).reconciled)
        self.assertExposure(
            700.0, ordered=1100.0, receivable=-400.0, unapplied=400.0, overdue=0.0
        )
        invoice.action_post()
        self.assertExposure(700.0, ordered=0.0, receivable=700.0, unapplied=0.0)

    def test_payment_reset_to_draft(self):
        """What it had paid is owed again."""
        invoice = self._bill(100)
        payment = self._pay(invoice)
        self.assertExposure(0.0)
        payment.action_draft()
        self.assertExposure(100.0, receivable=100.0)
        payment.action_post()
        self.assertExposure(0.0)
        payment.action_draft()
        payment.action_cancel()
        self.assertExposure(100.0)

    def test_refund_reset_to_draft(self):
        invoice = self._bill(100)
        refund = self._refund(invoice)
        self.assertExposure(0.0)
        refund.button_draft()
        self.assertExposure(100.0)

    def test_both_reset_to_draft(self):
        invoice = self._bill(100)
        payment = self._pay(invoice, 40)
        invoice.button_draft()
        payment.action_draft()
        self.assertExposure(0.0)

    def test_given_back_to_who_paid(self):
        """Paid by another customer: it is his credit when the invoice is a draft."""
        invoice = self._bill(100)
        payment = self._pay_ahead(60, self.payer)
        self._reconcile(invoice, payment.move_id)
        self.assertExposure(40.0)
        self.assertExposure(0.0, self.payer)
        invoice.button_draft()
        self.assertExposure(0.0)
        self.assertExposure(-60.0, self.payer)

    def test_misc_entries(self):
        entry = self._journal_item(self.receivable, 70)
        self._journal_item(self.receivable, -20)
        self.assertExposure(50.0, receivable=50.0, unapplied=20.0)
        entry.button_draft()
        self.assertExposure(-20.0)

    def test_payables_are_not_netted(self):
        self._bill(100)
        self._journal_item(self.company_data["default_account_payable"], -100)
        self.assertExposure(100.0)

    def test_child_contacts(self):
        self._journal_item(self.receivable, 70, partner=self.contact)
        self.assertExposure(70.0)
        self.assertExposure(70.0, self.contact)

    def test_archived_customers_owe(self):
        order = self._make_order((self.by_order, 1))
        self._bill(100)
        self.contact.active = False
        order.partner_id.action_archive()
        self.assertFalse(self.customer.active)
        self.assertExposure(210.0)

    def test_nothing_for_the_unknown(self):
        new = self.env["res.partner"].create({"name": "New"})
        self.assertExposure(0.0, new, receivable=0.0, ordered=0.0, online=0.0)

    # Overdue ------------------------------------------------------------------------

    def test_overdue_is_net_of_credits_oldest_first(self):
        for amount, due in ((100, "2024-01-10"), (100, "2024-02-10"), (50, None)):
            self._journal_item(
                self.receivable, amount, due=due or "2024-06-01", day="2024-01-01"
            )
        day = fields.Date.to_date("2024-03-01")
        figures = self._figures(date=day)
        self.assertEqual((figures.overdue, figures.overdue_days), (200.0, 51))
        self._pay_ahead(130, date="2024-01-20")
        figures = self._figures(date=day)
        # the credit covers January's and 30 of February's
        self.assertEqual((figures.overdue, figures.overdue_days), (70.0, 20))
        self._pay_ahead(70, date="2024-01-20")
        figures = self._figures(date=day)
        self.assertEqual((figures.overdue, figures.overdue_days), (0.0, 0))
        self.assertEqual(figures.receivable, 50.0)

    def test_not_overdue_on_the_day_itself(self):
        self._journal_item(self.receivable, 100, due="2024-03-01", day="2024-01-01")
        day = fields.Date.to_date("2024-03-01")
        self.assertEqual(self._figures(date=day).overdue, 0.0)
        day = fields.Date.to_date("2024-03-02")
        figures = self._figures(date=day)
        self.assertEqual((figures.overdue, figures.overdue_days), (100.0, 1))

    def test_overdue_of_one_item_given_back(self):
        """An item and what a draft gave back to it are one item."""
        invoice = self._bill(100, invoice_date="2024-01-01")
        invoice.line_ids.date_maturity = "2024-01-01"
        refund = self._refund(invoice, price=40)
        self._reconcile(invoice, refund)
        self.assertEqual(self._figures().overdue, 60.0)
        refund.button_draft()
        self._pay_ahead(50)
        figures = self._figures()
        self.assertEqual((figures.receivable, figures.overdue), (50.0, 50.0))

    def test_installments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half, half",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 30)
                ],
            }
        )
        self._bill(100, invoice_date="2024-01-01", invoice_payment_term_id=term.id)
        for day, expected in (("2024-01-15", 50.0), ("2024-02-15", 100.0)):
            figures = self._figures(date=fields.Date.to_date(day))
            self.assertEqual((figures.receivable, figures.overdue), (100.0, expected))

    # Bills and advances ---------------------------------------------------------------

    def _make_extra(self, name, account_type, **values):
        account = self.env["account.account"].create(
            {
                "name": name,
                "code": f"X{len(name)}{account_type[:3]}",
                "account_type": account_type,
                "reconcile": False,
            }
        )
        self.env["customer.credit.extra.account"].sudo().create(
            {"company_id": self.company.id, "account_id": account.id, **values}
        )
        return account

    def test_bills_count_until_they_mature(self):
        bills = self._make_extra("Bills", "asset_current", until_maturity=True)
        invoice = self._bill(100)
        paid = self._journal_item(self.receivable, -100)
        self._reconcile(invoice, paid)
        self._journal_item(bills, 100, day="2024-01-01", due="2024-07-01")
        for day, expected in (
            ("2024-06-30", 100.0),
            ("2024-07-01", 100.0),
            ("2024-07-02", 0.0),
        ):
            figures = self._figures(date=fields.Date.to_date(day))
            self.assertEqual((figures.exposure, figures.extra), (expected, expected))

    def test_bills_discounted_early(self):
        bills = self._make_extra("Bills", "asset_current", until_maturity=True)
        self._journal_item(bills, 100, due="2100-07-01")
        self._journal_item(bills, 60, due="2024-01-01", day="2024-01-01")
        self.assertExposure(100.0)  # what matured has paid itself
        self._journal_item(bills, -60)
        self.assertExposure(100.0)
        self._journal_item(bills, -100)
        self.assertExposure(0.0)

    def test_bills_without_date_count(self):
        bills = self._make_extra("Bills", "asset_current", until_maturity=True)
        self._journal_item(bills, 100)
        self.assertExposure(100.0)

    def test_advances_lower_the_exposure(self):
        advances = self._make_extra("Advances", "liability_current")
        self._bill(100)
        self._journal_item(advances, -30)
        self.assertExposure(70.0, receivable=100.0, extra=-30.0)

    def test_weight(self):
        bills = self._make_extra(
            "Bills", "asset_current", until_maturity=True, weight=50
        )
        self._journal_item(bills, 100.01, due="2100-07-01")
        self.assertExposure(50.01)

    def test_draft_entries_of_extra_accounts(self):
        advances = self._make_extra("Advances", "liability_current")
        self._journal_item(advances, -30).button_draft()
        self.assertExposure(0.0)

    # Foreign currency -----------------------------------------------------------------

    def test_foreign_items_count_as_booked(self):
        invoice = self._bill(100, currency_id=self.euro.id)
        self.assertExposure(50.0)
        self.euro.rate_ids = [Command.create({"name": "2100-01-01", "rate": 4.0})]
        self.assertExposure(50.0)
        self._pay(invoice, 40, currency_id=self.euro.id)
        self.assertExposure(30.0)

    def test_foreign_payment_at_another_rate(self):
        self.euro.rate_ids = [Command.create({"name": "2024-02-01", "rate": 4.0})]
        invoice = self._bill(100, currency_id=self.euro.id, invoice_date="2024-01-01")
        self.assertExposure(50.0)
        self._pay(invoice, 40, currency_id=self.euro.id, payment_date="2024-02-02")
        self.assertExposure(30.0)  # 10 paid, 10 of exchange difference
        self._pay(invoice, 60, currency_id=self.euro.id, payment_date="2024-02-02")
        self.assertExposure(0.0, receivable=0.0, unapplied=0.0)

    def test_foreign_reset_to_draft(self):
        self.euro.rate_ids = [Command.create({"name": "2024-02-01", "rate": 4.0})]
        invoice = self._bill(100, currency_id=self.euro.id, invoice_date="2024-01-01")
        payment = self._pay(
            invoice, 40, currency_id=self.euro.id, payment_date="2024-02-02"
        )
        self.assertExposure(30.0)
        invoice.button_draft()
        # what is posted: the payment of 10 and the exchange difference of 10
        posted = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertTrue(payment)
        self.assertExposure(sum(posted.mapped("balance")))
