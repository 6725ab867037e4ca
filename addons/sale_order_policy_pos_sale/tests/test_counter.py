from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.common import TestPoSCommon
from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestCounter(TestPoSCommon, SaleOrderPolicyCommon):
    """A sale at the counter is booked; its order waits for the approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.basic_config
        cls.product.sudo().write({"is_storable": True, "available_in_pos": True})
        cls.order = cls._create_order({"product_uom_qty": 3.0})

    def _sell(self, quantity):
        self.open_new_session()
        amount = 100.0 * quantity
        return self.env["pos.order"].sync_from_ui(
            [
                {
                    "amount_paid": amount,
                    "amount_return": 0,
                    "amount_tax": 0,
                    "amount_total": amount,
                    "date_order": fields.Datetime.to_string(fields.Datetime.now()),
                    "fiscal_position_id": False,
                    "partner_id": self.partner.id,
                    "lines": [
                        Command.create(
                            {
                                "discount": 0,
                                "pack_lot_ids": [],
                                "price_unit": 100.0,
                                "product_id": self.product.id,
                                "price_subtotal": amount,
                                "price_subtotal_incl": amount,
                                "sale_order_line_id": self.order.order_line.id,
                                "sale_order_origin_id": self.order.id,
                                "qty": quantity,
                                "tax_ids": [],
                            }
                        )
                    ],
                    "session_id": self.pos_session.id,
                    "payment_ids": [
                        Command.create(
                            {
                                "amount": amount,
                                "name": fields.Datetime.now(),
                                "payment_method_id": self.cash_pm1.id,
                            }
                        )
                    ],
                    "user_id": self.env.uid,
                    "uuid": "policy-counter-1",
                }
            ]
        )

    def test_all_orders_are_asked_about_at_once(self):
        others = self.order.browse().union(*(self._create_order() for _ in range(5)))
        counts = []
        for orders in (self.order, self.order | others):
            self.env.flush_all()
            orders.mapped("order_line")
            orders.mapped("state")
            start = self.env.cr.sql_log_count
            self.assertFalse(orders.sudo()._policy_get_with_counter_sale())
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(*counts)

    def test_sale_is_booked_and_the_order_waits(self):
        self._sell(3)
        sale = self.order.sudo().pos_order_line_ids.order_id
        self.assertEqual(sale.state, "paid")
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.approval_parked_reason, "paid")
        self.assertEqual(self.order.approval_state, "pending")

    def test_approval_confirms_without_shipping_again(self):
        self._sell(3)
        self._approve(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertNotIn("assigned", self.order.sudo().picking_ids.mapped("state"))
        self.assertEqual(set(self.order.sudo().picking_ids.mapped("state")), {"cancel"})

    def test_approval_ships_the_rest(self):
        self._sell(1)
        self._approve(self.order)
        moves = self.order.sudo().picking_ids.move_ids
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 2.0)
