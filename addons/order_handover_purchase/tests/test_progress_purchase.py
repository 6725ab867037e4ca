from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_handover.tests.common_progress import ProgressCommon


@tagged("post_install", "-at_install")
class TestProgressPurchase(ProgressCommon):
    """What is bought for an order shows in its progress, to staff (SPEC F3, F5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        mto = cls.warehouse.mto_pull_id.route_id
        mto.active = True
        cls.supplier = cls.env["res.partner"].create({"name": "Secret Mill"})
        cls.scarf = cls.env["product.product"].create(
            {
                "name": "Scarf",
                "is_storable": True,
                "route_ids": [
                    Command.set((mto | cls.warehouse.buy_pull_id.route_id).ids)
                ],
                "seller_ids": [
                    Command.create({"partner_id": cls.supplier.id, "price": 5.0})
                ],
            }
        )

    def test_purchase(self):
        order = self._confirm_order(
            {"product_id": self.scarf.id}, commitment_date=self._in_days(10)
        ).sudo()
        purchase = self.env["purchase.order"].search(
            [("partner_id", "=", self.supplier.id)]
        )
        step = self._step(order, "purchase")
        self.assertEqual((step["state"], step["audience"]), ("current", "staff"))
        self.assertIn(purchase.name, step["internal"])
        self.assertEqual(self._row(order).phase, "goods")
        self._look_at(order)
        # a request for quotation moves the date before there is any move
        purchase.order_line.date_planned = self._in_days(12)
        self.assertEqual(self._lines(order)[0]["expected"], self._in_days(12))
        self.env["order.progress.change"].sudo()._notice(order)
        change = self._changes(order)
        self.assertEqual(
            (change.date_new, change.source), (self._in_days(12), purchase.name)
        )
        purchase.button_confirm()
        self.assertEqual(self._step(order, "purchase")["state"], "done")
        incoming = self._step(order, "incoming")
        self.assertEqual((incoming["state"], incoming["audience"]), ("current", "all"))
        purchase.order_line.date_planned = self._in_days(14)
        self.assertEqual(self._lines(order)[0]["expected"], self._in_days(14))
        self._ship(purchase.picking_ids)
        self.assertEqual(self._step(order, "incoming")["state"], "done")
        self.assertEqual(self._row(order).phase, "shipment")
        public = str(order._handover_public_steps(self._steps(order)))
        for secret in (purchase.name, "Secret Mill", purchase.picking_ids.name):
            self.assertNotIn(secret, public)
