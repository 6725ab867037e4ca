import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.order_handover_region.hooks import uninstall_hook

from .stock_region_transfer_common import RegionTransferCommon


@tagged("post_install", "-at_install")
class TestRegionTransfer(RegionTransferCommon):
    """Shipped, received, settled and closed by quantity only (SPEC G3, G4)."""

    def _settle(self, transfer, kind, quantity, user=None, reason="Counted twice."):
        wizard = (
            self.env["stock.region.transfer.settle"]
            .with_user(user or self.keeper)
            .create(
                {
                    "transfer_id": transfer.id,
                    "line_id": transfer.line_ids[0].id,
                    "kind": kind,
                    "quantity": quantity,
                    "reason": reason,
                }
            )
        )
        return wizard.action_settle()

    def _get_quantities(self, transfer):
        line = transfer.line_ids[0].sudo()
        names = ("shipped", "received", "short", "lost", "returned", "in_transit")
        return [line[f"quantity_{name}"] for name in names]

    def _get_value(self):
        """Return the value of all shirts, and their number, wherever they are."""
        product = self.goods.sudo().with_company(self.company)
        product.invalidate_recordset()
        return product.total_value, product.qty_available

    # The way ---------------------------------------------------------------------

    def test_the_whole_way_never_changes_the_value(self):
        before = self.goods.sudo().with_company(self.company).total_value
        self.assertEqual(before, 6000.0)
        transfer, out, receipt = self._release(10.0)
        self.assertEqual(transfer.stage, "approved")
        self.assertEqual(out.move_ids.move_dest_ids, receipt.move_ids)
        self.assertEqual(out.move_ids.reference_ids.name, transfer.name)
        self.assertEqual(out.state, "assigned")
        self.assertEqual(receipt.state, "waiting")
        self._process(out)
        self.assertEqual(transfer.stage, "transit")
        self.assertEqual(self._get_value()[0], before)
        self.assertEqual(receipt.state, "assigned")
        self._process(receipt)
        self.assertEqual(transfer.stage, "received")
        self.assertEqual(self._get_value(), (before, 100.0))
        south = self.south.lot_stock_id
        self.assertEqual(self.goods.with_context(location=south.id).qty_available, 10.0)
        transfer.with_user(self.keeper).action_close()
        self.assertEqual(transfer.stage, "closed")
        self.assertEqual(transfer.closed_by_id, self.keeper)

    def test_the_value_stays_with_average_and_fifo_cost(self):
        for method in ("average", "fifo"):
            category = self.env["product.category"].create(
                {"name": method, "property_cost_method": method}
            )
            self.goods.sudo().categ_id = category
            before = self._get_value()[0]
            transfer, out, receipt = self._release(7.0)
            self._process(out)
            self.assertAlmostEqual(self._get_value()[0], before)
            self._process(receipt)
            self.assertAlmostEqual(self._get_value()[0], before)
            transfer.with_user(self.keeper).action_close()

    def test_delivery_in_steps_does_not_hinder_a_donor(self):
        self.north.sudo().delivery_steps = "pick_pack_ship"
        self.south.sudo().reception_steps = "three_steps"
        transfer, out, receipt = self._release(10.0)
        self.assertEqual(len(transfer.sudo().picking_ids), 2)
        self._process(out)
        self._process(receipt)
        self.assertEqual(len(transfer.sudo().picking_ids), 2)
        self.assertEqual(transfer.stage, "received")
        self.assertEqual(receipt.location_dest_id, self.south.lot_stock_id)

    def test_a_customers_order_gets_no_line_and_is_written_off_last(self):
        order = self._sell(10.0)
        self._put_in_stock(self.goods, 4.0, self.south.lot_stock_id)
        transfer, out, receipt = self._release(6.0, sale_line_id=order.order_line.id)
        self.assertEqual(transfer.writeoff_state, "waiting")
        self._process(out)
        self.assertEqual(len(order.order_line), 1)
        self.assertEqual(order.order_line.qty_delivered, 0.0)
        self._process(receipt)
        transfer.with_user(self.keeper).action_close()
        self.assertEqual(transfer.writeoff_state, "waiting")
        delivery = order.sudo().picking_ids
        self._process(delivery, 7.0)  # 4 that were there, 3 from afar
        self.assertEqual(transfer.line_ids.quantity_written_off, 3.0)
        self.assertEqual(transfer.writeoff_state, "waiting")
        self._process(order.sudo().picking_ids - delivery)
        self.assertEqual(transfer.line_ids.quantity_written_off, 6.0)
        self.assertEqual(transfer.writeoff_state, "done")

    def test_units_are_converted_once(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        transfer, out, _receipt = self._release(2.0, product_uom_id=dozen.id)
        self.assertEqual(transfer.line_ids.product_qty, 24.0)
        self.assertEqual(out.move_ids.product_uom_qty, 24.0)
        self._process(out)
        self.assertEqual(transfer.line_ids.quantity_shipped, 24.0)

    # Closed by quantity ------------------------------------------------------------

    def test_a_difference_keeps_it_open_until_it_is_explained(self):
        transfer, out, receipt = self._release(10.0)
        self._process(out)
        self._process(receipt, 7.0)
        self.assertEqual(self._get_quantities(transfer), [10, 7, 0, 0, 0, 3])
        with self.assertRaisesRegex(UserError, "Shirt: 3 Units"):
            transfer.with_user(self.keeper).action_close()
        self._settle(transfer, "loss", 1.0, reason="Fell from the lorry.")
        self._settle(transfer, "shortage", 1.0)
        self.assertEqual(self._get_quantities(transfer), [10, 7, 1, 1, 0, 1])
        with self.assertRaisesRegex(UserError, "Shirt: 1 Units"):
            transfer.with_user(self.keeper).action_close()
        with self.assertRaisesRegex(UserError, "1 are in transit"):
            self._settle(transfer, "loss", 2.0)
        self._settle(transfer, "return", 1.0)
        with self.assertRaises(UserError):  # on its way back, not yet there
            transfer.with_user(self.keeper).action_close()
        with self.assertRaisesRegex(UserError, "0 are in transit"):
            self._settle(transfer, "loss", 1.0)
        back = transfer.sudo().picking_ids.filtered(
            lambda p: (
                p.location_dest_id == self.north.lot_stock_id and p.state == "assigned"
            )
        )
        self._process(back)
        self.assertEqual(self._get_quantities(transfer), [10, 7, 1, 1, 1, 0])
        transfer.with_user(self.keeper).action_close()
        north = self.goods.with_context(location=self.north.lot_stock_id.id)
        self.assertEqual(north.qty_available, 92.0)
        self.assertEqual(self._get_value(), (99 * 60.0, 99.0))
        self.assertEqual(
            transfer.settlement_ids.mapped(lambda s: (s.kind, s.user_id)),
            [
                ("return", self.keeper),
                ("shortage", self.keeper),
                ("loss", self.keeper),
            ],
        )

    def test_a_backorder_of_the_receipt_is_followed(self):
        transfer, out, receipt = self._release(10.0)
        self._process(out, 8.0)
        self.assertEqual(transfer.stage, "shipping")
        self._process(receipt, 5.0)
        rest = transfer.sudo().picking_ids - out - receipt
        self.assertEqual(len(rest), 2)
        self.assertEqual(self._get_quantities(transfer), [8, 5, 0, 0, 0, 3])
        with self.assertRaisesRegex(UserError, "still to be shipped"):
            transfer.with_user(self.keeper).action_close()
        rest_out = rest.filtered(lambda p: p.location_id == self.north.lot_stock_id)
        rest_out.action_cancel()
        self.assertEqual(transfer.stage, "transit")
        self._process(rest - rest_out, 3.0)
        self.assertEqual(self._get_quantities(transfer), [8, 8, 0, 0, 0, 0])
        transfer.with_user(self.keeper).action_close()
        self.assertFalse(
            transfer.sudo().picking_ids.filtered(
                lambda p: p.state not in ("done", "cancel")
            )
        )

    def test_quantities_edited_later_open_it_again(self):
        transfer, out, receipt = self._release(10.0)
        self._process(out)
        self._process(receipt)
        transfer.with_user(self.keeper).action_close()
        receipt.with_user(self.keeper).move_ids.move_line_ids.quantity = 9.0
        self.assertEqual(self._get_quantities(transfer), [10, 9, 0, 0, 0, 1])
        self.assertEqual((transfer.state, transfer.stage), ("approved", "transit"))
        self.assertEqual(transfer.activity_ids.user_id, self.keeper)
        self.assertNotIn(self.keeper.partner_id, transfer.message_partner_ids)

    def test_what_is_sent_back_natively_counts(self):
        transfer, out, receipt = self._release(10.0)
        self._process(out)
        self._process(receipt)
        transfer.with_user(self.keeper).action_close()
        wizard = Form(
            self.env["stock.return.picking"]
            .with_user(self.keeper)
            .with_context(active_id=receipt.id, active_model="stock.picking")
        ).save()
        wizard.product_return_moves.quantity = 2.0
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self._process(back)
        self.assertEqual(self._get_quantities(transfer), [10, 8, 0, 0, 0, 2])
        self.assertEqual(transfer.stage, "transit")
        transfer.with_user(self.keeper).action_receive_rest()
        again = transfer.sudo().picking_ids.filtered(lambda p: p.state == "assigned")
        self.assertEqual(again.move_ids.product_uom_qty, 2.0)
        self._process(again)
        transfer.with_user(self.keeper).action_close()
        self.assertEqual(transfer.stage, "closed")

    def test_lots_are_settled_by_name(self):
        tracked = self._create_goods("Serum", tracking="lot")
        lots = [
            self.env["stock.lot"].create({"name": name, "product_id": tracked.id})
            for name in ("A", "B")
        ]
        for lot in lots:
            self._put_in_stock(tracked, 5.0, lot_id=lot)
        transfer, out, receipt = self._release(10.0, product_id=tracked.id)
        self._process(out)
        with self.assertRaisesRegex(UserError, "which lot"):
            self._settle(transfer, "loss", 2.0)
        settlements = self.env["stock.region.transfer.settlement"]
        settle = settlements.with_user(self.keeper)._settle
        line = transfer.line_ids
        settle(line, "loss", 2.0, "Broken", lots[1])
        settle(line, "shortage", 1.0, "Never packed", lots[1])
        transit = self.company.internal_transit_location_id
        quants = self.env["stock.quant"].sudo()
        self.assertEqual(
            [
                quants._get_available_quantity(
                    tracked, transit, lot_id=lot, strict=True
                )
                + sum(
                    receipt.move_line_ids.filtered(
                        lambda ml, lot=lot: ml.lot_id == lot
                    ).mapped("quantity")
                )
                for lot in lots
            ],
            [5.0, 2.0],
        )
        self._process(receipt)
        transfer.with_user(self.keeper).action_close()
        self.assertEqual(self._get_quantities(transfer), [10, 7, 1, 2, 0, 0])

    # Refusals ----------------------------------------------------------------------

    def test_what_the_system_keeps_nobody_writes(self):
        transfer, out, _receipt = self._release(10.0)
        lines = transfer.line_ids
        for user in (self.coordinator, self.salesman, self.env.ref("base.user_root")):
            for vals in ({"state": "closed"}, {"stage": "closed"}, {"name": "X"}):
                with self.assertRaises(AccessError):
                    transfer.with_user(user).write(vals)
            for vals in ({"quantity_received": 10.0}, {"explanation": "X"}):
                with self.assertRaises(AccessError):
                    lines.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            self.env["stock.region.transfer"].with_user(self.coordinator).create(
                {
                    "from_warehouse_id": self.north.id,
                    "to_warehouse_id": self.south.id,
                    "reason": "X",
                    "state": "approved",
                }
            )
        context = {"default_state": "approved", "default_quantity_received": 9.0}
        forged = self._transfer().with_context(**context).copy()
        self.assertEqual(forged.state, "draft")
        self.assertEqual(forged.line_ids.quantity_received, 0.0)
        move = out.move_ids.with_user(self.keeper)
        with self.assertRaises(AccessError):
            move.write({"region_transfer_line_id": forged.line_ids.id})
        with self.assertRaises(ValidationError):
            self.env["stock.move"].with_user(self.keeper).create(
                {
                    "product_id": self.goods.id,
                    "product_uom_qty": 3.0,
                    "location_id": self.north.lot_stock_id.id,
                    "location_dest_id": self.south.lot_stock_id.id,
                    "region_transfer_line_id": lines.id,
                }
            )

    def test_differences_are_never_written_or_deleted(self):
        transfer, out, _receipt = self._release(10.0)
        self._process(out)
        for reason in ("", "  "):
            with self.assertRaises(UserError):
                self._settle(transfer, "loss", 1.0, reason=reason)
        with self.assertRaises(AccessError):
            self._settle(transfer, "loss", 1.0, user=self.salesman)
        self._settle(transfer, "loss", 1.0)
        settlement = transfer.settlement_ids
        for user in (self.coordinator, self.env.ref("base.user_root")):
            own = settlement.with_user(user)
            with self.assertRaises(AccessError):
                own.write({"quantity": 5.0})
            with self.assertRaises(UserError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.create({"line_id": transfer.line_ids.id, "kind": "loss"})

    def test_approved_lines_stay_and_under_way_is_not_cancelled(self):
        transfer, out, receipt = self._release(10.0)
        for vals in (
            {"line_ids": [Command.clear()]},
            {"to_warehouse_id": self.east.id},
            {"line_ids": [Command.update(transfer.line_ids.id, {"quantity": 99.0})]},
        ):
            with self.assertRaises(UserError):
                transfer.write(vals)
        with self.assertRaises(UserError):
            transfer.line_ids.quantity = 20.0
        with self.assertRaises(UserError):
            transfer.line_ids.unlink()
        with self.assertRaises(UserError):
            transfer.unlink()
        self._process(out, 4.0)
        with self.assertRaisesRegex(UserError, "under way"):
            transfer.action_cancel()
        other, out, receipt = self._release(10.0)
        other.action_cancel()
        self.assertEqual(other.stage, "cancelled")
        self.assertEqual((out.state, receipt.state), ("cancel", "cancel"))
        with self.assertRaisesRegex(UserError, "Duplicate"):
            other.action_draft()

    def test_between_companies_goods_are_sold(self):
        company = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        foreign = (
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=1)
        )
        with self.assertRaisesRegex(ValidationError, "goods are sold"):
            self._transfer().sudo().to_warehouse_id = foreign
        with self.assertRaisesRegex(ValidationError, "two different"):
            self._transfer().to_warehouse_id = self.north

    def test_a_demand_that_does_not_fit_is_refused(self):
        order = self._sell(5.0, warehouse=self.east)
        with self.assertRaisesRegex(ValidationError, "South"):
            self._transfer(5.0, sale_line_id=order.order_line.id)

    def test_salespeople_propose_for_their_region_only(self):
        mine = self._transfer(user=self.salesman)
        self.assertEqual(mine.to_region_id, self.region_south)
        with self.assertRaises(AccessError):
            mine.to_warehouse_id = self.east
        with self.assertRaises(AccessError):
            mine.action_release()
        with self.assertRaises(AccessError):
            self._transfer(user=self.other_salesman)
        with self.assertRaises(AccessError):
            self._transfer(user=self.keeper)
        self.assertTrue(mine.with_user(self.keeper).name)
        plain = self._create_user("plain")
        with self.assertRaises(AccessError):
            mine.with_user(plain).read(["name"])
        mine.with_user(self.coordinator).action_release()
        with self.assertRaises(AccessError):
            mine.with_user(self.salesman).action_cancel()
        with self.assertRaises(AccessError):
            mine.with_user(self.salesman).action_close()

    def test_what_is_gone_cannot_be_released(self):
        first, second = self._transfer(60.0), self._transfer(60.0)
        first.action_release()
        with self.assertRaisesRegex(UserError, "60 wanted, 40 Units free"):
            second.action_release()
        self.assertEqual(second.state, "draft")

    # Approval ----------------------------------------------------------------------

    def test_approval_releases_and_tells_the_second(self):
        self.company.region_transfer_approval = True
        self.departments["operations"].member_ids = self.operator
        self.company.document_approval_mode = "enforce"
        first = self._transfer(60.0, user=self.salesman)
        second = self._transfer(60.0)
        with self.assertRaisesRegex(UserError, "has not been approved"):
            second.action_release()
        first.action_submit_for_approval()
        second.action_submit_for_approval()
        self.assertEqual(first.stage, "submitted")
        seats = [t.sudo().approval_round_id.seat_ids for t in (first, second)]
        with self.assertRaises(UserError):
            seats[0].with_user(self.salesman).action_approve()
        seats[0].with_user(self.operator).action_approve()
        self.assertEqual(first.state, "approved")
        self.assertEqual(len(first.sudo().picking_ids), 2)
        with self.assertRaises(UserError) as caught:
            seats[1].with_user(self.operator).action_approve()
        self.assertIn("60 wanted, 40 Units free", str(caught.exception))
        self.assertEqual((second.state, second.approval_state), ("draft", "pending"))
        self.assertTrue(second.with_user(self.operator).name)
        uninstall_hook(self.env(su=True))
        attachments = self.env["ir.attachment"].sudo()
        found = attachments.search([("name", "like", "approval-history-%")])
        kept = found.filtered(lambda file: file.res_model == "stock.picking")
        self.assertEqual(kept.res_id, min(first.sudo().picking_ids.ids))
        [history] = json.loads(kept.raw)
        self.assertEqual(history["log"][-1]["user"], self.operator.name)

    def test_reviewers_learn_what_the_donor_would_lack(self):
        self._process(self._sell(60.0, warehouse=self.north).sudo().picking_ids)
        transfer = self._transfer(20.0)  # 40 left, 28 are sold in 14 days
        finding = transfer._approval_findings()[transfer.id]
        self.assertEqual([f["code"] for f in finding], ["transfer_keep"])
        self.assertIn("20 of 40 free", transfer._approval_finding_message(finding[0]))
        transfer.line_ids.quantity = 41.0
        finding = transfer._approval_findings()[transfer.id]
        self.assertEqual(
            [(f["code"], f["severity"]) for f in finding], [("transfer_free", "block")]
        )

    def test_the_flow_is_made_on_demand_only(self):
        flows = self.env["document.approval.flow"].sudo()
        own = [
            ("company_id", "=", self.company.id),
            ("model", "=", "stock.region.transfer"),
        ]
        self.assertFalse(flows.with_context(active_test=False).search(own))
        self.company.region_transfer_approval = True
        self.assertEqual(len(flows.search(own).level_ids.seat_ids), 1)
        self.company.region_transfer_approval = True
        self.assertEqual(flows.search_count(own), 1)
