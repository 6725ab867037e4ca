from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestConfirmedOrder(SaleOrderPolicyCommon):
    """What Odoo itself does to a confirmed order is not stopped, but told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.is_storable = True
        cls.order = cls._create_order({"product_uom_qty": 2.0})
        cls._submit_and_approve(cls.order)
        cls.order.action_confirm()

    def _activities(self, order):
        return order.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.salesman
        )

    def test_prices_and_quantities_are_kept(self):
        line = self.order.order_line.with_user(self.salesman)
        for vals in (
            {"price_unit": 90.0},
            {"discount": 1.0},
            {"product_uom_qty": 3.0},
            {"tax_ids": [Command.clear()]} if line.tax_ids else {"customer_lead": 9.0},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.write(vals)
        line.name = "Another text"

    def test_unplanned_delivery_is_told(self):
        extra = self._create_product(is_storable=True)
        storekeeper = self._create_user("storekeeper", "stock.group_stock_user")
        # Odoo lets only salespeople add what was not planned
        storekeeper.group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        picking = self.order.picking_ids.with_user(storekeeper)
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.move_ids.create(
            {
                "picking_id": picking.id,
                "product_id": extra.id,
                "product_uom_qty": 1.0,
                "quantity": 1.0,
                "picked": True,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        line = self.order.order_line.filtered(lambda line: line.product_id == extra)
        self.assertEqual((line.product_uom_qty, line.qty_delivered), (0.0, 1.0))
        self.assertIn(extra.name, self._activities(self.order).note)
        with self.assertRaises(UserError):
            line.product_uom_qty = 5.0

    def test_down_payment_is_told_and_not_stopped(self):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(self.order.ids)],
                "advance_payment_method": "percentage",
                "amount": 30.0,
            }
        )
        wizard.create_invoices()
        lines = self.order.order_line.filtered("is_downpayment")
        self.assertEqual(len(lines), 2)
        self.assertEqual(len(self._activities(self.order)), 1)
        invoice = self.order.sudo().invoice_ids
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_flags_do_not_let_a_line_in(self):
        for flags in ({"is_downpayment": True}, {"is_expense": True}, {}):
            with self.subTest(flags=flags), self.assertRaises(UserError):
                self.order.order_line = [
                    Command.create({"product_id": self.product.id, **flags})
                ]

    def test_reinvoiced_bill_line_proves_itself(self):
        expense = self._create_product(expense_policy="cost", invoice_policy="order")
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner.id,
                "invoice_date": "2026-01-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": expense.id,
                            "quantity": 2.0,
                            "price_unit": 7.0,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        bill_line = bill.invoice_line_ids
        values = bill_line._sale_prepare_sale_line_values(self.order, 7.0)
        for forged in ({"product_uom_qty": 5.0}, {"price_unit": 1.0}):
            with self.subTest(forged=forged), self.assertRaises(UserError):
                self.env["sale.order.line"].create({**values, **forged})
        line = self.env["sale.order.line"].create(values)
        self.assertEqual(line.product_uom_qty, 2.0)
        with self.assertRaises(UserError):
            self.env["sale.order.line"].create(values)

    def test_merging_the_customer_leaves_confirmed_orders_usable(self):
        twin = self.partner.copy({"email": self.partner.email})
        waiting = self._create_order(partner_id=self.partner.id)
        waiting.action_submit_for_approval()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | twin).ids, twin)
        self.assertEqual(self.order.partner_id, twin)
        self.assertEqual(waiting.approval_state, "superseded")
        self.assertEqual(self.order.approval_state, "approved")
        self.order.client_order_ref = "Later"
        self.order.order_line.name = "Later"

    def test_parked_fields_are_not_for_users(self):
        order = self._create_order()
        with self.assertRaises(AccessError):
            order.approval_parked_reason = "signed"
        with self.assertRaises(AccessError):
            order.sudo().approval_parked_reason = "signed"
        with self.assertRaises(AccessError):
            self._create_order(approval_parked_reason="paid")

    def test_what_was_approved_with_cannot_be_deleted(self):
        term = self.env["account.payment.term"].create({"name": "Term"})
        pricelist = self.env["product.pricelist"].create({"name": "Pricelist"})
        tax = self.env["account.tax"].create({"name": "Tax", "amount": 3.0})
        draft = self._create_order(
            {"tax_ids": [Command.set(tax.ids)]},
            payment_term_id=term.id,
            pricelist_id=pricelist.id,
        )
        draft.action_submit_for_approval()
        for record in (term, pricelist, tax):
            with self.assertRaisesRegex(UserError, draft.name):
                record.unlink()
        self.env["account.payment.term"].create({"name": "Unused"}).unlink()

    def test_line_cannot_be_tied_to_another_order(self):
        other = self._create_order({})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order.order_line.linked_line_id = other.order_line
        self.assertFalse(self.order.order_line.linked_line_id)
