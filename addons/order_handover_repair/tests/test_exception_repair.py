from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_handover.tests.common_acceptance import (
    PAPER,
    AcceptanceCommon,
)
from odoo.addons.order_handover.tests.test_exception import ExceptionCommon


@tagged("post_install", "-at_install")
class TestExceptionRepair(ExceptionCommon):
    """Back, repaired, and to the customer again (SPEC I2)."""

    def _take(self, quantity=2.0, **values):
        self.exception = self._enter("defective", quantity)
        return self.exception._take_step("repair", self._goods(quantity, **values))

    def _repair(self, repair):
        repair = repair.with_user(self.keeper)
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()

    def test_from_return_to_delivery(self):
        step = self._take()
        back = step.move_ids
        self.assertEqual(back.location_id.usage, "customer")
        repair = step.repair_ids
        self.assertEqual((repair.product_id, repair.product_qty), (self.goods, 2.0))
        self.assertEqual(repair.picking_id, back.picking_id)
        self.assertTrue(repair.under_warranty)
        self.assertIn("Two pieces are missing.", repair.internal_notes)
        self.assertIn(repair.name, step.document_text)
        self.assertEqual(step.state, "running")
        self._ship(back.picking_id)
        self.assertEqual(self.line.qty_delivered, 8.0)
        self._repair(repair)
        self.assertEqual(repair.state, "done")
        self.assertEqual(step.state, "running", "the customer has nothing yet")
        out = step.move_ids - back
        self.assertEqual(out.product_uom_qty, 2.0)
        self.assertEqual(out.location_dest_usage, "customer")
        self._ship(out.picking_id)
        self.assertEqual(step.state, "done")
        self.assertEqual(self.exception.state, "settled")
        self.assertEqual(self.line.qty_delivered, 10.0, "neither more nor less")

    def test_not_before_the_goods_are_there(self):
        step = self._take()
        repair = step.repair_ids
        repair._action_repair_confirm()
        repair.action_repair_start()
        with self._refused(f"Receive {step.move_ids.picking_id.name} first"):
            repair.with_user(self.keeper).action_repair_end()
        self.assertEqual(repair.state, "under_repair")

    def test_by_whatever_route(self):
        """Done by a write, too; and no second time."""
        step = self._take()
        back = step.move_ids
        repair = step.repair_ids.with_user(self.keeper)
        with self._refused("have not come back yet"):
            repair.write({"state": "done"})
        self._ship(back.picking_id)
        repair.write({"state": "done"})
        self.assertEqual((step.move_ids - back).product_uom_qty, 2.0)
        repair.write({"state": "done"})
        self.assertEqual((step.move_ids - back).product_uom_qty, 2.0)

    def test_kept(self):
        step = self._take()
        repair = step.repair_ids.with_user(self.keeper)
        with self._refused("Cancel it instead"):
            repair.unlink()
        with self._refused("Cancel it instead"):
            repair.with_context(_force_unlink=True).unlink()

    def test_one_by_one_with_serial_numbers(self):
        watch = self.goods.sudo().create(
            {"name": "Watch", "is_storable": True, "tracking": "serial"}
        )
        lots = self.env["stock.lot"].create(
            [{"name": f"W{n}", "product_id": watch.id} for n in range(3)]
        )
        for lot in lots:
            self._put_in_stock(watch, 1.0, lot_id=lot)
        order = self._confirm_order({"product_id": watch.id, "product_uom_qty": 3.0})
        line = order.order_line
        picking = self._ship(order.sudo().picking_ids)
        exception = self._enter(
            "defective", order_id=order.id, picking_id=picking.id, line_ids=[]
        )
        goods = {"sale_line_id": line.id, "product_id": watch.id, "quantity": 2.0}
        step = exception._take_step("repair", [goods])
        self.assertEqual(step.repair_ids.mapped("product_qty"), [1.0, 1.0])
        back = step.move_ids
        back.move_line_ids.unlink()
        back.move_line_ids = [
            Command.create(
                {
                    "product_id": watch.id,
                    "lot_id": lot.id,
                    "quantity": 1.0,
                    "picking_id": back.picking_id.id,
                }
            )
            for lot in lots[:2]
        ]
        back.picked = True
        back.picking_id._action_done()
        for repair, lot in zip(step.repair_ids, lots[:2], strict=True):
            self.assertEqual(step.move_ids, back, "all of them leave together")
            repair.lot_id = lot
            self._repair(repair)
        out = step.move_ids - back
        self.assertEqual(out.product_uom_qty, 2.0)

    def test_what_cannot_be_repaired_holds_nothing_up(self):
        """Of two, one is repaired, the other given up, then done after all."""
        step = self._take()
        back = step.move_ids
        self._ship(back.picking_id)
        first = step.repair_ids
        first.product_qty = 1.0
        second = first.sudo().create(step._prepare_repair(back, 1.0))
        self._repair(first)
        self.assertEqual(step.move_ids, back, "the second is open")
        second.action_repair_cancel()
        out = step.move_ids - back
        self.assertEqual(out.product_uom_qty, 1.0)
        second.action_repair_cancel_draft()
        self._repair(second)
        self.assertEqual(sum((step.move_ids - back).mapped("product_uom_qty")), 2.0)

    def test_cancelled_with_its_documents(self):
        step = self._take()
        with self._refused(f"Cancel .*{step.repair_ids.name} first"):
            step.with_user(self.salesman)._cancel("not worth it")
        step.repair_ids.action_repair_cancel()
        step.picking_ids.action_cancel()
        step.with_user(self.salesman)._cancel("not worth it")
        self.assertEqual(step.state, "cancelled")

    def test_no_more_than_was_delivered(self):
        with self._refused("at most 10"):
            self._take(11.0)
        self.assertFalse(self.order.handover_exception_ids.step_ids)

    def test_what_it_settles_is_kept(self):
        step = self._take()
        repair = step.repair_ids.with_user(self.keeper)
        with self.assertRaises(AccessError), self.cr.savepoint():
            repair.copy().handover_step_id = step.id
        with self.assertRaises(AccessError), self.cr.savepoint():
            repair.create({"handover_step_id": step.id, "product_id": self.goods.id})
        other = repair.with_context(default_handover_step_id=step.id).create(
            {
                "product_id": self.goods.id,
                "picking_type_id": self.warehouse.repair_type_id.id,
            }
        )
        self.assertFalse(other.handover_step_id)
        self.assertEqual(step.state, "running")
        with self.assertRaises(UserError), self.cr.savepoint():
            self.exception.with_user(self.salesman).action_close()


