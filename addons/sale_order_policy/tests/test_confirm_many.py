from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestConfirmMany(SaleOrderPolicyCommon):
    """Orders that nobody has to review, confirmed in one go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flow.level_ids.write(
            {"participation": "domain", "domain": "[('amount_untaxed', '>', 10000)]"}
        )

    def _confirm(self, number):
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.partner.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
                for _number in range(number)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders._approval_enter({self.company.id: "enforce"})
        self.env.flush_all()
        self.assertEqual(set(orders.mapped("approval_state")), {"approved"})
        return self.env.cr.sql_log_count - before

    def test_findings_are_made_for_all_at_once(self):
        self._confirm(1)  # fills caches
        one, eleven = self._confirm(1), self._confirm(11)
        self.assertLessEqual((eleven - one) / 10, 12, (one, eleven))
