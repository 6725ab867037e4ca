"""What is invoiced in the end is what was approved, whatever is on the lines."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import AttackCommon


@tagged("standard", "post_install", "-at_install")
class TestMoney(AttackCommon):
    """Lines that do not count for the approval are worth nothing either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls._create_product(
            name="Service", type="service", invoice_policy="delivery", list_price=10.0
        )
        cls.order = cls.orders["confirmed"]
        cls.due = cls.order.amount_total

    def _deliver(self):
        for move in self.order.picking_ids.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        self.order.picking_ids.with_context(skip_backorder=True).button_validate()

    def _invoice(self, order, **values):
        wizard = self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": [Command.set(order.ids)], **values}
        )
        wizard.create_invoices()
        moves = order.invoice_ids.filtered(lambda move: move.state == "draft")
        moves.action_post()

    def _try(self, call):
        """Do what a salesperson may do; a refusal in words is fine."""
        try:
            with self.env.cr.savepoint():
                return call()
        except UserError as refusal:
            self.assertTrue(str(refusal))
        return None

    def _create_line(self, **values):
        lines = self.order.order_line.with_user(self.users["owner"])
        values["order_id"] = self.order.id
        return self._try(lambda: lines.create(values)) or lines.browse()

    def _write(self, lines, **values):
        self._try(lambda: lines.with_user(self.users["owner"]).write(values))

    def _pay_down(self, order):
        """Return the line of a down payment of 30 %."""
        self._invoice(order, advance_payment_method="percentage", amount=30)
        return order.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )

    def _get_due(self):
        """Deliver and invoice all; return what the customer has to pay for it."""
        self._deliver()
        self._invoice(self.order, advance_payment_method="delivered")
        invoices = self.order.invoice_ids
        self.assertTrue(invoices)
        return round(sum(invoices.mapped("amount_total_signed")), 2)

    def test_nothing_attacked(self):
        self.assertEqual(self._get_due(), self.due)

    def test_down_payment_is_deducted_as_it_was_paid(self):
        self._pay_down(self.order)
        self.assertEqual(self._get_due(), self.due)

    def test_expense_at_a_negative_price(self):
        self._create_line(
            product_id=self.service.id,
            product_uom_qty=0,
            is_expense=True,
            price_unit=-100.0,
            tax_ids=[Command.clear()],
            qty_delivered=5,
        )
        self.assertGreaterEqual(self._get_due(), self.due)

    def test_invented_down_payment(self):
        self._create_line(
            **self._invented(price_unit=500.0), qty_invoiced=1, qty_delivered=-1
        )
        self.assertGreaterEqual(self._get_due(), self.due)

    def test_invented_down_payment_little_by_little(self):
        line = self._create_line(**self._invented(price_unit=0.0))
        self._write(line, price_unit=500.0)
        self._write(line, qty_delivered=-1)
        self._write(line, qty_invoiced=1)
        self._write(line, qty_to_invoice=-1)
        self.assertGreaterEqual(self._get_due(), self.due)

    def test_down_payment_made_larger(self):
        line = self._pay_down(self.order)
        self._write(line, price_unit=900.0)
        self.assertGreaterEqual(self._get_due(), self.due)

    def test_down_payment_counted_twice(self):
        line = self._pay_down(self.order)
        self._write(line, qty_invoiced=2)
        self._write(line, qty_delivered=-3)
        self.assertGreaterEqual(self._get_due(), self.due)

    def test_down_payment_of_another_order(self):
        """What was paid for one order is not deducted from another one too."""
        other = self._make_confirmed()
        paid = self._pay_down(other)
        links = [Command.link(line.id) for line in paid.invoice_lines]
        invented = self._invented(price_unit=paid.price_unit)
        self._create_line(**invented, invoice_lines=links)
        self._write(self._create_line(**invented), invoice_lines=links)
        self.assertGreaterEqual(self._get_due(), self.due)

    def _invented(self, **values):
        return {
            "name": "Paid already",
            "product_uom_qty": 0,
            "is_downpayment": True,
            "tax_ids": [Command.clear()],
            **values,
        }
