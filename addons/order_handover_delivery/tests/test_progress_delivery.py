from odoo.tests import tagged

from odoo.addons.order_handover.tests.common_progress import ProgressCommon


@tagged("post_install", "-at_install")
class TestProgressDelivery(ProgressCommon):
    """Each shipment shows its own tracking (SPEC F5)."""

    def test_tracking(self):
        freight = self.env["product.product"].create(
            {"name": "Freight", "type": "service"}
        )
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Swift Post",
                "product_id": freight.id,
                "tracking_url": "https://track.example.com/<shipmenttrackingnumber>",
            }
        )
        order = self._confirm_order().sudo()
        first = self._ship(order.picking_ids, [4.0])
        second = order.picking_ids - first
        first.write({"carrier_id": carrier.id, "carrier_tracking_ref": "SF123"})
        steps = [step for step in self._steps(order) if step["code"] == "shipment"]
        self.assertEqual([step["detail"] for step in steps], ["Swift Post SF123", ""])
        self.assertEqual(steps[0]["tracking"]["url"], "https://track.example.com/SF123")
        carrier.tracking_url = "javascript:alert(1)//<shipmenttrackingnumber>"
        second.write({"carrier_id": carrier.id, "carrier_tracking_ref": "SF124"})
        steps = [step for step in self._steps(order) if step["code"] == "shipment"]
        self.assertEqual(steps[1]["tracking"]["url"], "")
        self.assertEqual(steps[1]["tracking"]["reference"], "SF124")
