"""Orders that use a price concession are changed by request."""

from odoo.tests import tagged

from odoo.addons.sale_order_change.tests.common import OrderChangeCommon
from odoo.addons.sale_price_agreement.tests.common import PriceAgreementCommon


@tagged("standard", "post_install", "-at_install")
class TestChangesAndConcessions(PriceAgreementCommon, OrderChangeCommon):
    """A granted price is no finding; more is drawn, never more than was granted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_rule(
            applied_on="product",
            product_tmpl_id=cls.desk.product_tmpl_id.id,
            is_discount_limited=False,
            is_price_limited=True,
            floor_price=90.0,
        )
        cls.granted = cls._concession(max_quantity=20.0)
        cls.order = cls._create_order(
            {
                "product_uom_qty": 10.0,
                "price_unit": 80.0,
                "price_concession_id": cls.granted.id,
            }
        )
        cls._confirm(cls.order)

    def _floors(self, change):
        found = change._approval_findings()[change.id]
        return [finding for finding in found if finding["code"] == "floor_price"]

    def test_more_at_the_granted_price(self):
        line = self.order.order_line
        change = self._request(order=self.order)
        change.line_ids.quantity = 15.0
        self.assertFalse(self._floors(change))
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(
            (line.price_unit, line.price_concession_id), (80.0, self.granted)
        )
        self.assertEqual(self.granted.used_quantity, 15.0)

    def test_less_than_was_granted_is_a_finding(self):
        change = self._request(order=self.order)
        change.line_ids.price_unit = 79.0
        (finding,) = self._floors(change)
        self.assertIn("price 79.00", change._approval_finding_message(finding))

    def test_never_more_than_was_granted(self):
        change = self._quick(self.order, {self.order.order_line: 21.0})
        self.assertEqual(change.state, "failed")
        self.assertIn("20.00", change.error)
        self.assertEqual(self.order.order_line.product_uom_qty, 10.0)
        self.assertEqual(self.granted.used_quantity, 10.0)
