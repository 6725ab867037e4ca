from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common_rebate_books import RebateBooksCommon


@tagged("post_install", "-at_install")
class TestRebateExamples(RebateBooksCommon):
    """Worked examples: days, locks, companies, currencies, taxes, units (DESIGN 5)."""

    def _settle(self, programme, **values):
        self._drain()
        settlement = self._settle_as_officer(programme, submit=False)
        settlement.write(values)
        if settlement.line_ids:
            settlement.action_submit_for_approval()
            self._approve(settlement)
        return settlement.sudo()

    # Days --------------------------------------------------------------------------

    def test_locked_days(self):
        """Credit notes and provisions go to an open day; the period stays."""
        locked = fields.Date.subtract(fields.Date.context_today(self.company), days=1)
        programme = self._create_programme(period_type="quarter")
        total = 0
        for lock in ("fiscalyear_lock_date", "sale_lock_date", "hard_lock_date"):
            self._invoice(1000, "2026-02-01")
            total += 50
            self.company[lock] = locked
            settlement = self._settle(programme, date="2026-02-15")
            self.assertFalse(settlement.error)
            note = settlement.move_ids
            self.assertEqual(note.state, "posted")
            self.assertEqual(note.invoice_date, fields.Date.to_date("2026-02-15"))
            self.assertGreater(note.date, locked, lock)
            balance = self._assert_balance(
                programme,
                date="2026-02-01",
                earned_amount=total,
                released_amount=total,
                accrued_amount=total,
            )
            if lock != "hard_lock_date":
                self.company[lock] = False
        self.assertEqual(self._get_provision(), 0)
        # an invoice of a locked day is booked later, and counts by its own day
        late = self._invoice(200, "2026-03-31")
        self.assertGreater(late.date, locked)
        self._assert_balance(
            programme, date="2026-03-31", earned_amount=160, open_amount=10
        )
        self.assertEqual(self._settle(programme).move_ids.amount_total, 10)
        self.assertEqual(balance.released_amount, 160)

    def test_day_of_the_company(self):
        """23:30 in Greenwich is the next day in Shanghai."""
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self._create_order({"price_unit": 1000.0}).sudo()
        order.action_confirm()
        order.date_order = "2026-03-31 23:30:00"
        programme = self._create_programme(
            version={"stage": "order"}, period_type="month"
        )
        self._assert_balance(programme, date="2026-03-31", ordered_amount=0)
        self._assert_balance(
            programme, date="2026-04-01", ordered_amount=1000, provisional_amount=50
        )
        # invoiced in June, and still of April
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-06-15"
        invoice.action_post()
        self._assert_balance(programme, date="2026-04-01", earned_amount=50)

    def test_growth_over_a_leap_day(self):
        """February 2025 is measured by all 29 days of February 2024."""
        programme = self._create_programme(
            ((0, 2), (20, 5)),
            version={"tier_by": "growth"},
            date_from="2025-02-01",
            date_to="2025-02-28",
        )
        for amount, day in (
            (600, "2024-02-01"),
            (400, "2024-02-29"),
            (9000, "2024-01-31"),
            (9000, "2024-03-01"),
            (1199.99, "2025-02-28"),
        ):
            self._invoice(amount, day)
        # 19.999 % more: 2 % of 1,199.99 = 23.9998
        self._assert_balance(programme, reference_amount=1000, earned_amount=24)
        self._invoice(0.01, "2025-02-01")
        self._assert_balance(programme, invoiced_amount=1200, earned_amount=60)

    # Documents -----------------------------------------------------------------------

    def test_lines_of_all_kinds(self):
        """Contacts count for their customer; what is free or deducted counts so."""
        contact = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Shop", "parent_id": self.partner.id})
        )
        programme = self._create_programme()
        self._invoice(1000, partner=contact)
        move = self._invoice(500)
        move.button_draft()
        move.invoice_line_ids.discount = 100
        move.action_post()
        self._assert_balance(programme, invoiced_amount=1000, earned_amount=50)
        line = {"product_id": self.product.id, "tax_ids": [Command.clear()]}
        self._invoice(
            0,
            invoice_line_ids=[
                Command.create({**line, "price_unit": 300, "quantity": 2}),
                Command.create({**line, "price_unit": 100, "quantity": -1}),
            ],
        )
        # 1,000 + 600 - 100
        self._assert_balance(programme, invoiced_amount=1500, earned_amount=75)

    def test_down_payment(self):
        """What was paid before counts for the invoice it is deducted from."""
        programme = self._create_programme(
            version={"payment_rule": "pro_rata"}, date_to="2030-12-31"
        )
        order = self._create_order({"price_unit": 1000.0}).sudo()
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].sudo()
        wizard = wizard.with_context(active_model="sale.order", active_ids=order.ids)
        wizard.create(
            {"advance_payment_method": "percentage", "amount": 30}
        ).create_invoices()
        down = order.invoice_ids
        down.action_post()
        self._assert_balance(programme, invoiced_amount=0, earned_amount=0)
        wizard.create({"advance_payment_method": "delivered"}).create_invoices()
        final = order.invoice_ids - down
        final.action_post()
        self.assertEqual((down.amount_total, final.amount_total), (300, 700))
        self._assert_balance(
            programme, invoiced_amount=1000, earned_amount=50, releasable_amount=0
        )
        self._pay(final, 700)
        self._assert_balance(programme, cash_amount=700, releasable_amount=35)
        payment = self._pay(down, 300)
        self._assert_balance(programme, cash_amount=1000, releasable_amount=50)
        payment.action_draft()
        self._assert_balance(programme, cash_amount=700, releasable_amount=35)
        self.assertFalse(
            self.engine._derive_balances(programme.sudo().period_ids.balance_ids)
        )

    def test_all_paid_before_is_not_paid_yet(self):
        """An invoice of nothing, all being deducted, is paid when the rest was."""
        programme = self._create_programme(
            version={"payment_rule": "all"}, date_to="2030-12-31"
        )
        order = self._create_order({"price_unit": 1000.0}).sudo()
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].sudo()
        wizard = wizard.with_context(active_model="sale.order", active_ids=order.ids)
        wizard.create(
            {"advance_payment_method": "percentage", "amount": 100}
        ).create_invoices()
        down = order.invoice_ids
        down.action_post()
        wizard.create({"advance_payment_method": "delivered"}).create_invoices()
        final = order.invoice_ids - down
        final.action_post()
        self.assertEqual((down.amount_total, final.amount_total), (1000, 0))
        self._assert_balance(programme, earned_amount=50, releasable_amount=0)
        self._pay(down, 1000)
        self._assert_balance(programme, earned_amount=50, releasable_amount=50)

    def test_tier_from_nothing(self):
        """A tier entered without a bound holds from nothing."""
        programme = self._prepare_programme()
        tier = self.env["rebate.tier"].with_user(self.rebate_admin)
        programme.version_ids.tier_ids = [Command.clear()]
        tier.create({"version_id": programme.version_ids.id, "rate": 3})
        self._put_in_force(programme.version_ids)
        self._invoice(1000)
        self._assert_balance(programme, earned_amount=30)

    def test_dozens(self):
        """Two dozen are 24 units, at 2.00 each."""
        programme = self._create_programme(
            ((0, 0), (24, 2)), version={"measure": "quantity", "reward": "unit"}
        )
        line = {
            "product_id": self.product.id,
            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
            "quantity": 1,
            "price_unit": 500,
            "tax_ids": [Command.clear()],
        }
        for earned in (0, 48):
            self._invoice(0, invoice_line_ids=[Command.create(line)])
            self._assert_balance(programme, earned_amount=earned)

    def test_one_customer_who_cannot_be_credited(self):
        """The others get theirs; who does not, and why, is said."""
        other = self.env["res.partner"].sudo().create({"name": "Closed"})
        programme = self._create_programme(partners=other | self.partner)
        for partner in other | self.partner:
            self._invoice(1000, partner=partner)
        account = other.property_account_receivable_id.copy({"code": "RA4"})
        other.property_account_receivable_id = account
        account.active = False
        settlement = self._settle(programme)
        self.assertEqual((settlement.state, settlement.move_count), ("posting", 0))
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=1
        ):
            settlement._cron_release()
            self.assertEqual(settlement.move_ids.partner_id, self.partner)
            self.assertEqual(settlement.state, "posting")
            self.assertIn("Closed", settlement.error)
            self._assert_balance(programme, released_amount=50)
            account.active = True
            settlement._cron_release()
        self.assertEqual(settlement.state, "done")
        self.assertFalse(settlement.error)
        self._assert_balance(programme, other, released_amount=50)

    # Companies -----------------------------------------------------------------------

    def test_branch_and_stranger(self):
        """What a branch invoices counts for its main company, another's does not."""
        companies = self.env["res.company"].sudo()
        branch, stranger = companies.create(
            [
                {"name": "Branch", "parent_id": self.company.id},
                {"name": "Stranger", "currency_id": self.company.currency_id.id},
            ]
        )
        programme = self._create_programme()
        self._open_books(stranger)
        for company, amount in ((branch, 400), (stranger, 9000)):
            move = (
                self.env["account.move"]
                .sudo()
                .with_company(company)
                .create(
                    {
                        "move_type": "out_invoice",
                        "company_id": company.id,
                        "partner_id": self.partner.id,
                        "invoice_date": "2026-03-01",
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "name": "Goods",
                                    "price_unit": amount,
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                )
            )
            move.action_post()
            self.assertEqual(move.company_id, company)
        self._assert_balance(programme, invoiced_amount=400, earned_amount=20)

    def _open_books(self, stranger):
        """Let a company without a chart of accounts invoice the customer."""
        journal = (
            self.env["account.journal"]
            .sudo()
            .create(
                {
                    "name": "Sales",
                    "code": "STRS",
                    "type": "sale",
                    "company_id": stranger.id,
                }
            )
        )
        income, receivable = (
            self.env["account.account"]
            .sudo()
            .with_company(stranger)
            .create(
                [
                    {"name": "Income", "code": "X1", "account_type": "income"},
                    {
                        "name": "Receivable",
                        "code": "X2",
                        "account_type": "asset_receivable",
                        "reconcile": True,
                    },
                ]
            )
        )
        journal.default_account_id = income
        self.partner.with_company(
            stranger
        ).sudo().property_account_receivable_id = receivable

    # Currencies ----------------------------------------------------------------------

    @classmethod
    def _create_currency(cls, name, rounding, rate):
        return (
            cls.env["res.currency"]
            .sudo()
            .create(
                {
                    "name": name,
                    "symbol": name,
                    "rounding": rounding,
                    "rate_ids": [
                        Command.create(
                            {
                                "name": "2020-01-01",
                                "rate": rate,
                                "company_id": cls.company.id,
                            }
                        )
                    ],
                }
            )
        )

    def test_three_currencies(self):
        """The programme counts in A; invoices are in A, in B and in the company's."""
        a, b = (
            self._create_currency(name, 0.01, rate)
            for name, rate in (("XRA", 0.5), ("XRB", 0.25))
        )
        programme = self._create_programme(((0, 10),), currency_id=a.id)
        self._invoice(100, currency_id=a.id)
        self._invoice(100)
        self._invoice(100, currency_id=b.id)
        # 100 A; 100 of the company's are 50 A; 100 B are 400 of them, 200 A
        self._assert_balance(programme, invoiced_amount=350, earned_amount=35)
        settlement = (
            self.env["rebate.settlement"]
            .with_user(self.officer)
            .create({"currency_id": a.id, "period_ids": programme.period_ids.ids})
        )
        settlement.action_fill()
        settlement.action_submit_for_approval()
        self._approve(settlement)
        note = settlement.sudo().move_ids
        self.assertEqual((note.currency_id, note.amount_total), (a, 35))
        self.assertEqual(sum(note.invoice_line_ids.mapped("balance")), 70)
        self.assertEqual(self._get_provision(), 0)

    def test_no_decimals_and_three(self):
        for name, rounding, amount, earned in (
            ("XR0", 1.0, 1010, 51),  # 50.5
            ("XR3", 0.001, 10.01, 0.501),  # 0.5005
        ):
            currency = self._create_currency(name, rounding, 1.0)
            partner = self.env["res.partner"].sudo().create({"name": name})
            programme = self._create_programme(
                partners=partner, currency_id=currency.id
            )
            self._invoice(amount, currency_id=currency.id, partner=partner)
            balance = self._assert_balance(programme, partner, earned_amount=earned)
            self.assertEqual(balance.currency_id, currency)

    # Taxes ---------------------------------------------------------------------------

    def _create_tax(self, **values):
        account = (
            self.env["account.account"]
            .sudo()
            .create({"name": "VAT", "code": "RA3", "account_type": "liability_current"})
        )
        tax = (
            self.env["account.tax"]
            .sudo()
            .create({"name": "VAT 13 %", "amount": 13.0, **values})
        )
        (tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids).filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = account
        return tax

    def test_taxes_in_the_price(self):
        """113 with taxes are 100 without."""
        tax = self._create_tax(price_include_override="tax_included")
        taxed = self._create_programme(((0, 10),), version={"is_taxed": True})
        untaxed = self._create_programme(((0, 10),))
        self._invoice(113, tax_ids=[Command.set(tax.ids)])
        self._assert_balance(taxed, invoiced_amount=113, earned_amount=11.3)
        self._assert_balance(untaxed, invoiced_amount=100, earned_amount=10)
        for programme in (taxed, untaxed):
            note = self._settle(programme).move_ids
            self.assertEqual((note.amount_untaxed, note.amount_total), (10, 11.3))
        self.assertEqual(self._get_provision(), 0)

    def test_provision_of_many_releases_with_taxes(self):
        """Cents of single credit notes do not pile up in the provision."""
        tax = self._create_tax()
        programme = self._create_programme(((0, 1),), version={"is_taxed": True})
        for number in range(1, 5):
            self._invoice(2, tax_ids=[Command.set(tax.ids)])
            # 2.26, 4.52, 6.78, 9.04 with taxes: 0.02, 0.05, 0.07, 0.09 at 1 %
            self._settle(programme)
            self._assert_balance(
                programme, released_amount=(0.02, 0.05, 0.07, 0.09)[number - 1]
            )
            self.assertEqual(self._get_provision(), 0)
