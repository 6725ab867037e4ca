"""Orders are changed and cancelled while goods wait for the customer's signature."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.order_handover.tests.common_acceptance import AcceptanceCommon
from odoo.addons.sale_order_change.tests.common import SCAN, OrderChangeCommon

WAYS = ("ship_only", "pick_ship", "pick_pack_ship")


@tagged("standard", "post_install", "-at_install")
class TestChangesAndAcceptance(AcceptanceCommon):
    """What has left counts, accepted or not; what has not left follows (J2, J3, I1)."""

    _request = classmethod(OrderChangeCommon._request.__func__)
    _decide = classmethod(OrderChangeCommon._decide.__func__)
    _approve_change = classmethod(OrderChangeCommon._approve_change.__func__)
    _set_up_flow = classmethod(OrderChangeCommon._set_up_flow.__func__)
    _line = classmethod(OrderChangeCommon._line.__func__)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "enforce"
        cls.departments["warehouse"].member_ids = cls.keeper
        cls.company.sale_change_control = True
        cls.change_flow = cls.env["document.approval.flow"].search(
            [
                ("company_id", "=", cls.company.id),
                ("model", "=", "sale.order.change"),
            ]
        )
        cls._set_up_flow()

    @classmethod
    def _approved(cls, way):
        """Return a confirmed order of 10, to be accepted."""
        cls.warehouse.delivery_steps = way
        order = cls._create_order(
            {"product_id": cls.goods.id, "product_uom_qty": 10.0},
            policy_type_id=cls.accept_type.id,
        )
        cls._submit_and_approve(order)
        order.action_confirm()
        return order

    def _change(self, order, quantity, **values):
        change = self._request(order=order, **values)
        change.line_ids.quantity = quantity
        self._approve_change(change)
        return change

    def _accept(self, slip, *rejected):
        slip.sudo()._sign(self._reject(slip, *rejected), {"way": "default"})

    def test_less_and_more_before_anything_left(self):
        for way in WAYS:
            order = self._approved(way)
            for quantity in (4.0, 12.0):
                change = self._change(order, quantity)
                self.assertEqual(change.state, "applied", change.error)
            slip = self._ship_all(order)
            self.assertEqual(slip.line_ids.quantity, 12.0)
            self.assertEqual(order.order_line.qty_delivered, 0.0)
            self._accept(slip)
            self.assertEqual(order.order_line.qty_delivered, 12.0)

    def test_while_some_wait_for_the_signature(self):
        for way in WAYS:
            order = self._approved(way)
            first = self._ship_all(order, [6.0])
            self.assertEqual(first.line_ids.quantity, 6.0)
            change = self._request(order=order)
            change.line_ids.quantity = 5.0
            with self.assertRaisesRegex(UserError, r"not less than 6\.00 .* shipped"):
                change.action_submit_for_approval()
            for quantity in (6.0, 9.0):
                change = self._change(order, quantity)
                self.assertEqual(change.state, "applied", change.error)
            second = self._ship_all(order)
            self.assertEqual(second.line_ids.quantity, 3.0)
            for slip in first | second:
                self._accept(slip)
            self.assertEqual(order.order_line.qty_delivered, 9.0)
            self.assertFalse(self._open_pickings(order))

    def test_what_is_on_its_way_keeps_its_address(self):
        order = self._approved("ship_only")
        slip = self._ship_all(order, [6.0])
        old = order.partner_shipping_id
        place = self.partner.create(
            {"name": "Site", "parent_id": self.partner.id, "type": "delivery"}
        )
        change = self._change(order, 10.0, partner_shipping_id=place.id)
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self._open_pickings(order).partner_id, place)
        left = self._open_pickings(order, "transit")
        self.assertEqual((left.partner_id, left.activity_ids.note), (old, False))
        self._accept(slip)
        self._accept(self._ship_all(order))
        self.assertEqual(order.order_line.qty_delivered, 10.0)

    def test_rejected_goods_are_not_ordered_any_more(self):
        order = self._approved("pick_ship")
        slip = self._ship_all(order)
        self._accept(slip, (slip.line_ids, 4.0))
        for back in slip.return_ids:
            self._ship(back)
        self.assertEqual(order.order_line.qty_delivered, 6.0)
        change = self._change(order, 6.0)
        self.assertEqual(change.state, "applied", change.error)
        self.assertFalse(self._open_pickings(order))
        self._assert_stock(94, 0)

    def test_cancelled_while_goods_wait(self):
        """Agreed to and approved, but the customer still has goods to answer for."""
        for way in WAYS[:2]:
            order = self._approved(way)
            slip = self._ship_all(order, [6.0])
            change = self._request(
                "cancel",
                order=order,
                compensation="What came stays",
                compensation_payer="customer",
            )
            self.assertTrue(change.needs_agreement)
            change._agree("scan", "Wang", SCAN)
            self._approve_change(change)
            self.assertEqual((change.state, order.state), ("failed", "sale"))
            self.assertIn(slip.name, change.error)
            self.assertTrue(self._open_pickings(order))
            self._accept(slip)
            change.action_apply_again()
            self.assertEqual((change.state, order.state), ("applied", "cancel"))
            self.assertEqual(order.order_line.qty_delivered, 6.0)
            self.assertFalse(self._open_pickings(order))
