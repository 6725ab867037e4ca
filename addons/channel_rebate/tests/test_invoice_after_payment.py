from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_statement import StatementCommon


@tagged("post_install", "-at_install")
class TestInvoiceAfterPayment(StatementCommon, HttpCase):
    """Money first where agreed, content as ordered, and received (SPEC H6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product_a.invoice_policy = "order"
        cls.terms = cls.env["account.payment.term"].create(
            {
                "name": "Money first",
                "channel_invoice_after_payment": True,
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 0})],
            }
        )

    def _invoice(self, price=100.0, terms=None, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "product_uom_qty": 1,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                ],
                **values,
            }
        )
        order.payment_term_id = terms
        order.action_confirm()
        return order._create_invoices()

    def _assert_refused(self, invoice, text):
        for post in (
            lambda: invoice.with_user(self.accountant).action_post(),
            lambda: invoice.sudo().write({"state": "posted"}),
        ):
            with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
                post()
            self.env.invalidate_all()
            self.assertEqual(invoice.state, "draft")

    def test_off_by_default(self):
        invoice = self._invoice()
        invoice.invoice_line_ids.price_unit = 1.0
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_money_first(self):
        invoice = self._invoice(terms=self.terms)
        self._assert_refused(invoice, r"Missing: \$\xa0100\.00")
        self._bill(500.0, "2026-01-05", kind="out_refund")  # no money
        self._assert_refused(invoice, r"Missing: \$\xa0100\.00")
        self._pay(99.99, "2026-01-10")
        self._assert_refused(invoice, r"Missing: \$\xa00\.01")
        self._pay(0.01, "2026-01-11", partner_id=self.shop.id)
        invoice.with_user(self.accountant).action_post()
        self.assertEqual(invoice.state, "posted")
        # the same money does not serve twice
        second = self._invoice(price=30.0, terms=self.terms)
        self._assert_refused(second, r"Missing: \$\xa030\.00")
        # and both at once are too much for what is there
        self._pay(30.0, "2026-01-12")
        third = self._invoice(price=30.0, terms=self.terms)
        with self.assertRaisesRegex(UserError, "Missing"), self.env.cr.savepoint():
            (second + third).action_post()
        second.action_post()
        self._bill(1000.0, "2026-01-15")  # on credit, and not concerned

    def test_by_order_type_and_currency(self):
        kind = (
            self.env["sale.order.type"]
            .sudo()
            .create({"name": "Money first", "channel_invoice_after_payment": True})
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": self.euro.id}
        )
        invoice = self._invoice(policy_type_id=kind.id, pricelist_id=pricelist.id)
        self.assertEqual(invoice.currency_id, self.euro)
        self._assert_refused(invoice, r"Missing: \$\xa0200\.00")
        # 100 euro of January, worth 50 then, pay 100 euro
        self._pay(100.0, "2026-01-10", currency_id=self.euro.id)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_content(self):
        self.company.channel_invoice_match = True
        for values, text in (
            ({"price_unit": 99.99}, "price 99.99, ordered at 100.0"),
            ({"discount": 10}, "price 90.0, ordered at 100.0"),
            ({"quantity": 2}, "2.0 invoiced in all, at most 1.0"),
            ({"product_id": self.product_b.id, "price_unit": 100.0}, "another product"),
            ({"tax_ids": [Command.set(self.tax_sale_a.ids)]}, "other taxes"),
        ):
            invoice = self._invoice()
            invoice.invoice_line_ids.write(values)
            self._assert_refused(invoice, text)
        invoice = self._invoice()
        invoice.invoice_line_ids = [
            Command.create({"name": "Freight", "price_unit": 5.0, "tax_ids": False})
        ]
        self._assert_refused(invoice, "Freight: it is not on the order")
        good = self._invoice()
        good.action_post()
        self.assertEqual(good.state, "posted")
        again = good.copy()
        again.invoice_line_ids.sale_line_ids = good.invoice_line_ids.sale_line_ids
        self._assert_refused(again, "2.0 invoiced in all")
        self._bill(5.0, "2026-01-10")  # of no order

    def test_received_by_download(self):
        invoice = self._bill(100.0, "2026-01-10")
        self.assertEqual(invoice.channel_delivery_state, "none")
        invoice.is_move_sent = True
        self.assertEqual(invoice.channel_delivery_state, "sent")
        self.assertEqual(invoice.channel_delivery_way, "mail")
        self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"%PDF-1.4 invoice",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        invoice.invalidate_recordset()
        url = f"/my/invoices/{invoice.id}?report_type=pdf&download=true"
        self.authenticate("stmt_foreigner", "stmt_foreigner")
        self.url_open(url)
        self.env.invalidate_all()
        self.assertEqual(invoice.channel_delivery_state, "sent")
        self.authenticate("stmt_visitor", "stmt_visitor")
        self.assertEqual(self.url_open(url).content, b"%PDF-1.4 invoice")
        self.env.invalidate_all()
        self.assertEqual(invoice.channel_delivery_state, "received")
        self.assertIn("stmt_visitor", invoice.channel_received_by)
