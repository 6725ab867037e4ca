from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import OrderChangeCommon

_QUANTITIES = st.integers(min_value=0, max_value=30).map(lambda n: n / 2)


class _Undo(Exception):
    """Ends one example and takes everything back."""


@tagged("post_install", "-at_install")
class TestChangeProperty(OrderChangeCommon):
    """A change and its inverse leave the order and its demand as they were."""

    @settings(
        max_examples=5,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        desks=_QUANTITIES,
        chairs=_QUANTITIES,
        lamps=_QUANTITIES,
        price=st.integers(min_value=1, max_value=300),
        delivered=st.integers(min_value=0, max_value=3),
    )
    def test_inverse(self, desks, chairs, lamps, price, delivered):
        try:
            with self.env.cr.savepoint():
                self._try(desks, chairs, lamps, price, delivered)
                raise _Undo
        except _Undo:
            self.env.invalidate_all()

    def _facts(self):
        order = self.order
        lines = order.order_line.filtered("product_uom_qty")
        return (
            sorted(
                (line.product_id.id, line.product_uom_qty, line.price_unit)
                for line in lines
            ),
            order.amount_untaxed,
            order.amount_total,
            self._demand(order),
        )

    def _try(self, desks, chairs, lamps, price, delivered):
        if delivered:
            self._deliver(self.order, {self.desks: float(delivered)})
        desks = max(desks, float(delivered))
        before = self._facts()
        change = self._request()
        line = self._line(change, self.desks)
        line.quantity = desks
        line.price_unit = price
        self._line(change, self.chairs).quantity = chairs
        if lamps:
            change.line_ids.create(
                {"change_id": change.id, "product_id": self.lamp.id, "quantity": lamps}
            )
        if not change.differences:
            return
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self.order.amount_total, change.new_amount_total)
        expected = {
            self.desk: desks - delivered,
            self.chair: chairs,
            self.lamp: lamps,
        }
        self.assertEqual(
            self._demand(self.order), {p: q for p, q in expected.items() if q}
        )
        inverse = self._request()
        line = self._line(inverse, self.desks)
        line.quantity, line.price_unit = 10.0, 100.0
        self._line(inverse, self.chairs).quantity = 4.0
        for line in inverse.line_ids:
            if line.product_id == self.lamp:
                line.quantity = 0.0
        self._approve_change(inverse)
        self.assertEqual(inverse.state, "applied", inverse.error)
        self.assertEqual(self._facts(), before)
