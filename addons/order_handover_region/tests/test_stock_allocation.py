from datetime import timedelta

from odoo.fields import Command, Datetime
from odoo.tests import tagged

from .stock_allocation_common import SOON, AllocationCommon


@tagged("post_install", "-at_install")
class TestAllocationShares(AllocationCommon):
    """Who is proposed what."""

    def test_better_grade_before_earlier_due_date(self):
        """G2: urgency equal, C due first; A and then B are served from ten."""
        c = self._order("C", 6, due=SOON)
        b = self._order("B", 6)
        a = self._order("A", 6)
        nobody = self._order("nobody", 6, due=SOON)
        run = self._propose()
        self.assertEqual(self._get_shares(run, a, b, c, nobody), [6, 4, 0, 0])

    def test_star_before_grade(self):
        c = self._order("C", 6)
        a = self._order("A", 6)
        c.priority = "1"
        self.assertEqual(self._get_shares(self._propose(), c, a), [6, 4])

    def test_due_soon_before_grade(self):
        """Three days by default: the day counts, not the hour."""
        due = Datetime.now() + timedelta(days=3)
        c = self._order("C", 6, due=due)
        a = self._order("A", 6, due=due + timedelta(days=1))
        self.assertEqual(self._get_shares(self._propose(), c, a), [6, 4])
        self.company.allocation_soon_days = 2
        self.assertEqual(self._get_shares(self._propose(), c, a), [4, 6])

    def test_due_then_confirmation_then_number(self):
        first = self._order("B", 4)
        second = self._order("B", 4)
        early = self._order("B", 4, due=SOON)
        orders = first.sale_line_id.order_id | second.sale_line_id.order_id
        orders.sudo().date_order = "2030-01-02"
        self.assertEqual(
            self._get_shares(self._propose(), early, first, second), [4, 4, 2]
        )
        second.sale_line_id.order_id.sudo().date_order = "2030-01-01"
        self.assertEqual(
            self._get_shares(self._propose(), early, first, second), [4, 2, 4]
        )

    def test_what_later_ones_hold_is_taken_back(self):
        c = self._order("C", 8)
        self._reserve(c)
        a = self._order("A", 5)
        run = self._propose()
        self.assertEqual(self._get_shares(run, a, c), [5, 5])
        line = self._get_line(run, c)
        self.assertEqual((line.qty_held, line.qty_change), (8, -3))
        self.assertEqual(self._get_line(run, a).won_ids.quantity, 3)
        self.assert_held((c, 8), (a, 0))

    def test_keeping_what_is_held(self):
        c = self._order("C", 8)
        self._reserve(c)
        a = self._order("A", 5)
        run = self._propose(takes_back=False)
        self.assertEqual(self._get_shares(run, a, c), [2, 8])

    def test_words_for_both_sides(self):
        c = self._order("C", 8)
        self._reserve(c)
        a = self._order("A", 5)
        run = self._propose().with_context(lang="en_US")
        names = {move: move.sale_line_id.order_id.name for move in (a, c)}
        grades = [self._get_line(run, move).grade_id.name for move in (a, c)]
        loss = self._get_line(run, c).with_context(lang="en_US").explanation
        self.assertIn(f"Gets 5 of 8 Units: {names[c]}, grade {grades[1]}, due ", loss)
        self.assertIn(
            f"Loses 3 to {names[a]}: grade {grades[0]} before {grades[1]}.", loss
        )
        gain = self._get_line(run, a).with_context(lang="en_US").explanation
        self.assertIn(
            f"Takes 3 from {names[c]}: grade {grades[0]} before {grades[1]}.", gain
        )

    def test_picked_and_printed_are_never_taken(self):
        c = self._order("C", 4)
        printed = self._order("C", 4)
        self._reserve(c | printed)
        c.move_line_ids.picked = True
        printed.picking_id.printed = True
        a = self._order("A", 9)
        run = self._propose()
        self.assertEqual(self._get_shares(run, a, c, printed), [2, None, None])

    def test_whole_packages_are_not_busy_because_they_are_reserved(self):
        """C holds a package of 6 and 2 of one of 3; A needs 5, so C keeps 4 pieces."""
        hat, box = self._create_goods("Hat"), self._create_goods("Box")
        packages = self.env["stock.package"].sudo().create([{"name": "P"}])
        self._put_in_stock(hat, 6.0, package_id=packages)
        self._put_in_stock(box, 1.0, package_id=packages)
        hats, boxes = c = self._order("C", 6, product=hat, more=[(box, 1)])
        self._reserve(c)
        c.picking_id._check_entire_pack()
        self.assertEqual(c.move_line_ids.result_package_id, packages)
        a = self._order("A", 5, product=hat)
        run = self._propose(product_ids=[Command.set(hat.ids)])
        self.assertEqual(self._get_shares(run, a, hats), [5, 1])
        run.action_apply()
        self.assert_held((a, 5), (hats, 1), (boxes, 1))
        self.assertFalse(c.move_line_ids.result_package_id)
        self._ship(c.picking_id)
        self._ship(a.picking_id)
        self.assertEqual((hats.quantity, a.quantity), (1, 5))
        packed = self._order("C", 4)
        self._reserve(packed)
        packed.move_line_ids.result_package_id = packages.create({"name": "Q"})
        a = self._order("A", 9)
        self.assertEqual(self._get_shares(self._propose(), a, packed), [6, None])

    def test_moves_of_a_picking_somebody_works_on(self):
        """Of two lines one is packed: the other one's goods stay as well."""
        goods = self._create_goods("Box")
        self._put_in_stock(goods, 5)
        cap, _box = moves = self._order("C", 8, more=[(goods, 5)])
        self._reserve(moves)
        moves[1].move_line_ids.picked = True
        a = self._order("A", 9)
        self.assertEqual(self._get_shares(self._propose(), a, cap), [2, None])

    def test_dozens_and_units(self):
        """30 in stock: 2 dozen of 24 before, and 6 of a further dozen after."""
        self.env["ir.config_parameter"].sudo().set_param("stock.propagate_uom", "1")
        self._put_in_stock(self.cap, 20)
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._confirm_order(
            {
                "product_id": self.cap.id,
                "product_uom_qty": 2,
                "product_uom_id": dozen.id,
            },
            partner_id=self.customers["A"].id,
        )
        late = self._confirm_order(
            {
                "product_id": self.cap.id,
                "product_uom_qty": 1,
                "product_uom_id": dozen.id,
            },
            partner_id=self.customers["C"].id,
        )
        moves = [o.order_line.sudo().move_ids for o in (order, late)]
        run = self._propose()
        self.assertEqual(self._get_shares(run, *moves), [24, 6])
        run.action_apply()
        self.assert_held((moves[0], 24), (moves[1], 6))

    def test_whole_dozens_where_units_are_whole(self):
        """Ten pieces give nothing of a dozen; who wants pieces gets them."""
        self.env["ir.config_parameter"].sudo().set_param("stock.propagate_uom", "1")
        self.env.ref("uom.decimal_product_uom").sudo().digits = 0
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._confirm_order(
            {
                "product_id": self.cap.id,
                "product_uom_qty": 1,
                "product_uom_id": dozen.id,
            },
            partner_id=self.customers["A"].id,
        )
        c = self._order("C", 7)
        move = order.order_line.sudo().move_ids
        self.assertEqual(self._get_shares(self._propose(), move, c), [0, 7])

    def test_packs_that_are_never_broken(self):
        """34 in stock: A gets 2 of its 3 packs of twelve, the other ten go to C."""
        self._put_in_stock(self.cap, 24)
        self.cap.categ_id = (
            self.env["product.category"]
            .sudo()
            .create({"name": "Packs", "packaging_reserve_method": "full"})
        )
        order = self._confirm_order(
            {
                "product_id": self.cap.id,
                "product_uom_qty": 3,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
            },
            partner_id=self.customers["A"].id,
        )
        a = order.order_line.sudo().move_ids
        c = self._order("C", 20)
        self._reserve(c)
        run = self._propose()
        self.assertEqual(self._get_shares(run, a, c), [24, 10])
        run.action_apply()
        self.assert_held((a, 24), (c, 10))

    def test_shelf_within_the_warehouse(self):
        """Four lie on a shelf, from which one may take only and the other too."""
        shelf = (
            self.env["stock.location"]
            .sudo()
            .create({"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id})
        )
        goods = self._create_goods("Hat")
        self._put_in_stock(goods, 4, location=shelf)
        self._put_in_stock(goods, 3)
        c = self._order("C", 6, product=goods)
        c.location_id = shelf
        a = self._order("A", 5, product=goods)
        run = self._propose(product_ids=goods.ids)
        self.assertEqual(self._get_shares(run, a, c), [5, 2])
        run.action_apply()
        self.assert_held((a, 5), (c, 2))

    def test_lots_that_are_negative_do_not_lower_the_others(self):
        goods = self._create_goods("Wine", tracking="lot")
        lots = (
            self.env["stock.lot"]
            .sudo()
            .create([{"name": n, "product_id": goods.id} for n in ("1", "2")])
        )
        self._put_in_stock(goods, 6, lot_id=lots[0])
        self._put_in_stock(goods, -2, lot_id=lots[1])
        a = self._order("A", 9, product=goods)
        run = self._propose(product_ids=goods.ids)
        self.assertEqual(self._get_shares(run, a), [6])
        run.action_apply()
        self.assert_held((a, 6))

    def test_warehouse_in_several_steps(self):
        """The first step out of stock counts; later steps keep what they have."""
        self.warehouse.sudo().delivery_steps = "pick_pack_ship"
        self.warehouse.pick_type_id.reservation_method = "manual"
        c = self._order("C", 6)
        self._reserve(c)
        c.quantity = 6
        c.picked = True
        c.picking_id._action_done()
        a = self._order("A", 10)
        run = self._propose()
        self.assertEqual(self._get_shares(run, a), [4])
        self.assertEqual(len(run.line_ids), 1)

    def test_two_warehouses_share_nothing(self):
        other = (
            self.env["stock.warehouse"]
            .sudo()
            .create({"name": "South", "code": "SOUTH", "company_id": self.company.id})
        )
        other.out_type_id.reservation_method = "manual"
        self._put_in_stock(self.cap, 3, location=other.lot_stock_id)
        c = self._order("C", 12, warehouse_id=other.id)
        a = self._order("A", 12)
        run = self._propose()
        self.assertEqual(self._get_shares(run, a, c), [10, 3])
        run = self._propose(warehouse_ids=other.ids)
        self.assertEqual(self._get_shares(run, a, c), [None, 3])

    def test_horizon(self):
        far = self._order("A", 6, due="2031-03-05")
        near = self._order("C", 6, due=Datetime.now() + timedelta(days=5))
        run = self._propose(horizon_days=10)
        self.assertEqual(self._get_shares(run, far, near), [None, 6])

    def test_category(self):
        category = self.env["product.category"].sudo().create({"name": "Hats"})
        self.cap.categ_id = category
        a = self._order("A", 6)
        box = self._order("A", 6, product=self.goods)
        run = self._propose(product_ids=False, categ_ids=category.ids)
        self.assertEqual(self._get_shares(run, a, box), [6, None])


@tagged("post_install", "-at_install")
class TestAllocationShipComplete(AllocationCommon):
    """Orders whose goods leave together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belt = cls._create_goods("Belt")
        cls._put_in_stock(cls.belt, 10.0)
        cls.both = [Command.set((cls.cap | cls.belt).ids)]

    def test_all_or_nothing(self):
        """A needs 6 caps and 11 belts: it holds back neither; B gets what it needs."""
        a = self._order("A", 6, more=[(self.belt, 11)], picking_policy="one")
        self._reserve(a)
        b = self._order("B", 8, more=[(self.belt, 4)])
        run = self._propose(product_ids=self.both)
        self.assertEqual(self._get_shares(run, *a, *b), [0, 0, 8, 4])
        line = self._get_line(run, a[0])
        self.assertEqual(
            (line.outcome, line.lacks_product_id), ("incomplete", self.belt)
        )
        text = line.with_context(lang="en_US").explanation
        self.assertIn("The order ships complete and Belt is short.", text)
        run.action_apply()
        self.assert_held((a[0], 0), (a[1], 0), (b[0], 8), (b[1], 4))

    def test_a_picking_that_ships_complete(self):
        """The order does not, its picking does: by hand, or without any order."""
        a = self._order("A", 6, more=[(self.belt, 11)])
        a.picking_id.move_type = "one"
        b = self._order("B", 8, more=[(self.belt, 4)])
        run = self._propose(product_ids=self.both)
        self.assertEqual(self._get_shares(run, *a, *b), [0, 0, 8, 4])
        a.sale_line_id = False
        self.env.flush_all()
        a.picking_id.move_type = "one"
        run = self._propose(product_ids=self.both)
        self.assertEqual(self._get_shares(run, *b, *a), [8, 4, 0, 0])
        self.assertEqual(
            run.line_ids.filtered("is_whole").mapped("outcome"), ["incomplete"] * 2
        )
        a[1].product_uom_qty = 6
        b.picking_id.action_cancel()
        run = self._propose(product_ids=self.both)
        self.assertEqual(self._get_shares(run, *a), [6, 6])
        run.action_apply()
        self.assert_held((a[0], 6), (a[1], 6))

    def test_two_that_block_each_other(self):
        """Each is first for one product: the better gets both, the other nothing."""
        first = self._order("B", 6, more=[(self.belt, 6)], picking_policy="one")
        second = self._order("B", 6, more=[(self.belt, 6)], picking_policy="one")
        first[0].date_deadline = SOON
        second[1].date_deadline = SOON
        self._reserve(first[0] | second[1])
        run = self._propose(product_ids=self.both)
        self.assertEqual(self._get_shares(run, *first, *second), [6, 6, 0, 0])
        run.action_apply()
        self.assert_held((first[0], 6), (first[1], 6), (second[0], 0), (second[1], 0))

    def test_lines_outside_of_the_scope_count(self):
        """Ten belts are free: eleven are too many even where only caps are shared."""
        a = self._order("A", 6, more=[(self.belt, 11)], picking_policy="one")
        b = self._order("B", 6, more=[(self.belt, 10)], picking_policy="one")
        run = self._propose()
        self.assertEqual(self._get_shares(run, *a, *b), [0, 0, 6, 10])

    def test_waiting_for_goods_made_to_order(self):
        route = self.warehouse.mto_pull_id.route_id.sudo()
        route.active = True
        supplier = self.env["res.partner"].sudo().create({"name": "Supplier"})
        made = self._create_goods(
            "Made",
            route_ids=[Command.set(route.ids)],
            seller_ids=[Command.create({"partner_id": supplier.id})],
        )
        a = self._order("A", 6)
        order = a.sale_line_id.order_id.sudo()
        moves = self.env["stock.move"].sudo()
        moves.create(
            {
                "product_id": made.id,
                "product_uom_qty": 1,
                "location_id": a.location_id.id,
                "location_dest_id": a.location_dest_id.id,
                "procure_method": "make_to_order",
                "sale_line_id": a.sale_line_id.id,
                "company_id": self.company.id,
                "state": "waiting",
            }
        )
        order.picking_policy = "one"
        run = self._propose()
        self.assertEqual(self._get_shares(run, a), [0])
        self.assertEqual(self._get_line(run, a).outcome, "stuck")
