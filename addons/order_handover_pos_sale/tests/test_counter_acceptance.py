from odoo import fields
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
                    **values,
                }
            ]
        )
        return self.env["pos.order"].search([("uuid", "=", uuid)])

    def test_goods_go_on_waiting(self):
        order = self._confirm({"product_uom_qty": 4.0})
        slip = self._ship_all(order)
        leaving = self._open_pickings(order, "transit").move_ids
        self.assertEqual(leaving.product_uom_qty, 4.0)
        sale = self._settle(order, 4)
        self.assertEqual(sale.state, "paid")
        self.assertEqual(leaving.product_uom_qty, 4.0)
        self.assertEqual(leaving.state, "assigned")
        self.assertEqual(slip.state, "waiting")
        body = order.message_ids[0].body
        self.assertIn(slip.name, body)
        self.assertIn("Have the slip signed", body)

    def test_the_slip_can_still_be_signed(self):
        order = self._confirm({"product_uom_qty": 4.0})
        slip = self._ship_all(order)
        leaving = self._open_pickings(order, "transit").move_ids
        self._settle(order, 4)
        slip._sign_on_paper("Customer", "slip.pdf", PAPER)
        self.assertEqual(leaving.state, "done")
        self.assertEqual(leaving.quantity, 4.0)

    def test_to_be_shipped_later(self):
        order = self._confirm({"product_uom_qty": 4.0})
        self._ship_all(order)
        leaving = self._open_pickings(order, "transit").move_ids
        self.config.ship_later = True
        today = fields.Date.to_string(fields.Date.today())
        sale = self._settle(order, 4, shipping_date=today)
        self.assertEqual(sale.state, "paid")
        self.assertEqual(leaving.state, "assigned")
        self.assertEqual(leaving.product_uom_qty, 4.0)

    def test_what_is_not_shipped_yet_is_taken_off(self):
        order = self._confirm({"product_uom_qty": 4.0})
        move = self._open_pickings(order).move_ids
        self._settle(order, 1)
        self.assertEqual(move.product_uom_qty, 3.0)
        self.assertNotIn("still wait", "".join(order.message_ids.mapped("body")))

    def test_nobody_else_changes_what_waits(self):
        """The mark lasts as long as the sale comes in."""
        order = self._confirm({"product_uom_qty": 4.0})
        self._ship_all(order)
        leaving = self._open_pickings(order, "transit").move_ids
        self._settle(order, 4)
        self.env["pos.order"].sync_from_ui([])
        with self.assertRaisesRegex(Exception, "accept"), self.cr.savepoint():
            leaving.product_uom_qty = 1.0
