from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_handover.tests.handover_list_common import HandoverListCommon


@tagged("post_install", "-at_install")
class TestHandoverListPurchase(HandoverListCommon):
    """Hats are bought for each order (SPEC F2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        to_order = cls.warehouse.mto_pull_id.route_id
        to_order.active = True
        vendor = cls.env["res.partner"].create({"name": "Hatter"})
        cls.hat = cls.env["product.product"].create(
            {
                "name": "Hat",
                "is_storable": True,
                "route_ids": [Command.set(to_order.ids)],
                "seller_ids": [Command.create({"partner_id": vendor.id, "price": 7.0})],
            }
        )

    def _row(self, order, kind):
        return self._rows(order).filtered(lambda row: row.event_id.kind == kind)

    def test_bought_for_two_orders(self):
        orders = [
            self._confirm_order({"product_id": self.hat.id, "product_uom_qty": count})
            for count in (10.0, 5.0)
        ]
        purchases = (
            self.env["purchase.order.line"]
            .search([("product_id", "=", self.hat.id)])
            .order_id
        )
        self._run_job()
        for order in orders:
            self.assertFalse(self._row(order, "purchase_approved"), "a draft only")
            self.assertEqual(
                self._rows(order).receiver_department_id.mapped("code"),
                ["purchasing", "warehouse"],
            )
        purchases.button_confirm()
        self._run_job()
        for order, count in zip(orders, (10.0, 5.0), strict=True):
            row = self._row(order, "purchase_approved")
            self.assertRecordValues(
                row,
                [
                    {
                        "sender_department_id": self.departments["purchasing"].id,
                        "receiver_department_id": self.departments["warehouse"].id,
                        "requires_signature": False,
                    }
                ],
            )
            self.assertEqual(row.line_ids.mapped("quantity"), [count])
            self.assertTrue(row.line_ids.delivery_date)
            self.assertNotIn("7.0", str(row.line_ids.read(["name", "quantity"])))
        self._receive_all(purchases)
        for order, count in zip(orders, (10.0, 5.0), strict=True):
            row = self._row(order, "goods_received")
            self.assertEqual(row.line_ids.mapped("quantity"), [count])

    def _receive_all(self, purchases):
        for picking in purchases.picking_ids:
            self._ship(picking)
        self._run_job()

    def test_bought_for_stock_is_nobodys(self):
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.hat.seller_ids.partner_id.id,
                "order_line": [
                    Command.create({"product_id": self.hat.id, "product_qty": 3.0})
                ],
            }
        )
        purchase.button_confirm()
        self.assertFalse(
            self.env["order.handover.event"].search(
                [("kind", "=", "purchase_approved")]
            )
        )
