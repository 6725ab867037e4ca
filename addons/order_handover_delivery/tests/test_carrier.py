from odoo.tests import tagged

from odoo.addons.order_handover.tests.test_shipping_release import ReleaseCommon


@tagged("post_install", "-at_install")
class TestCarrier(ReleaseCommon):
    """The carrier is confirmed with the shipping data, and noticed (SPEC H2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cost = cls.env["product.product"].create({"name": "Freight", "type": "service"})
        cls.fast, cls.slow = (
            cls.env["delivery.carrier"]
            .sudo()
            .create(
                [
                    {"name": name, "product_id": cost.id, "fixed_price": 0.0}
                    for name in ("Fast", "Slow")
                ]
            )
        )

    def test_another_carrier_makes_it_void(self):
        self.picking.carrier_id = self.fast
        self._confirm()
        self._check()
        self.picking.with_user(self.keeper).carrier_id = self.slow
        self._assert_stopped(r"carrier \(Fast → Slow\)")
        self.picking.with_user(self.keeper).carrier_id = self.fast
        self.picking.with_user(self.keeper).carrier_tracking_ref = "SF-1"
        self.assertEqual(self._validate(), "done")

    def test_notice_names_carrier_and_tracking(self):
        self.company.handover_shipping_notice = True
        order = self._confirm_order().sudo()
        order.picking_ids.write(
            {"carrier_id": self.fast.id, "carrier_tracking_ref": "SF-2"}
        )
        self._ship(order.picking_ids)
        order.handover_notice_ids._make_file()
        paper = order.handover_notice_ids.attachment_id.raw.decode()
        self.assertIn("Fast", paper)
        self.assertIn("SF-2", paper)
