from itertools import product

from odoo import Command
from odoo.tests import tagged

from .exposure_common import ExposureCommon


@tagged("post_install", "-at_install")
class TestExposureCurrency(ExposureCommon):
    """Currencies, rates and the rounding of taxes (DESIGN 4)."""

    def _change_rate(self, rate, day="2024-01-01"):
        self.euro.rate_ids.filtered(lambda r: str(r.name) == day).unlink()
        self.euro.rate_ids = [Command.create({"name": day, "rate": rate})]

    def _make_euro_order(self, *lines, **values):
        return self._make_order(*lines, pricelist_id=self.euro_pricelist.id, **values)

    def _priced(self, price, quantity, taxes=None, by_order=True):
        return {
            "product_id": (self.by_order if by_order else self.by_delivery).id,
            "product_uom_qty": quantity,
            "price_unit": price,
            "tax_ids": [Command.set((taxes or self.tax).ids)],
        }

    def test_order_counts_at_its_stored_rate(self):
        self._make_euro_order(self._priced(100, 10))
        self.assertExposure(550.0)
        self._change_rate(4.0)
        self.assertExposure(550.0)

    def test_invoice_at_another_rate(self):
        """The part invoiced is worth what was booked; the rest stays."""
        order = self._make_euro_order(self._priced(100, 10))
        self.assertExposure(550.0)
        self._change_rate(4.0)
        self._invoice(order, 4)
        self.assertExposure(440.0, receivable=110.0, ordered=330.0)

    def test_invoice_in_another_currency_than_the_order(self):
        """Quantities count, so the rest of the order is what is not billed."""
        order = self._make_euro_order(self._priced(100, 10))
        invoice = self._invoice(order, 4, post=False)
        invoice.currency_id = self.company.currency_id
        invoice.invoice_line_ids.price_unit = 50
        invoice.action_post()
        self.assertExposure(550.0, receivable=220.0, ordered=330.0)

    def test_included_taxes(self):
        tax = self._make_tax(10, price_include_override="tax_included")
        for by_order in (True, False):
            order = self._make_order(self._priced(110, 3, tax, by_order))
            self.assertExposure(330.0)
            self._deliver(order, 2)
            self._invoice(order, 1)
            self.assertExposure(330.0, receivable=110.0, ordered=220.0)
            self._pay_ahead(110.0)
            order.order_line.product_uom_qty = 2
            order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
            self._invoice(order)
            self._pay_ahead(110.0)
            self.assertExposure(0.0)

    def test_untouched_order_is_its_total_however_taxes_are_rounded(self):
        tax = self._make_tax(21)
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            order = self._make_order(
                *(self._priced(price, 3, tax) for price in (1.31, 2.77, 0.33, 5.55))
            )
            self.assertExposure(order.amount_total)
            invoice = self._invoice(order)
            self.assertEqual(invoice.amount_total, order.amount_total)
            self.assertExposure(order.amount_total, ordered=0.0)
            self._pay(invoice)

    def test_currency_without_cents(self):
        yen = self.setup_other_currency("JPY", rates=[("1900-01-01", 100.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Yen", "currency_id": yen.id}
        )
        order = self._make_order(self._priced(333, 3), pricelist_id=pricelist.id)
        self.assertEqual(order.amount_total, 1099.0)
        self.assertExposure(10.99)
        self._invoice(order, 1)  # 366.3 rounded to 366, 2/3 of 1,099 to 733
        self.assertExposure(10.99, receivable=3.66, ordered=7.33)

    def test_walk(self):
        """Whatever is done with an order: payments, refunds and quantities count."""
        for policy, currency, method, deposit in product(
            (self.by_order, self.by_delivery),
            (self.company.currency_id, self.euro),
            ("round_per_line", "round_globally"),
            (0, 30),
        ):
            names = (policy.name, currency.name, method, deposit)
            with self.subTest(combination=names):
                self.company.tax_calculation_rounding_method = method
                self._walk(policy, currency, deposit)

    def _walk(self, policy, currency, deposit):
        rate = 2.0 if currency == self.euro else 1.0
        pricelist = self.euro_pricelist if currency == self.euro else False
        lines = [
            {
                "product_id": policy.id,
                "product_uom_qty": 10,
                "price_unit": price,
            }
            for price in (66.6, 20.2)
        ]
        start = self._figures().exposure
        order = self._make_order(
            *lines, pricelist_id=pricelist and pricelist.id, confirm=False
        )
        self.assertAlmostEqual(self._figures().exposure, start, 6)
        order.action_confirm()
        expected = start + round(order.amount_total / rate, 2)
        self._expect(expected, "confirmed")
        if deposit:
            down = self._down_payment(order, deposit)
            self._expect(expected, "down payment posted")
            self._pay(down)
            expected -= down.amount_total / rate
            self._expect(expected, "down payment paid")
        self._deliver(order, 4)
        self._expect(expected, "part delivered")
        invoice = order._create_invoices()
        invoice.invoice_line_ids.filtered(
            lambda row: row.product_id == policy
        ).quantity = 4
        self._expect(expected, "draft")
        invoice.action_post()
        self._expect(expected, "posted")
        self._pay(invoice, 100)
        expected -= 100 / rate
        self._expect(expected, "part payment")
        invoice.button_draft()
        self._expect(expected, "reset to draft")
        invoice.action_post()
        self._expect(expected, "posted again")
        for move in order.order_line.move_ids.filtered(lambda m: m.state != "done"):
            move.write({"quantity": move.product_uom_qty, "picked": True})
        order.picking_ids.filtered(lambda p: p.state != "done").with_context(
            skip_sms=True
        ).button_validate()
        self._expect(expected, "all delivered")
        final = order._create_invoices(final=True)
        final.action_post()
        self._expect(expected, "all invoiced")
        self.assertAlmostEqual(
            sum(order.invoice_ids.mapped("amount_total_signed")),
            order.amount_total / rate,
            delta=0.02,
        )
        self._pay(order.invoice_ids.filtered(lambda m: m.amount_residual))
        self._expect(start, "paid")

    def _expect(self, expected, step):
        # documents in another currency are each rounded to the cent
        self.assertAlmostEqual(
            float(self._figures().exposure), expected, delta=0.021, msg=step
        )
