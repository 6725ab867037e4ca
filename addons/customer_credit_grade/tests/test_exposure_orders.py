from odoo import Command
from odoo.tests import tagged

from .exposure_common import ExposureCommon


@tagged("post_install", "-at_install")
class TestExposureOrders(ExposureCommon):
    """Orders count with what will still be invoiced (DESIGN 4)."""

    def test_confirmed_counts_with_its_total(self):
        order = self._make_order((self.by_order, 3), (self.by_delivery, 4))
        self.assertExposure(770.0, ordered=770.0, receivable=0.0)
        order._action_cancel()
        self.assertExposure(0.0)

    def test_quotation_counts_nothing(self):
        self._make_order((self.by_order, 3), confirm=False)
        self.assertExposure(0.0)

    def test_by_delivery_counts_before_it_is_delivered(self):
        order = self._make_order((self.by_delivery, 10))
        self.assertEqual(order.amount_to_invoice, 0.0)  # what peers count
        self.assertExposure(1100.0, ordered=1100.0, shipped=0.0)
        self._deliver(order, 4)
        self.assertExposure(1100.0, ordered=1100.0, shipped=440.0)

    def test_part_invoices_change_nothing(self):
        for product in (self.by_order, self.by_delivery):
            with self.subTest(policy=product.invoice_policy):
                order = self._make_order((product, 10))
                self._deliver(order, 4)
                invoice = self._invoice(order, 4)
                self.assertExposure(1100.0, ordered=660.0, receivable=440.0)
                self._deliver(order, 6)
                self._invoice(order)
                self.assertExposure(1100.0, ordered=0.0, receivable=1100.0)
                self._pay(invoice.line_ids.move_id)
                self.assertExposure(660.0)
                self._pay(order.invoice_ids - invoice)
                self.assertExposure(0.0)

    def test_drafts_neither_hide_nor_double(self):
        order = self._make_order((self.by_order, 10))
        invoice = self._invoice(order, post=False)
        self.assertExposure(1100.0, ordered=1100.0, receivable=0.0)
        invoice.action_post()
        self.assertExposure(1100.0, ordered=0.0, receivable=1100.0)
        invoice.button_draft()
        self.assertExposure(1100.0, ordered=1100.0, receivable=0.0)
        invoice.button_cancel()
        self.assertExposure(1100.0, ordered=1100.0, receivable=0.0)

    def test_over_delivery(self):
        order = self._make_order((self.by_delivery, 10))
        self._deliver(order, 12)
        self.assertExposure(1320.0, ordered=1320.0)
        self._invoice(order)
        self.assertExposure(1320.0, ordered=0.0)

    def test_over_delivery_by_order_is_a_gift(self):
        order = self._make_order((self.by_order, 10))
        self._deliver(order, 12)
        self.assertExposure(1100.0)

    def test_backorder_counts_until_it_is_cancelled(self):
        order = self._make_order((self.by_delivery, 10))
        self._deliver(order, 7)
        self.assertExposure(1100.0)
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertExposure(770.0)
        self._invoice(order)
        self.assertExposure(770.0, receivable=770.0, ordered=0.0)

    def test_no_backorder(self):
        order = self._make_order((self.by_delivery, 10))
        self._deliver(order, 7, backorder=False)
        self.assertExposure(770.0)

    def test_cancelled_backorder_by_order_is_billed_all_the_same(self):
        order = self._make_order((self.by_order, 10))
        self._deliver(order, 7, backorder=False)
        self.assertExposure(1100.0)
        self._invoice(order)
        self.assertExposure(1100.0, receivable=1100.0)

    def test_quantity_changed(self):
        for product in (self.by_order, self.by_delivery):
            with self.subTest(policy=product.invoice_policy):
                order = self._make_order((product, 10))
                order.order_line.product_uom_qty = 12
                self.assertExposure(1320.0)
                order.order_line.product_uom_qty = 8
                self.assertExposure(880.0)
                self._deliver(order, 8)
                order.order_line.product_uom_qty = 9
                self.assertExposure(990.0)
                order._action_cancel()

    def test_confirmed_again_after_cancellation(self):
        order = self._make_order((self.by_delivery, 10))
        order._action_cancel()
        order.action_draft()
        exposures = self.env["customer.credit.exposure"]
        # its old transfers are cancelled: no reason to count nothing
        self.assertEqual(
            exposures._get_order_values(order)[order.id],
            (self.customer.id, 1100.0, 1100.0),
        )
        order.action_confirm()
        self.assertExposure(1100.0)

    def test_unit_of_the_line(self):
        dozen = self.uom_dozen
        for product in (self.by_order, self.by_delivery):
            with self.subTest(policy=product.invoice_policy):
                order = self._make_order(
                    {
                        "product_id": product.id,
                        "product_uom_qty": 2,
                        "product_uom_id": dozen.id,
                        "price_unit": 1200,
                    }
                )
                self.assertExposure(2640.0)
                move = order.order_line.move_ids
                self._deliver(
                    order, self.uom_unit._compute_quantity(12, move.product_uom)
                )
                self.assertExposure(2640.0)
                invoice = self._invoice(order, 12, post=False)
                invoice.invoice_line_ids.write(
                    {"product_uom_id": self.uom_unit.id, "price_unit": 100}
                )
                invoice.action_post()
                self.assertExposure(2640.0, receivable=1320.0, ordered=1320.0)
                self._pay(invoice)
                order.order_line.product_uom_qty = 1
                order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
                self.assertExposure(0.0)

    def test_unit_that_does_not_divide(self):
        """A pound of goods kept in kilograms is 0.45 kg: the order counts in full."""
        product = self._make_product(
            "Powder", "delivery", uom_id=self.env.ref("uom.product_uom_kgm").id
        )
        self._make_order(
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "product_uom_id": self.env.ref("uom.product_uom_lb").id,
                "price_unit": 100,
            }
        )
        self.assertExposure(110.0)

    def test_zero_quantity(self):
        """Goods delivered on top get a line without quantity: they will be billed."""
        order = self._make_order((self.by_delivery, 1), (self.by_delivery, 0))
        self.assertExposure(110.0)
        order.order_line[1].write({"price_unit": 50, "discount": 10})
        move = order.order_line[0].move_ids
        extra = move.copy(
            {"sale_line_id": order.order_line[1].id, "product_uom_qty": 2}
        )
        extra._action_confirm(merge=False)
        self.assertExposure(209.0)  # 110 + 2 * 50 * 0.9 * 1.1
        extra.write({"quantity": 2, "picked": True})
        move.write({"quantity": 1, "picked": True})
        move.picking_id.with_context(skip_sms=True).button_validate()
        self.assertEqual(order.order_line[1].qty_delivered, 2)
        self.assertExposure(209.0)
        self._invoice(order)
        self.assertExposure(209.0, receivable=209.0)

    def test_zero_quantity_taxes(self):
        """Groups, fixed and included taxes of goods delivered on top."""
        parts = self._make_tax(5) | self._make_tax(3, amount_type="fixed")
        group = self.env["account.tax"].create(
            {
                "name": "Group",
                "amount_type": "group",
                "children_tax_ids": [Command.set(parts.ids)],
            }
        )
        included = self._make_tax(20, price_include_override="tax_included")
        default = self._make_tax(20, price_include_override=False)
        for taxes, expected in (
            (group, 216.0),
            (included, 200.0),
            (default, 240.0),
            (self.tax, 220.0),
            (self.env["account.tax"], 200.0),
        ):
            with self.subTest(taxes=taxes.mapped("name")):
                order = self._make_order(
                    {
                        "product_id": self.service.id,
                        "product_uom_qty": 0,
                        "tax_ids": [Command.set(taxes.ids)],
                    }
                )
                order.order_line.qty_delivered = 2
                self.assertExposure(expected)
                order._action_cancel()

    def test_negative_lines(self):
        """A global discount is a line of its own: billed with the first invoice."""
        order = self._make_order(
            (self.by_delivery, 10),
            {
                "product_id": self.by_order.id,
                "product_uom_qty": 1,
                "price_unit": -200,
            },
        )
        self.assertExposure(880.0)
        self._deliver(order, 5)
        self._invoice(order)
        self.assertExposure(880.0, receivable=330.0, ordered=550.0)

    def test_negative_order_makes_no_room(self):
        self._make_order((self.by_order, 1))
        self._make_order(
            {"product_id": self.by_order.id, "product_uom_qty": 1, "price_unit": -500}
        )
        self._make_order(
            {"product_id": self.by_order.id, "product_uom_qty": -5, "price_unit": 100}
        )
        self.assertExposure(110.0)

    def test_negative_line_after_billing_makes_no_room(self):
        order = self._make_order((self.by_order, 5))
        self._invoice(order)
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.by_order.id,
                            "product_uom_qty": 1,
                            "price_unit": -500,
                        }
                    )
                ]
            }
        )
        self.assertExposure(550.0)

    def test_service_by_delivered_quantity(self):
        order = self._make_order((self.service, 10))
        self.assertExposure(1100.0, shipped=0.0)
        order.order_line.qty_delivered = 4
        self.assertExposure(1100.0, shipped=440.0)
        self._invoice(order)
        self.assertExposure(1100.0, receivable=440.0)
        order.order_line.qty_delivered = 13
        self.assertExposure(1430.0, receivable=440.0)

    def test_combo(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Choice",
                "combo_item_ids": [Command.create({"product_id": self.by_delivery.id})],
            }
        )
        meal = self._make_product(
            "Meal", "order", type="combo", combo_ids=[Command.set(combo.ids)]
        )
        order = self._make_order((meal, 2), confirm=False)
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.by_delivery.id,
                            "product_uom_qty": 2,
                            "combo_item_id": combo.combo_item_ids.id,
                            "linked_line_id": order.order_line.id,
                        }
                    )
                ]
            }
        )
        order.action_confirm()
        total = order.amount_total
        self.assertTrue(total)
        self.assertExposure(total)
        self._deliver(order, 2, line=order.order_line[1])
        self._invoice(order)
        self.assertExposure(total, ordered=0.0)

    def test_sections_and_notes(self):
        self._make_order(
            (self.by_order, 1),
            {"display_type": "line_section", "name": "Section"},
            {"display_type": "line_note", "name": "Note"},
        )
        self.assertExposure(110.0)

    def test_price_of_the_invoice_differs(self):
        """A discount given on the invoice stays given; the rest is as ordered."""
        order = self._make_order((self.by_order, 10))
        invoice = self._invoice(order, 5, post=False)
        invoice.invoice_line_ids.price_unit = 80
        invoice.action_post()
        self.assertExposure(990.0, receivable=440.0, ordered=550.0)

    def test_shipped_not_invoiced(self):
        order = self._make_order((self.by_order, 10))
        self._deliver(order, 6)
        self.assertExposure(1100.0, shipped=660.0)
        self._invoice(order, 4)
        self.assertExposure(1100.0, shipped=220.0)