@tagged("post_install", "-at_install")
class TestExceptionRepairAccepted(AcceptanceCommon):
    """What is repaired waits for the customer's acceptance as well (SPEC I1, I2)."""

    def test_accepted_twice(self):
        self.departments["warehouse"].member_ids = self.keeper
        order = self._confirm({"product_uom_qty": 4.0})
        slip = self._ship_all(order)
        slip._sign_on_paper("Customer", "slip.pdf", PAPER)
        line = order.order_line
        self.assertEqual(line.qty_delivered, 4.0)
        kinds = self.env["order.exception.kind"]
        exception = self.env["order.exception"].create(
            {
                "order_id": order.id,
                "kind_id": kinds.search([("code", "=", "defective")], limit=1).id,
                "description": "One leaks.",
            }
        )
        goods = {"sale_line_id": line.id, "product_id": self.goods.id, "quantity": 1.0}
        step = exception._take_step("repair", [goods])
        back = step.move_ids
        self._ship(back.picking_id)
        self.assertEqual(line.qty_delivered, 3.0)
        step.repair_ids._action_repair_confirm()
        step.repair_ids.action_repair_start()
        step.repair_ids.action_repair_end()
        out = step.move_ids - back
        self._ship(out.picking_id)
        self._assert_stock(96.0, 1.0)
        self.assertEqual(line.qty_delivered, 3.0, "not signed yet")
        self.assertEqual(step.state, "running")
        again = order.sudo().handover_acceptance_ids - slip
        again._sign_on_paper("Customer", "slip.pdf", PAPER)
        self.assertEqual(line.qty_delivered, 4.0)
        self.assertEqual(step.state, "done")
