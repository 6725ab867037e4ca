from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestGateShipping(CreditCommon):
    """Nothing leaves for a customer whose credit does not allow it (SPEC H1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = (
            cls.env["product.product"]
            .sudo()
            .create(
                {
                    "name": "Desk",
                    "type": "consu",
                    "is_storable": True,
                    "list_price": 100.0,
                    "invoice_policy": "delivery",
                    "taxes_id": [Command.clear()],
                }
            )
        )
        cls.stock = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.storekeeper = cls._create_user("storekeeper", "stock.group_stock_user")
        cls.env["stock.quant"].sudo()._update_available_quantity(
            cls.goods, cls.stock.lot_stock_id, 1000
        )

    def _confirmed(self, amount, **values):
        order = self._order_of(amount, product=self.goods, **values)
        order.action_confirm()
        return order

    def _ship(self, picking, quantity=None):
        picking = picking.with_user(self.storekeeper)
        for move in picking.move_ids:
            move.quantity = quantity or move.product_uom_qty
            move.picked = True
        return picking.with_context(skip_backorder=True).button_validate()

    def test_ships_within_limit(self):
        order = self._confirmed(5000)
        self._ship(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(self.credit_account.exposure, 5000.0)

    def test_stopped_after_confirmation(self):
        order = self._confirmed(5000)
        self.credit_account._credit_apply({"mode": "stopped"})
        with self.assertRaisesRegex(UserError, "does not allow this shipment"):
            self._ship(order.picking_ids)
        self.assertNotEqual(order.picking_ids.state, "done")

    def test_limit_lowered_after_confirmation(self):
        order = self._confirmed(5000)
        self._set_limit(self.partner, 4000.0)
        with self.assertRaisesRegex(UserError, "1,000.00"):
            self._ship(order.picking_ids)
        self._pay(1000)
        self._ship(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")

    def test_over_delivery(self):
        order = self._confirmed(5000)
        with self.assertRaisesRegex(UserError, "100.00"):
            self._ship(order.picking_ids, 51)
        self._ship(order.picking_ids, 50)

    def test_more_on_a_done_transfer(self):
        order = self._confirmed(5000)
        self._ship(order.picking_ids)
        line = order.picking_ids.move_line_ids
        with self.assertRaises(UserError):
            line.quantity = 60
        with self.assertRaises(UserError):
            order.picking_ids.move_ids.quantity = 60
        line.quantity = 40
        self.assertEqual(self.credit_account.exposure, 4000.0)

    def test_done_by_write(self):
        order = self._confirmed(5000)
        self.credit_account._credit_apply({"mode": "stopped"})
        with self.assertRaises(UserError):
            order.picking_ids.move_ids.sudo().write({"state": "done"})

    def test_transfer_without_order(self):
        self.credit_account._credit_apply({"mode": "stopped"})
        picking = (
            self.env["stock.picking"]
            .sudo()
            .create(
                {
                    "partner_id": self.partner.id,
                    "picking_type_id": self.stock.out_type_id.id,
                    "location_id": self.stock.lot_stock_id.id,
                    "location_dest_id": self.env.ref(
                        "stock.stock_location_customers"
                    ).id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "product_uom_qty": 5,
                                "location_id": self.stock.lot_stock_id.id,
                                "location_dest_id": self.env.ref(
                                    "stock.stock_location_customers"
                                ).id,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        with self.assertRaises(UserError):
            self._ship(picking)

    def test_return_is_never_stopped(self):
        order = self._confirmed(5000)
        self._ship(order.picking_ids)
        self.credit_account._credit_apply({"mode": "stopped"})
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .sudo()
            .create({})
        )
        wizard.product_return_moves.quantity = 50
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self._ship(back)
        self.assertEqual(back.state, "done")
        self.assertEqual(self.credit_account.exposure, 0.0)

    def test_prepay_ships_what_is_paid(self):
        new = self.env["res.partner"].create({"name": "New", "is_company": True})
        grade = self.env["customer.credit.grade"].create(
            {"name": "Third", "code": "T", "prepayment_share": 30.0}
        )
        account = self._set_limit(new, 0.0, mode="prepay", grade_id=grade.id)
        self._pay(300, new)
        order = self._confirmed(1000, partner=new)
        with self.assertRaisesRegex(UserError, "700.00"):
            self._ship(order.picking_ids)
        self._pay(700, new)
        self._ship(order.picking_ids)
        invoice = order._create_invoices()
        invoice.sudo().action_post()
        self.assertEqual(account.exposure, 0.0)

    def test_overdue_stops_shipping(self):
        grade = self.env.ref("customer_credit_grade.customer_credit_grade_b").sudo()
        self.credit_account._credit_apply({"grade_id": grade.id})
        order = self._confirmed(1000)
        invoice = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner.id,
                    "invoice_date": "2020-01-01",
                    "invoice_date_due": "2020-01-31",
                    "invoice_line_ids": [
                        Command.create({"name": "Old", "price_unit": 50.0})
                    ],
                }
            )
        )
        invoice.invoice_line_ids.tax_ids = False
        invoice.action_post()
        with self.assertRaisesRegex(UserError, "50.00 overdue"):
            self._ship(order.picking_ids)
        grade.overdue_stops_shipping = False
        self._ship(order.picking_ids)
        with self.assertRaisesRegex(UserError, "overdue"):
            self._confirmed(100)
