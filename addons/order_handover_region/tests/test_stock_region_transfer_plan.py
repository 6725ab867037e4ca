from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_handover.tests.common_acceptance import SIGNATURE

from .stock_region_transfer_common import RegionTransferCommon


@tagged("post_install", "-at_install")
class TestRegionTransferPlan(RegionTransferCommon):
    """From surplus to shortage, with the donors protected (SPEC G3)."""

    def _propose(self, user=None, **values):
        wizard = (
            self.env["stock.region.transfer.propose"]
            .with_user(user or self.coordinator)
            .create({"product_ids": [Command.set(self.goods.ids)], **values})
        )
        return wizard._propose()

    def _pass_time(self, days):
        """Let everything that moved have moved ``days`` earlier."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET date = date - %s * interval '1 day'"
            " WHERE state = 'done' AND product_id = %s",
            (days, self.goods.id),
        )
        self.env.invalidate_all()

    def test_a_shortage_is_covered_from_what_is_spare(self):
        order = self._sell(30.0)
        [proposal] = self._plan()
        self.assertEqual(self._short([proposal]), [("North", "South", 30.0)])
        self.assertEqual(proposal["sale_line_id"], order.order_line.id)
        self.assertIn("South lacks 30", proposal["explanation"])
        self.assertIn("North can spare 100", proposal["explanation"])

    def test_a_donor_keeps_its_orders_its_sales_and_its_minimum(self):
        self._process(self._sell(30.0, warehouse=self.north).sudo().picking_ids)
        self._sell(20.0, warehouse=self.north)
        self._sell(99.0)
        # 70 left, 20 for its own order, 30 sold in 30 days: 14 kept
        self.assertEqual(self._short(self._plan()), [("North", "South", 36.0)])
        self.company.region_transfer_keep_days = 20
        self.assertEqual(self._short(self._plan()), [("North", "South", 30.0)])
        self.env["stock.warehouse.orderpoint"].sudo().create(
            {
                "product_id": self.goods.id,
                "warehouse_id": self.north.id,
                "location_id": self.north.lot_stock_id.id,
                "product_min_qty": 25.0,
                "product_max_qty": 50.0,
            }
        )
        self.assertEqual(self._short(self._plan()), [("North", "South", 25.0)])

    def test_sell_through_is_net_of_returns_and_counts_no_transfers(self):
        delivery = self._sell(30.0, warehouse=self.north).sudo().picking_ids
        self._process(delivery)
        wizard = (
            self.env["stock.return.picking"]
            .sudo()
            .with_context(active_id=delivery.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 15.0
        self._process(
            self.env["stock.picking"]
            .sudo()
            .browse(wizard.action_create_returns()["res_id"])
        )
        transfer, out, receipt = self._release(10.0)
        self._process(out)
        self._process(receipt)
        facts = self.env["stock.region.facts"].sudo()
        north = (self.goods.id, self.north.id)
        fact = facts._get(self.company, self.goods)[north]
        self.assertEqual((fact.on_hand, fact.sold), (75.0, 15.0))
        self._pass_time(31)
        fact = facts._get(self.company, self.goods)[north]
        self.assertEqual((fact.on_hand, fact.sold), (75.0, 0.0))

    def test_what_the_customer_rejects_is_not_sold(self):
        """10 shipped and rejected, 10 shipped again: 10 are sold, not 20."""
        types = self.env["sale.order.type"].sudo()
        kind = types.create(
            {
                "name": "With acceptance",
                "sequence": 999,
                "company_id": self.company.id,
                "handover_requires_acceptance": True,
            }
        )
        facts = self.env["stock.region.facts"].sudo()

        def get_sold():
            return facts._get(self.company, self.goods)[
                self.goods.id, self.north.id
            ].sold

        sold = []
        for rejected in (10.0, 0.0):
            order = self._sell(
                10.0, warehouse=self.north, policy_type_id=kind.id
            ).sudo()
            self._process(order.picking_ids)
            sold.append(get_sold())
            slip = order.handover_acceptance_ids
            answers = {slip.line_ids.id: {"rejected": rejected, "remark": "Torn"}}
            slip._sign_in_portal("Wang", SIGNATURE, answers if rejected else {})
            if rejected:
                self._process(slip.return_ids)
            sold.append(get_sold())
        self.assertEqual(sold, [10.0, 0.0, 10.0, 10.0])

    def test_consigned_goods_are_not_sold_stock(self):
        owner = self.env["res.partner"].sudo().create({"name": "Owner"})
        cap = self._create_goods("Cap")
        self._put_in_stock(cap, 3.0)
        self._put_in_stock(cap, 5.0, owner_id=owner)
        order = self._sell(2.0, warehouse=self.north, product=cap).sudo()
        order.picking_ids.owner_id = owner
        order.picking_ids.action_assign()
        order.picking_ids.move_ids.move_line_ids.owner_id = owner
        self._process(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 2.0)
        fact = (
            self.env["stock.region.facts"]
            .sudo()
            ._get(self.company, cap)[cap.id, self.north.id]
        )
        self.assertEqual((fact.on_hand, fact.sold), (3.0, 0.0))
        report = self.env["stock.region.report"].search(
            [("product_id", "=", cap.id), ("warehouse_id", "=", self.north.id)]
        )
        self.assertEqual((report.on_hand, report.sold), (3.0, 0.0))

    def test_sell_through_of_dozens_is_counted_in_pieces(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._sell(2.0, warehouse=self.north, line={"product_uom_id": dozen.id})
        facts = self.env["stock.region.facts"].sudo()
        north = (self.goods.id, self.north.id)
        self.assertEqual(facts._get(self.company, self.goods)[north].demand, 24.0)
        self._process(order.sudo().picking_ids)
        fact = facts._get(self.company, self.goods)[north]
        self.assertEqual((fact.on_hand, fact.demand, fact.sold), (76.0, 0.0, 24.0))

    def test_what_is_under_way_or_proposed_is_not_proposed_again(self):
        self._sell(30.0)
        [transfer] = self._propose()
        self.assertEqual(transfer.line_ids.product_qty, 30.0)
        self.assertFalse(self._plan())  # a draft counts
        transfer.action_release()
        self.assertFalse(self._plan())  # to be shipped
        out, receipt = self._pickings(transfer)
        self._process(out)
        self.assertFalse(self._plan())  # in transit
        self._process(receipt, 20.0)
        self.assertFalse(self._plan())  # 10 still in transit
        self.env["stock.region.transfer.settlement"].with_user(self.keeper)._settle(
            transfer.line_ids, "loss", 10.0, "Burnt."
        )
        self.assertEqual(self._short(self._plan()), [("North", "South", 10.0)])

    def test_a_draft_binds_the_donor_too(self):
        self._transfer(80.0)
        self._sell(50.0, warehouse=self.east)
        self.assertEqual(self._short(self._plan()), [("North", "East", 20.0)])

    def test_incoming_goods_and_stock_cover_the_most_urgent(self):
        early = self._sell(5.0)
        late = self._sell(5.0)
        late.sudo().picking_ids.move_ids.date_deadline = (
            fields.Datetime.now() + timedelta(days=30)
        )
        self._put_in_stock(self.goods, 3.0, self.south.lot_stock_id)
        self.env["stock.move"].sudo().create(
            {
                "product_id": self.goods.id,
                "product_uom_qty": 3.0,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.south.lot_stock_id.id,
            }
        )._action_confirm()
        [proposal] = self._plan()
        self.assertEqual(proposal["quantity"], 4.0)
        self.assertEqual(proposal["sale_line_id"], late.order_line.id)
        self.assertTrue(early)

    def test_the_slower_donor_gives_first_and_ties_are_settled_in_words(self):
        west = self._create_warehouse("West", "RTW")
        self._put_in_stock(self.goods, 100.0, west.lot_stock_id)
        self._sell(30.0)
        [proposal] = self._plan()
        self.assertEqual(self._short([proposal]), [("North", "South", 30.0)])
        self.assertIn("stands first in the list", proposal["explanation"])
        self._put_in_stock(self.goods, 1.0, west.lot_stock_id)
        [proposal] = self._plan()
        self.assertEqual(self._short([proposal]), [("West", "South", 30.0)])
        self.assertIn("it can spare more", proposal["explanation"])
        self._process(self._sell(1.0, warehouse=west).sudo().picking_ids)
        [proposal] = self._plan()
        self.assertEqual(self._short([proposal]), [("North", "South", 30.0)])
        self.assertIn("it sells more slowly", proposal["explanation"])

    def test_of_two_who_lack_it_the_earlier_is_served(self):
        self._sell(70.0)
        early = self._sell(60.0, warehouse=self.east)
        early.sudo().picking_ids.move_ids.date_deadline = (
            fields.Datetime.now() - timedelta(days=3)
        )
        proposals = self._plan()
        self.assertEqual(
            self._short(proposals), [("North", "East", 60.0), ("North", "South", 40.0)]
        )
        self.assertIn("due earlier", proposals[0]["explanation"])

    def test_the_last_piece_of_a_size_stays(self):
        size = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [Command.create({"name": n}) for n in ("S", "M")],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Coat",
                "is_storable": True,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": size.id,
                            "value_ids": [Command.set(size.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        self.goods = template.product_variant_ids[0]
        self._put_in_stock(self.goods, 5.0)
        self._sell(9.0)
        self.assertEqual(self._short(self._plan()), [("North", "South", 5.0)])
        self.company.region_transfer_size_attribute_id = size
        self.assertEqual(self._short(self._plan()), [("North", "South", 4.0)])
        self.company.region_transfer_size_pieces = 2.0
        self.assertEqual(self._short(self._plan()), [("North", "South", 3.0)])

    def test_people_plan_for_their_region(self):
        self._sell(10.0)
        self._sell(10.0, warehouse=self.east)
        transfers = self._propose(self.salesman)
        self.assertEqual(transfers.to_warehouse_id, self.south)
        with self.assertRaises(AccessError):
            self._propose(self.salesman, to_warehouse_ids=[Command.set(self.east.ids)])
        with self.assertRaises(AccessError):
            self._propose(self.other_salesman)
        with self.assertRaises(AccessError):
            self._propose(self.keeper)
        rest = self._propose()
        self.assertEqual(rest.to_warehouse_id, self.east)
        wizard = self.env["stock.region.transfer.propose"].with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "Nothing to propose"):
            wizard.create({"product_ids": self.goods.ids}).action_propose()

    def test_many_products_cost_as_many_queries_as_one(self):
        goods = self.env["product.product"].create(
            [{"name": f"Thing {n}", "is_storable": True} for n in range(30)]
        )
        for product in goods:
            self._put_in_stock(product, 50.0)
        self._confirm_order(
            *({"product_id": p.id, "product_uom_qty": 5.0} for p in goods),
            warehouse_id=self.south.id,
        )
        plan = self.env["stock.region.transfer.plan"].sudo()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self.assertEqual(len(plan._plan(self.company, goods)), 30)
