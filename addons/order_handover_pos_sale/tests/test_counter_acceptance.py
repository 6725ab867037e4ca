from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_handover.tests.common_acceptance import PAPER, AcceptanceCommon
from odoo.addons.point_of_sale.tests.common import TestPoSCommon


@tagged("post_install", "-at_install")
class TestCounterAcceptance(TestPoSCommon, AcceptanceCommon):
    """Settled at the counter while goods wait for acceptance (SPEC I1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.basic_config
        cls.company.point_of_sale_update_stock_quantities = "real"
        cls.goods.sudo().available_in_pos = True

    def _settle(self, order, quantity, number=1, **values):
        """Sell at the counter what the order is about."""
        if not self.config.current_session_id:
            self.open_new_session()
        amount = 100.0 * quantity
        line = {
            "discount": 0,
            "pack_lot_ids": [],
            "price_unit": 100.0,
            "product_id": self.goods.id,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "qty": quantity,
            "tax_ids": [],
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line.id,
        }
        payment = {
            "amount": amount,
            "name": fields.Datetime.now(),
            "payment_method_id": self.cash_pm1.id,
        }
        uuid = f"counter-acceptance-{number}"
        self.env["pos.order"].sync_from_ui(
            [
                {
                    "amount_paid": amount,
                    "amount_return": 0,
                    "amount_tax": 0,
                    "amount_total": amount,
                    "date_order": fields.Datetime.to_string(fields.Datetime.now()),
                    "fiscal_position_id": False,
                    "partner_id": order.partner_id.id,
                    "lines": [Command.create(line)],
                    "session_id": self.pos_session.id,
                    "payment_ids": [Command.create(payment)],
                    "user_id": self.env.uid,
                    "uuid": uuid,
                    "access_token": uuid,
                    **values,
                }
            ]
        )
        return self.env["pos.order"].search([("uuid", "=", uuid)])

    def _ship_and_settle(self, quantity, **values):
        """Ship 4 and sell so many at the counter; return order, slip, move, sale."""
        order = self._confirm({"product_uom_qty": 4.0})
        slip = self._ship_all(order)
        leaving = self._open_pickings(order, "transit").move_ids
        return order, slip, leaving, self._settle(order, quantity, **values)

    def _get_told(self, order):
        texts = order.message_ids.mapped("body")
        return [text for text in texts if "Sold at the counter" in text]

    def test_what_waits_is_not_offered(self):
        order = self._confirm({"product_uom_qty": 10.0})
        self._ship_all(order, [4.0])
        (row,) = order.order_line.read_converted()
        self.assertEqual(row["qty_delivered"], 4.0)
        self.assertEqual(order.order_line.qty_delivered, 0.0)

    def test_the_rest_is_sold_at_the_counter(self):
        order = self._confirm({"product_uom_qty": 10.0})
        slip = self._ship_all(order, [4.0])
        rest = self._open_pickings(order).move_ids
        leaving = self._open_pickings(order, "transit").move_ids
        self.assertEqual(rest.product_uom_qty, 6.0)
        self._settle(order, 6)
        self.assertEqual(rest.state, "cancel", "nothing is shipped once more")
        self.assertEqual(leaving.product_uom_qty, 4.0)
        slip._sign_on_paper("Customer", "slip.pdf", PAPER)
        self.assertEqual(order.order_line.qty_delivered, 10.0)
        self.assertEqual(order.order_line.qty_to_invoice, 4.0)

    def test_sold_though_it_waits(self):
        order, slip, leaving, sale = self._ship_and_settle(4)
        self.assertEqual(sale.state, "paid")
        self.assertEqual((leaving.state, leaving.product_uom_qty), ("assigned", 4.0))
        self.assertEqual(slip.state, "waiting")
        self.assertIn("4 Units Shirt", self._get_told(order)[0])

    def test_told_once_and_not_for_drafts(self):
        order, _slip, _leaving, sale = self._ship_and_settle(4, state="draft")
        self.assertEqual(sale.state, "draft")
        self.assertFalse(self._get_told(order))
        self._settle(order, 4, number=2)
        self._settle(order, 4, number=2)
        self.assertEqual(len(self._get_told(order)), 1)

    def test_sold_and_taken_back(self):
        order, slip, leaving, _sale = self._ship_and_settle(4)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=slip.picking_id.id, active_model="stock.picking")
            .create({"picking_id": slip.picking_id.id})
        )
        wizard.product_return_moves.quantity = 4.0
        self._ship(wizard._create_return())
        self.assertEqual(slip.state, "cancelled")
        self.assertEqual(leaving.state, "cancel")
        line = order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (4.0, 0.0))
        self._assert_stock(96.0, 0.0)

    def test_sold_and_kept(self):
        order, slip, leaving, _sale = self._ship_and_settle(4)
        slip._sign_on_paper("Customer", "slip.pdf", PAPER)
        self.assertEqual((leaving.state, leaving.quantity), ("done", 4.0))
        line = order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (8.0, 4.0))
        self._assert_stock(92.0, 0.0)

    def test_to_be_shipped_later(self):
        self.config.ship_later = True
        today = fields.Date.to_string(fields.Date.today())
        _order, _slip, leaving, sale = self._ship_and_settle(4, shipping_date=today)
        self.assertEqual(sale.state, "paid")
        self.assertEqual((leaving.state, leaving.product_uom_qty), ("assigned", 4.0))

    def test_what_is_not_shipped_yet_is_taken_off(self):
        order = self._confirm({"product_uom_qty": 4.0})
        move = self._open_pickings(order).move_ids
        self._settle(order, 1)
        self.assertEqual(move.product_uom_qty, 3.0)
        self.assertFalse(self._get_told(order))

    def test_nobody_else_changes_what_waits(self):
        """The mark lasts as long as the sale comes in."""
        _order, _slip, leaving, _sale = self._ship_and_settle(4)
        self.env["pos.order"].sync_from_ui([])
        with self.assertRaisesRegex(UserError, "accept"), self.cr.savepoint():
            leaving.product_uom_qty = 1.0
        with self.assertRaisesRegex(UserError, "accept"), self.cr.savepoint():
            leaving._action_cancel()
