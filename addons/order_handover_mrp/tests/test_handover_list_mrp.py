from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_handover.tests.handover_list_common import HandoverListCommon


@tagged("post_install", "-at_install")
class TestHandoverListMrp(HandoverListCommon):
    """A shirt is made for each order, of a cloth that is made as well (SPEC F2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        to_order = cls.warehouse.mto_pull_id.route_id
        to_order.active = True
        cls.cloth, cls.made = (
            cls.env["product.product"].create(
                {
                    "name": name,
                    "is_storable": True,
                    "route_ids": [Command.set(to_order.ids)],
                }
            )
            for name in ("Cloth", "Made shirt")
        )
        cls._create_bom(cls.cloth, cls.goods)
        cls._create_bom(cls.made, cls.cloth)

    @classmethod
    def _create_bom(cls, product, part):
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": 1.0})
                ],
            }
        )

    def _produce(self, order, product, quantity):
        production = (
            self.env["mrp.production"]
            .search([("product_id", "=", product.id), ("state", "!=", "done")])
            .filtered(lambda production: order in production.reference_ids.sale_ids)
        )
        production.qty_producing = quantity
        production.set_qty_producing()
        production.move_raw_ids.picked = True
        production.with_context(
            skip_backorder=True,
            skip_consumption=True,
            mo_ids_to_backorder=production.ids
            if quantity < production.product_qty
            else [],
        ).button_mark_done()
        self.assertEqual(production.state, "done")
        return production

    def test_done_production_is_handed_over(self):
        order, rows = self._released({"product_id": self.made.id})
        self.assertEqual(
            rows.receiver_department_id.mapped("code"), ["production", "warehouse"]
        )
        self._produce(order, self.cloth, 10.0)
        self._run_job()
        self.assertEqual(self._rows(order), rows, "cloth is for the shirts")
        first = self._produce(order, self.made, 4.0)
        second = self._produce(order, self.made, 6.0)
        second._handover_list_queue()
        self._run_job()
        made = self._rows(order) - rows
        self.assertRecordValues(
            made,
            [
                {
                    "content": f"{first.name}\nMade shirt × 4 Units",
                    "sender_department_id": self.departments["production"].id,
                    "receiver_department_id": self.departments["warehouse"].id,
                },
                {
                    "content": f"{second.name}\nMade shirt × 6 Units",
                    "sender_department_id": self.departments["production"].id,
                    "receiver_department_id": self.departments["warehouse"].id,
                },
            ],
        )

    def test_production_for_stock_is_nobodys(self):
        production = self.env["mrp.production"].create(
            {"product_id": self.cloth.id, "product_qty": 10.0}
        )
        production.action_confirm()
        production.qty_producing = 10.0
        production.set_qty_producing()
        production.move_raw_ids.picked = True
        production.button_mark_done()
        self.assertEqual(production.state, "done")
        self.assertFalse(
            self.env["order.handover.event"].search([("kind", "=", "production_done")])
        )
