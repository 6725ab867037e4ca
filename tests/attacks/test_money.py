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

    def _invoice(self, **values):
        wizard = self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": [Command.set(self.order.ids)], **values}
        )
        wizard.create_invoices()
        moves = self.order.invoice_ids.filtered(lambda move: move.state == "draft")
        moves.action_post()
        return moves

    def _attack_then_invoice(self, values_list, down_payment=0):
        """Do what a salesperson may do on lines, then invoice everything.

        :return: what the customer has to pay in all
        """
        if down_payment:
            self._invoice(advance_payment_method="percentage", amount=down_payment)
        lines = self.order.order_line.with_user(self.users["owner"])
        for values in values_list:
            try:
                with self.env.cr.savepoint():
                    if down_payment:
                        lines = self.order.order_line.filtered(
                            lambda line: line.is_downpayment and not line.display_type
                        )
                        lines.with_user(self.users["owner"]).write(values)
                    else:
                        lines.create({"order_id": self.order.id, **values})
            except UserError as refusal:
                self.assertTrue(str(refusal))
        self._deliver()
        self._invoice(advance_payment_method="delivered")
        invoices = self.order.invoice_ids
        self.assertTrue(invoices)
        return sum(invoices.mapped("amount_total_signed"))

    def test_nothing_attacked(self):
        self.assertAlmostEqual(self._attack_then_invoice([]), self.due)

    def test_down_payment_is_deducted_as_it_was_paid(self):
        self.assertAlmostEqual(self._attack_then_invoice([], 30), self.due)

    def test_expense_at_a_negative_price(self):
        values = {
            "product_id": self.service.id,
            "product_uom_qty": 0,
            "is_expense": True,
            "price_unit": -100.0,
            "tax_ids": [Command.clear()],
            "qty_delivered": 5,
        }
        self.assertGreaterEqual(self._attack_then_invoice([values]), self.due)

    def test_invented_down_payment(self):
        values = {
            "name": "Paid already",
            "product_uom_qty": 0,
            "is_downpayment": True,
            "price_unit": 500.0,
            "tax_ids": [Command.clear()],
            "qty_invoiced": 1,
            "qty_delivered": -1,
        }
        self.assertGreaterEqual(self._attack_then_invoice([values]), self.due)

    def test_down_payment_made_larger(self):
        due = self._attack_then_invoice([{"price_unit": 900.0}], 30)
        self.assertGreaterEqual(round(due, 2), round(self.due, 2))
