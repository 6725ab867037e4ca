from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestOptionalLines(SaleOrderPolicyCommon):
    def test_optional_line_needs_no_quantity(self):
        order = self._create_order(
            {},
            {
                "product_id": False,
                "display_type": "line_section",
                "name": "Options",
                "is_optional": True,
                "sequence": 20,
            },
            {"product_uom_qty": 0.0, "sequence": 30},
        )
        self.assertEqual(self._get_messages(order, "incomplete"), [])
        order.order_line.filtered("display_type").is_optional = False
        self.assertEqual(len(self._get_messages(order, "incomplete")), 1)

    def test_choosing_an_option_ends_the_review(self):
        order = self._create_order({}, {"product_uom_qty": 1.0})
        self._submit_and_approve(order)
        order.order_line = [
            Command.update(order.order_line[1].id, {"product_uom_qty": 2})
        ]
        self.assertEqual(order.approval_state, "superseded")
