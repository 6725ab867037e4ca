from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_handover.tests.common import HandoverCommon


@tagged("post_install", "-at_install")
class TestExceptionKit(HandoverCommon):
    """A kit of two parts is replaced free of charge (SPEC I2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"is_storable": True, "taxes_id": False, "list_price": 10.0}
        cls.table, cls.leg, cls.top = (
            cls.env["product.product"]
            .sudo()
            .create([{"name": name, **values} for name in ("Table", "Leg", "Top")])
        )
        cls.table.invoice_policy = "delivery"
        cls.env["mrp.bom"].sudo().create(
            {
                "product_tmpl_id": cls.table.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.leg.id, "product_qty": 4}),
                    Command.create({"product_id": cls.top.id, "product_qty": 1}),
                ],
            }
        )
        cls._put_in_stock(cls.leg, 100.0)
        cls._put_in_stock(cls.top, 100.0)
        cls.departments["warehouse"].member_ids = cls.keeper
        cls.order = cls._confirm_order(
            {"product_id": cls.table.id, "product_uom_qty": 2.0}
        )
        cls.picking = cls._ship(cls.order.sudo().picking_ids)

    def _replace_one(self):
        line = self.order.order_line
        exception = (
            self.env["order.exception"]
            .with_user(self.salesman)
            .create(
                {
                    "order_id": self.order.id,
                    "picking_id": self.picking.id,
                    "kind_id": self.env["order.exception.kind"]
                    .search([("code", "=", "wrong")], limit=1)
                    .id,
                    "description": "One table is the wrong colour.",
                    "line_ids": [
                        Command.create({"sale_line_id": line.id, "quantity": 1.0})
                    ],
                }
            )
        )
        return exception._take_step(
            "replacement",
            [
                {
                    "sale_line_id": line.id,
                    "product_id": self.table.id,
                    "quantity": 1.0,
                    "product_uom_id": self.table.uom_id.id,
                }
            ],
        )

    def test_parts_leave_free_of_charge(self):
        line = self.order.order_line
        self.assertEqual(line.qty_delivered, 2.0)
        step = self._replace_one()
        moves = step.sudo().move_ids
        self.assertEqual(
            {move.product_id.name: move.product_qty for move in moves},
            {"Leg": 4.0, "Top": 1.0},
        )
        self._ship(moves.picking_id)
        self.assertEqual(set(moves.mapped("state")), {"done"})
        self.assertEqual(line.qty_delivered, 2.0, "the replacement is not charged")
        self.assertEqual(line.qty_to_invoice, 2.0)
        self.assertEqual(step.state, "done")

    def test_no_more_parts_than_agreed(self):
        """Not even as many as were delivered: one kit of two is replaced."""
        legs = self._replace_one().move_ids.filtered(lambda m: m.product_id == self.leg)
        picking = legs.picking_id.with_user(self.keeper)
        picking.action_assign()
        legs.with_user(self.keeper).quantity = 8.0
        picking.move_ids.picked = True
        refused = self.assertRaisesRegex(UserError, "at most 4 Units of Leg")
        with refused, self.cr.savepoint():
            picking.with_context(skip_backorder=True).button_validate()
