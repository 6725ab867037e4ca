from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .stock_region_transfer_common import RegionTransferCommon


@tagged("post_install", "-at_install")
class TestRegionTransferMoved(RegionTransferCommon):
    """Only the goods' own way counts, and only what was approved goes (SPEC G4)."""

    def _settle(self, transfer, kind, quantity, lot=None):
        settlements = self.env["stock.region.transfer.settlement"]
        return settlements.with_user(self.keeper)._settle(
            transfer.line_ids[0], kind, quantity, "Counted twice.", lot
        )

    def _get_quantities(self, transfer):
        line = transfer.line_ids[0].sudo()
        names = ("shipped", "received", "short", "lost", "returned", "in_transit")
        return [line[f"quantity_{name}"] for name in names]

    def _edit(self, moves, **values):
        moves.with_user(self.keeper).move_line_ids.write(values)

    def _add_move(self, picking, product, quantity=1.0, **values):
        return (
            self.env["stock.move"]
            .with_user(self.keeper)
            .create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "picking_id": picking.id,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                    **values,
                }
            )
        )

    # Explained by people, with their quantity ---------------------------------------

    def test_a_shortage_edited_afterwards_explains_nothing(self):
        transfer, out, receipt = self._release(10.0)
        self._process(out)
        self._process(receipt, 1.0)
        self._settle(transfer, "shortage", 1.0)
        self.assertEqual(self._get_quantities(transfer), [10, 1, 1, 0, 0, 8])
        short = transfer.sudo().line_ids.move_ids.filtered("region_settlement_id")
        self._edit(short, quantity=9.0)
        self.assertEqual(self._get_quantities(transfer), [10, 1, 9, 0, 0, 0])
        self.assertEqual((transfer.stage, transfer.has_difference), ("transit", True))
        with self.assertRaisesRegex(UserError, "Shirt: 9 Units moved, 1 explained"):
            transfer.with_user(self.keeper).action_close()
        self._edit(short, quantity=1.0)
        self._settle(transfer, "shortage", 8.0)
        transfer.with_user(self.keeper).action_close()
        self.assertEqual(transfer.stage, "closed")
        self._edit(receipt.move_ids, quantity=0.0)
        self._edit(short, quantity=2.0)  # the sums agree but for what was said
        self.assertEqual(self._get_quantities(transfer), [10, 0, 10, 0, 0, 0])
        self.assertEqual((transfer.state, transfer.stage), ("approved", "transit"))

    def test_a_loss_hung_on_an_old_explanation_opens_it_again(self):
        transfer, out, receipt = self._release(10.0)
        self._process(out)
        self._process(receipt, 7.0)
        self._settle(transfer, "loss", 1.0)
        transit = self.company.internal_transit_location_id
        settlement = transfer.sudo().settlement_ids
        scrapped = settlement.env["stock.move"].search(
            [("region_settlement_id", "=", settlement.id)]
        )
        forged = self._add_move(
            self.env["stock.picking"],
            self.goods,
            2.0,
            location_id=transit.id,
            location_dest_id=scrapped.location_dest_id.id,
            region_transfer_line_id=transfer.line_ids.id,
            region_settlement_id=settlement.id,
        )
        transfer.sudo().picking_ids.filtered(
            lambda picking: picking.state != "done"
        ).action_cancel()
        forged._action_confirm()
        forged.quantity = 2.0
        forged.picked = True
        forged._action_done()
        self.assertEqual(self._get_quantities(transfer), [10, 7, 0, 3, 0, 0])
        with self.assertRaisesRegex(UserError, "3 Units moved, 1 explained"):
            transfer.with_user(self.keeper).action_close()

    def test_only_lots_that_were_shipped_are_lost(self):
        tracked = self._create_goods("Serum", tracking="lot")
        lots = [
            self.env["stock.lot"].create({"name": name, "product_id": tracked.id})
            for name in ("A", "B", "C")
        ]
        for lot in lots[:2]:
            self._put_in_stock(tracked, 5.0, lot_id=lot)
        transfer, out, _receipt = self._release(8.0, product_id=tracked.id)
        self._process(out)  # 5 of A, 3 of B
        for lot, left in ((lots[1], 3), (lots[2], 0)):
            with self.assertRaisesRegex(
                UserError, f"lot {lot.name} only {left} Units are in transit"
            ):
                self._settle(transfer, "loss", 4.0, lot)
        self._settle(transfer, "loss", 3.0, lots[1])
        with self.assertRaisesRegex(UserError, "lot B only 0 Units"):
            self._settle(transfer, "shortage", 1.0, lots[1])
        self.assertEqual(self._get_quantities(transfer), [8, 0, 0, 3, 0, 5])

    # Only what was approved ----------------------------------------------------------

    def test_more_than_approved_is_not_shipped(self):
        transfer, out, receipt = self._release(10.0)
        with self.assertRaises(UserError) as caught:
            self._process(out, 12.0)
        self.assertIn("10 Units of Shirt are approved, not 12.", str(caught.exception))
        self._process(out)
        with self.assertRaises(UserError) as caught:
            self._edit(out.move_ids, quantity=11.0)
        self.assertIn("approved, not 11.", str(caught.exception))
        self.assertEqual(self._get_quantities(transfer)[0], 10.0)
        self._process(receipt, 6.0)
        self._settle(transfer, "shortage", 4.0)
        transfer.with_user(self.keeper).action_close()
        self.assertEqual(self._get_quantities(transfer), [10, 6, 4, 0, 0, 0])

    def test_what_came_back_may_be_sent_again(self):
        transfer, out, receipt = self._release(10.0)
        self._process(out)
        self._process(receipt, 7.0)
        self._settle(transfer, "return", 3.0)
        back = transfer.sudo().picking_ids.filtered(
            lambda p: (
                p.location_dest_id == self.north.lot_stock_id and p.state == "assigned"
            )
        )
        self._process(back)
        wizard = Form(
            self.env["stock.return.picking"]
            .with_user(self.keeper)
            .with_context(active_id=back.id, active_model="stock.picking")
        ).save()
        wizard.product_return_moves.quantity = 3.0
        again = wizard.action_create_returns()["res_id"]
        self._process(self.env["stock.picking"].browse(again))
        self.assertEqual(self._get_quantities(transfer), [13, 7, 0, 0, 3, 3])

    def test_other_goods_are_not_shipped_with_it(self):
        _transfer, out, receipt = self._release(10.0)
        cap = self._create_goods("Cap")
        self._put_in_stock(cap, 5.0)
        stray = self._add_move(out, cap, 2.0)
        stray.sudo()._action_confirm()
        with self.assertRaisesRegex(UserError, "Cap was added"):
            self._process(out)
        stray.sudo()._action_cancel()
        self._process(out)
        self._process(receipt)
        with self.assertRaisesRegex(UserError, "Cap was added"):
            self.env["stock.move.line"].with_user(self.keeper).create(
                {
                    "picking_id": out.id,
                    "product_id": cap.id,
                    "quantity": 1.0,
                    "location_id": out.location_id.id,
                    "location_dest_id": out.location_dest_id.id,
                }
            )

    def test_what_is_not_approved_has_no_moves(self):
        transfer = self._transfer(10.0)
        transit = self.company.internal_transit_location_id
        values = {
            "location_id": self.north.lot_stock_id.id,
            "location_dest_id": transit.id,
            "region_transfer_line_id": transfer.line_ids.id,
        }
        nowhere = self.env["stock.picking"]
        with self.assertRaisesRegex(ValidationError, "none of transfer"):
            self._add_move(nowhere, self.goods, 3.0, **values)
        transfer.action_cancel()
        with self.assertRaisesRegex(ValidationError, "none of transfer"):
            self._add_move(nowhere, self.goods, 3.0, **values)

    # Where it went -------------------------------------------------------------------

    def test_received_is_what_the_receiving_warehouse_has(self):
        transfer, out, receipt = self._release(10.0)
        self._process(out)
        receipt.move_ids.move_line_ids.location_dest_id = self.east.lot_stock_id
        self._process(receipt)
        self.assertEqual(self._get_quantities(transfer), [10, 0, 0, 0, 0, 10])
        with self.assertRaisesRegex(UserError, "Shirt: 10 Units"):
            transfer.with_user(self.keeper).action_close()
        self._edit(receipt.move_ids, location_dest_id=self.south.lot_stock_id.id)
        self.assertEqual(self._get_quantities(transfer), [10, 10, 0, 0, 0, 0])
        transfer.with_user(self.keeper).action_close()
        customers = self.env.ref("stock.stock_location_customers")
        self._edit(receipt.move_ids, location_dest_id=customers.id)
        self.assertEqual(self._get_quantities(transfer), [10, 0, 0, 0, 0, 10])
        self.assertEqual((transfer.state, transfer.stage), ("approved", "transit"))

    def test_shipped_is_what_the_donor_gave(self):
        transfer, out, _receipt = self._release(10.0)
        self._put_in_stock(self.goods, 10.0, self.east.lot_stock_id)
        self._process(out)
        self._edit(out.move_ids, location_id=self.east.lot_stock_id.id)
        self.assertEqual(self._get_quantities(transfer)[0], 0.0)

    def test_units_of_lines_are_not_rounded_by_those_of_moves(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        transfer, out, receipt = self._release(12.0)
        self._process(out)
        receipt.move_ids.product_uom_qty = 12.0
        self._process(receipt, 5.0)
        back = self._add_move(
            self.env["stock.picking"],
            self.goods,
            1.0,
            product_uom=dozen.id,
            location_id=self.south.lot_stock_id.id,
            location_dest_id=self.company.internal_transit_location_id.id,
            region_transfer_line_id=transfer.line_ids.id,
        )
        back.sudo().move_line_ids = [
            Command.create(
                {
                    "product_id": self.goods.id,
                    "product_uom_id": self.goods.uom_id.id,
                    "quantity": 5.0,
                    "location_id": back.location_id.id,
                    "location_dest_id": back.location_dest_id.id,
                }
            )
        ]
        back.picked = True
        back.sudo()._action_done()
        self.assertEqual(back.quantity, 0.42)
        self.assertEqual(self._get_quantities(transfer), [12, 0, 0, 0, 0, 12])

    def test_a_transfer_has_one_reference(self):
        cap = self._create_goods("Cap")
        self._put_in_stock(cap, 5.0)
        transfer = self._transfer(10.0)
        transfer.line_ids = [Command.create({"product_id": cap.id, "quantity": 5.0})]
        transfer.action_release()
        moves = transfer.sudo().line_ids.move_ids
        self.assertEqual((len(moves), len(moves.reference_ids)), (4, 1))
