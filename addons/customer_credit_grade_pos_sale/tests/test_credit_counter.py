from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.customer_credit_grade.tests.common import CreditCommon
from odoo.addons.point_of_sale.tests.common import TestPoSCommon


@tagged("post_install", "-at_install")
class TestCreditCounter(TestPoSCommon, CreditCommon):
    """What is sold at the counter, and the customer's credit (DESIGN 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.basic_config
        cls.company.point_of_sale_update_stock_quantities = "real"
        cls.product.sudo().write({"is_storable": True, "available_in_pos": True})
        cls.deposit = cls.env["product.product"].create(
            {"name": "Down payment", "type": "service", "available_in_pos": True}
        )
        cls.config.down_payment_product_id = cls.deposit

    def _sell(self, quantity, order=None, method=None, product=None, **values):
        """Sell at the counter; ``order`` is the sales order it settles."""
        if not self.config.current_session_id:
            self.open_new_session()
        self.number = getattr(self, "number", 0) + 1
        price = values.pop("price", 100.0)
        amount = price * quantity
        line = {
            "discount": 0,
            "pack_lot_ids": [],
            "price_unit": price,
            "product_id": (product or self.product).id,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "qty": quantity,
            "tax_ids": [],
        }
        if order:
            line["sale_order_origin_id"] = order.id
            if not product:
                line["sale_order_line_id"] = order.order_line[0].id
        self.env["pos.order"].sync_from_ui(
            [
                {
                    "amount_paid": amount,
                    "amount_return": 0,
                    "amount_tax": 0,
                    "amount_total": amount,
                    "date_order": fields.Datetime.to_string(fields.Datetime.now()),
                    "fiscal_position_id": False,
                    "partner_id": self.partner.id,
                    "lines": [Command.create(line)],
                    "session_id": self.pos_session.id,
                    "payment_ids": [
                        Command.create(
                            {
                                "amount": amount,
                                "name": fields.Datetime.now(),
                                "payment_method_id": (method or self.cash_pm1).id,
                            }
                        )
                    ],
                    "user_id": self.env.uid,
                    "uuid": f"credit-counter-{self.number}",
                    **values,
                }
            ]
        )
        return self.env["pos.order"].search(
            [("uuid", "=", f"credit-counter-{self.number}")]
        )

    def _get_exposure(self):
        exposures = self.env["customer.credit.exposure"]._get_exposures(
            self.company, self.partner
        )
        return exposures[self.partner.id].exposure

    def _confirmed(self, quantity=3.0, **values):
        order = self._create_order(
            {
                "product_uom_qty": quantity,
                "price_unit": 100.0,
                "tax_ids": [Command.clear()],
                **values,
            }
        )
        order.action_confirm()
        return order

    # Exposure ----------------------------------------------------------------------

    def test_sold_lines_are_not_open(self):
        order = self._confirmed()
        self.assertEqual(self._get_exposure(), 300.0)
        self._sell(1, order)
        self.assertEqual(self._get_exposure(), 200.0)
        self._sell(2, order)
        self.assertEqual(self._get_exposure(), 0.0)
        self.pos_session.action_pos_session_validate()
        self.assertEqual(self._get_exposure(), 0.0)

    def test_lines_invoiced_by_delivery(self):
        self.product.sudo().invoice_policy = "delivery"
        order = self._confirmed()
        self._sell(1, order)
        self.assertEqual(self._get_exposure(), 200.0)

    def test_unit_of_the_line(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._confirmed(1.0, product_uom_id=dozen.id, price_unit=1200.0)
        self.assertEqual(self._get_exposure(), 1200.0)
        self._sell(3, order)
        self.assertEqual(self._get_exposure(), 900.0)

    def test_down_payment(self):
        order = self._confirmed()
        self._sell(1, order, product=self.deposit, price=50.0)
        self.assertTrue(order.order_line.filtered("is_downpayment"))
        self.assertEqual(self._get_exposure(), 250.0)
        self._sell(3, order)
        # paid in full beside the down payment: that much is the customer's
        self.assertEqual(self._get_exposure(), -50.0)

    def test_on_the_customers_account(self):
        order = self._confirmed()
        self._sell(3, order, method=self.pay_later_pm)
        self.assertEqual(self._get_exposure(), 300.0, "not in the books yet")
        self.pos_session.action_pos_session_validate()
        self.assertEqual(self._get_exposure(), 300.0, "owed")

    # Shipping ----------------------------------------------------------------------

    def test_goods_handed_over_are_not_stopped(self):
        self.credit_account._credit_apply({"mode": "stopped"})
        sale = self._sell(2)
        self.assertEqual(sale.state, "paid")
        self.assertEqual(sale.picking_ids.mapped("state"), ["done"])

    def test_on_account_is_handed_over_as_well(self):
        self.credit_account._credit_apply({"mode": "stopped"})
        sale = self._sell(2, method=self.pay_later_pm)
        self.assertEqual(sale.picking_ids.mapped("state"), ["done"])

    def _ship_later(self, quantity=2, **values):
        self.config.ship_later = True
        sale = self._sell(
            quantity, shipping_date=fields.Date.to_string(fields.Date.today()), **values
        )
        picking = sale.picking_ids
        self.assertTrue(picking)
        self.env["stock.quant"]._update_available_quantity(
            self.product, picking.location_id, 100
        )
        picking.action_assign()
        return sale, picking

    def test_paid_and_shipped_later(self):
        _sale, picking = self._ship_later()
        self.credit_account._credit_apply({"mode": "stopped"})
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        with self.assertRaises(UserError):
            picking.move_ids.quantity = 3

    def test_on_account_and_shipped_later_is_checked(self):
        _sale, picking = self._ship_later(method=self.pay_later_pm)
        self.credit_account._credit_apply({"mode": "stopped"})
        with self.assertRaises(UserError):
            picking.button_validate()

    def test_more_than_sold_is_checked(self):
        _sale, picking = self._ship_later()
        self.credit_account._credit_apply({"mode": "stopped"})
        picking.move_ids.quantity = 3
        with self.assertRaises(UserError):
            picking.button_validate()

    def test_sale_entered_on_another_transfer_opens_nothing(self):
        sale = self._sell(2)
        order = self._confirmed(2.0)
        picking = order.picking_ids
        self.env["stock.quant"]._update_available_quantity(
            self.product, picking.location_id, 100
        )
        picking.action_assign()
        self.credit_account._credit_apply({"mode": "stopped"})
        picking.sudo().pos_order_id = sale
        with self.assertRaises(UserError):
            picking.button_validate()
        # nor a sale that is still to be shipped, for an order it did not settle
        later, _picking = self._ship_later()
        picking.sudo().pos_order_id = later
        with self.assertRaises(UserError):
            picking.button_validate()

    def test_sale_of_a_quotation_is_not_lost(self):
        order = self._order_of(300)
        self.credit_account._credit_apply({"mode": "stopped"})
        sale = self._sell(3, order)
        self.assertEqual(sale.state, "paid")
        self.assertEqual(sale.picking_ids.mapped("state"), ["done"])
        self.assertEqual(order.approval_parked_reason, "paid")
