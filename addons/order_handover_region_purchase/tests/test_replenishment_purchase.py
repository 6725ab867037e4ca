from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_handover_region.tests.stock_replenishment_common import (
    ReplenishmentCommon,
)


@tagged("post_install", "-at_install")
class TestReplenishmentPurchase(ReplenishmentCommon):
    """Drafts count as on order; a sheet makes one set of orders (SPEC G5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].sudo().create({"name": "Mill"})
        cls.shirt.write(
            {
                "route_ids": [
                    Command.set(cls.env.ref("purchase_stock.route_warehouse0_buy").ids)
                ],
                "seller_ids": [
                    Command.create({"partner_id": cls.vendor.id, "price": 10.0})
                ],
            }
        )

    def _get_lines(self):
        lines = self.env["purchase.order.line"].sudo()
        return lines.search([("product_id", "=", self.shirt.id)])

    def test_requests_count_before_and_after_they_are_confirmed(self):
        self._demand(20.0)
        dozen = self.env.ref("uom.product_uom_dozen")
        request = (
            self.env["purchase.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": self.company.id,
                    "picking_type_id": self.warehouse.in_type_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.shirt.id,
                                "product_qty": 1.0,
                                "product_uom_id": dozen.id,
                            }
                        )
                    ],
                }
            )
        )
        names = ("on_hand", "on_order", "suggested")
        self.assertEqual(self._get(self._sheet(), *names), [0.0, 12.0, 8.0])
        request.button_confirm()
        self.assertEqual(self._get(self._sheet(), *names), [0.0, 12.0, 8.0])
        self._ship(request.picking_ids, [5.0])
        self.assertEqual(self._get(self._sheet(), *names), [5.0, 7.0, 8.0])
        request.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertEqual(self._get(self._sheet(), *names), [5.0, 0.0, 15.0])

    def test_a_sheet_makes_one_order(self):
        self._demand(20.0)
        first, second = self._sheet(), self._sheet()
        first.action_confirm()
        [line] = self._get_lines()
        self.assertEqual(line.product_qty, 20.0)
        self.assertEqual(line.replenishment_line_id, first.line_ids)
        self.assertEqual(first.line_ids.document_names, line.order_id.name)
        for sheet in (first, second):
            with self.assertRaises(UserError):
                sheet.action_confirm()
        self.assertEqual(self._get_lines(), line)
        self._demand(7.0)
        second.action_compute()
        second.action_confirm()
        more = self._get_lines() - line
        self.assertEqual((line.product_qty, more.product_qty), (20.0, 7.0))
