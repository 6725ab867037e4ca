from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.order_handover.tests.common_progress import ProgressCommon


@tagged("post_install", "-at_install")
class TestProgressDelivery(ProgressCommon):
    """Each shipment shows its own tracking (SPEC F5)."""

    def _create_carrier(self):
        freight = self.env["product.product"].create(
            {"name": "Freight", "type": "service"}
        )
        return self.env["delivery.carrier"].create(
            {
                "name": "Swift Post",
                "product_id": freight.id,
                "tracking_url": "https://track.example.com/<shipmenttrackingnumber>",
            }
        )

    def test_tracking(self):
        carrier = self._create_carrier()
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

    def test_failing_carrier_stops_nobody(self):
        carrier = self._create_carrier()
        order = self._confirm_order().sudo()
        first = self._ship(order.picking_ids, [4.0])
        second = order.picking_ids - first
        (first | second).carrier_id = carrier
        first.carrier_tracking_ref, second.carrier_tracking_ref = "SF123", "SF124"
        link = type(carrier).get_tracking_link
        asked = []

        def fail(carriers, picking):
            asked.append(picking)
            if picking == first:
                raise ValueError("the carrier does not answer")
            return link(carriers, picking)

        self.patch(self.registry["delivery.carrier"], "get_tracking_link", fail)
        self._look_at(order)
        self.assertFalse(asked, "dates need no tracking")
        with mute_logger("odoo.addons.order_handover_delivery.models.stock_picking"):
            steps = [step for step in self._steps(order) if step["code"] == "shipment"]
        found = [step["tracking"] for step in steps]
        self.assertEqual(
            [(tracking["reference"], tracking["url"]) for tracking in found],
            [("SF123", ""), ("SF124", "https://track.example.com/SF124")],
        )

    def test_several_parcels(self):
        carrier = self._create_carrier()
        order = self._confirm_order().sudo()
        order.picking_ids.write(
            {"carrier_id": carrier.id, "carrier_tracking_ref": "A,B"}
        )
        links = '[["A", "https://track.example.com/A"], ["B", "https://x.example.com"]]'

        def several(carriers, picking):
            return links

        self.patch(self.registry["delivery.carrier"], "get_tracking_link", several)
        tracking = self._step(order, "shipment")["tracking"]
        self.assertEqual(tracking["url"], "https://track.example.com/A")
