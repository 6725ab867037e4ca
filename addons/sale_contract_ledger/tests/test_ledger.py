from datetime import datetime, timedelta

import pytz

from odoo.fields import Command
from odoo.tests import tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractLedger(ContractCommon):
    """Ordered, delivered, invoiced, paid: to the cent, with taxes (SPEC E3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = (
            cls.env["account.tax"]
            .sudo()
            .create({"name": "13 %", "amount": 13.0, "company_id": cls.company.id})
        )
        cls.service = (
            cls.env["product.product"]
            .sudo()
            .create(
                {
                    "name": "Work",
                    "type": "service",
                    "list_price": 100.0,
                    "invoice_policy": "order",
                    "taxes_id": [Command.set(cls.tax.ids)],
                }
            )
        )

    def _row(self, contract):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["sale.contract.ledger"]
            .with_user(self.manager)
            .search([("contract_id", "=", contract.id)])
        )

    def _confirmed(self, quantity=10.0, **values):
        order = self._create_order(
            {
                "product_id": self.service.id,
                "product_uom_qty": quantity,
                "tax_ids": [Command.set(self.tax.ids)],
                "price_unit": 100.0,
            },
            **values,
        )
        contract = self._signed(order, date_delivery="2020-01-01")
        order.action_confirm()
        return contract, order

    def test_the_figures_follow_the_order(self):
        contract, order = self._confirmed()
        row = self._row(contract)
        self.assertRecordValues(
            row,
            [
                {
                    "amount": 1130.0,
                    "ordered": 1130.0,
                    "delivered": 0.0,
                    "invoiced": 0.0,
                    "paid": 0.0,
                    "execution": "ordered",
                    "is_overdue": True,
                }
            ],
        )
        order.sudo().order_line.qty_delivered = 4.0
        row = self._row(contract)
        self.assertEqual((row.delivered, row.execution), (452.0, "part"))
        order.sudo().order_line.qty_delivered = 10.0
        row = self._row(contract)
        self.assertEqual((row.delivered, row.is_overdue), (1130.0, False))
        self.assertEqual(row.execution, "delivered")

    def test_invoiced_and_paid_in_part_with_another_contract_on_the_bill(self):
        contract, order = self._confirmed()
        other, second = self._confirmed(5.0)
        invoices = (order | second).sudo()._create_invoices(grouped=False)
        invoices.action_post()
        self.assertEqual(sum(invoices.mapped("amount_total")), 1695.0)
        self.assertEqual(self._row(contract).invoiced, 1130.0)
        self.assertEqual(self._row(other).invoiced, 565.0)
        self.assertEqual(len(invoices), 1, "one bill for both contracts")
        self._pay(invoices, 339.0)
        self.assertAlmostEqual(self._row(contract).paid, 226.0, 2)
        self.assertAlmostEqual(self._row(other).paid, 113.0, 2)

    def test_a_credit_note_lowers_what_was_invoiced_and_pays_nothing(self):
        contract, order = self._confirmed()
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        refund = invoice._reverse_moves(
            [{"date": invoice.date, "invoice_date": invoice.date}], cancel=True
        )
        self.assertEqual(refund.state, "posted")
        row = self._row(contract)
        self.assertEqual((row.invoiced, row.paid), (0.0, 0.0))

    def test_totals_are_summed_over_contracts(self):
        first, _order = self._confirmed()
        second, _order = self._confirmed(5.0)
        self.env.flush_all()
        total = (
            self.env["sale.contract.ledger"]
            .with_user(self.manager)
            ._read_group(
                [("contract_id", "in", (first | second).ids)],
                aggregates=["ordered:sum", "amount:sum"],
            )
        )
        self.assertEqual(total, [(1695.0, 1695.0)])

    def test_what_is_written_off_is_not_paid(self):
        contract, order = self._confirmed()
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        expense = (
            self.env["account.account"]
            .sudo()
            .search([("account_type", "=", "expense")], limit=1)
        )
        self._pay(
            invoice,
            1000.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=expense.id,
        )
        self.assertEqual(invoice.amount_residual, 0.0)
        order.sudo().order_line.qty_delivered = 10.0
        row = self._row(contract)
        self.assertAlmostEqual(row.paid, 1000.0, 2)
        self.assertEqual(row.execution, "delivered")

    def test_overdue_by_the_day_of_the_company(self):
        contract, _order = self._confirmed()
        # one of the two has another day than UTC, whenever this runs
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
            self.company.resource_calendar_id.tz = zone
            today = datetime.now(pytz.timezone(zone)).date()
            for day, is_overdue in (
                (today, False),
                (today - timedelta(days=1), True),
            ):
                self.env.cr.execute(
                    "UPDATE sale_contract SET ledger_date_delivery = %s WHERE id = %s",
                    (day, contract.id),
                )
                self.assertEqual(self._row(contract).is_overdue, is_overdue)

    def _pay(self, invoice, amount, **values):
        self.env["account.payment.register"].sudo().with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": amount, **values})._create_payments()
