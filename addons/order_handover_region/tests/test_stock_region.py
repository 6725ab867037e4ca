from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime
from odoo.tests import tagged

from .stock_allocation_common import AllocationCommon


@tagged("post_install", "-at_install")
class TestStockOfRegions(AllocationCommon):
    """What every region has and sells, for everybody (G1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south = (
            cls.env["stock.warehouse"]
            .sudo()
            .create({"name": "South", "code": "SOUTH", "company_id": cls.company.id})
        )
        cls.regions = (
            cls.env["sales.region"]
            .sudo()
            .create(
                [
                    {"name": "North", "warehouse_ids": cls.warehouse.ids},
                    {"name": "South", "warehouse_ids": cls.south.ids},
                ]
            )
        )
        cls._put_in_stock(cls.cap, 40.0, location=cls.south.lot_stock_id)

    def _get_row(self, warehouse=None, user=None, product=None):
        self.env.flush_all()
        self.env["stock.region.report"].invalidate_model()
        return (
            self.env["stock.region.report"]
            .with_user(user or self.operator)
            .search(
                [
                    ("product_id", "=", (product or self.cap).id),
                    ("warehouse_id", "=", (warehouse or self.warehouse).id),
                ]
            )
        )

    def _sell(self, quantity, warehouse=None, days_ago=1):
        move = self._order("A", quantity, warehouse_id=(warehouse or self.warehouse).id)
        self._ship(move.picking_id)
        day = Datetime.now() - timedelta(days=days_ago)
        move.move_line_ids.date = day
        return move

    def test_everybody_sees_every_region(self):
        """An employee without any rights on stock; nothing else is opened."""
        rows = self._get_row() | self._get_row(self.south)
        self.assertEqual(rows.mapped("on_hand"), [10, 40])
        self.assertEqual(rows.region_id, self.regions)
        found = rows.web_read({"product_id": {"fields": {"display_name": {}}}})
        self.assertEqual(found[0]["product_id"]["display_name"], "Cap")
        for model in ("stock.inbound.waiting", "stock.allocation.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.operator).search([])
        with self.assertRaises(AccessError):
            rows.write({"on_hand": 1})
        names = set(self.env["stock.region.report"]._fields)
        self.assertFalse({"partner_id", "order_id", "list_price", "value"} & names)

    def test_sold_net_of_returns_and_ratios(self):
        """8 sold, 2 came back, 5 a hundred days ago; 4 left: 6 / (6 + 4) = 60 %."""
        self._put_in_stock(self.cap, 5)
        self._sell(5, days_ago=100)
        move = self._sell(8)
        back = (
            self.env["stock.return.picking"]
            .sudo()
            .create({"picking_id": move.picking_id.id})
        )
        back.product_return_moves.quantity = 2
        self._ship(back._create_return())
        self.assertRecordValues(
            self._get_row(),
            [
                {
                    "on_hand": 4,
                    "sold": 6,
                    "sell_through": 60,
                    "days_of_stock": 60,  # 4 / (6 / 90)
                }
            ],
        )
        self.company.stock_region_days = 200
        self.assertEqual(self._get_row().sold, 11)

    def test_reserved_free_demand(self):
        """Of an order for 15 ten are reserved; a shipped part counts no more."""
        move = self._order("A", 15)
        self._reserve(move)
        self.assertRecordValues(
            self._get_row(), [{"reserved": 10, "free": 0, "demand": 15, "sold": 0}]
        )
        self._ship(move.picking_id, [4])
        self.assertRecordValues(
            self._get_row(), [{"on_hand": 6, "demand": 11, "sold": 4}]
        )

    def test_demand_in_several_steps_is_counted_once(self):
        self.warehouse.sudo().delivery_steps = "pick_pack_ship"
        move = self._order("A", 6)
        self.assertEqual(self._get_row().demand, 6)
        self._ship(move.picking_id)
        self.assertRecordValues(
            self._get_row(), [{"demand": 6, "on_hand": 10, "sold": 0}]
        )

    def test_scrap_inventory_and_transfers_are_no_sales(self):
        scrap = (
            self.env["stock.scrap"]
            .sudo()
            .create({"product_id": self.cap.id, "scrap_qty": 3})
        )
        scrap.action_validate()
        quant = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("product_id", "=", self.cap.id),
                    ("location_id", "=", self.south.lot_stock_id.id),
                ]
            )
        )
        quant.inventory_quantity = 30
        quant.action_apply_inventory()
        self.assertRecordValues(
            self._get_row() | self._get_row(self.south),
            [{"on_hand": 7, "sold": 0}, {"on_hand": 30, "sold": 0}],
        )

    def _transfer(self, quantity):
        """Send goods from the south through transit; return both moves."""
        transit = self.company.internal_transit_location_id.sudo()
        transit.active = True
        common = {
            "product_id": self.cap.id,
            "product_uom_qty": quantity,
            "company_id": self.company.id,
        }
        out, into = (
            self.env["stock.move"]
            .sudo()
            .create(
                [
                    {
                        **common,
                        "location_id": self.south.lot_stock_id.id,
                        "location_dest_id": transit.id,
                    },
                    {
                        **common,
                        "location_id": transit.id,
                        "location_dest_id": self.warehouse.lot_stock_id.id,
                    },
                ]
            )
        )
        into.move_orig_ids = out
        (out | into)._action_confirm()
        return out, into

    def test_in_transit_and_incoming(self):
        """9 on their way in principle; once 9 are shipped they are in transit."""
        out, into = self._transfer(9)
        self.assertRecordValues(self._get_row(), [{"incoming": 9, "in_transit": 0}])
        out._action_assign()
        out.picked = True
        out._action_done()
        self.assertRecordValues(
            self._get_row() | self._get_row(self.south),
            [
                {"incoming": 0, "in_transit": 9, "on_hand": 10, "sold": 0},
                {"incoming": 0, "in_transit": 0, "on_hand": 31, "sold": 0},
            ],
        )
        into.picked = True
        into._action_done()
        self.assertRecordValues(
            self._get_row(), [{"incoming": 0, "in_transit": 0, "on_hand": 19}]
        )

    def test_groups_have_ratios_of_their_sums(self):
        """6 of 16 here and 10 of 40 there: 16 / (16 + 40) = 28.6 %."""
        self._put_in_stock(self.cap, 6)
        self._sell(6)
        self._sell(10, self.south)
        self._get_row()
        ((ratio, days, sold),) = (
            self.env["stock.region.report"]
            .with_user(self.operator)
            ._read_group(
                [("product_id", "=", self.cap.id)],
                aggregates=["sell_through:avg", "days_of_stock:avg", "sold:sum"],
            )
        )
        self.assertEqual(sold, 16)
        self.assertAlmostEqual(float(ratio), 100 * 16 / 56, 4)
        self.assertAlmostEqual(float(days), 40 * 90 / 16, 4)

    def test_dozens_are_units(self):
        order = self._confirm_order(
            {
                "product_id": self.cap.id,
                "product_uom_qty": 2,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
            },
            warehouse_id=self.south.id,
        )
        self.assertEqual(self._get_row(self.south).demand, 24)
        self._ship(order.picking_ids)
        self.assertEqual(self._get_row(self.south).sold, 24)

    def test_own_companies_only(self):
        company = self.env["res.company"].sudo().create({"name": "Other"})
        stranger = self._create_user("stranger")
        stranger.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.assertFalse(self._get_row(user=stranger.with_company(company)))

    def test_from_order_line_and_product(self):
        order = self._create_order({"product_id": self.cap.id})
        for record in (order, order.order_line, self.cap, self.cap.product_tmpl_id):
            action = record.with_user(self.salesman).action_view_stock_of_regions()
            self.assertEqual(action["domain"], [("product_id", "in", self.cap.ids)])

    def test_one_statement(self):
        self._get_row()
        self.env.invalidate_all()
        report = self.env["stock.region.report"].with_user(self.operator)
        report.search_fetch([("product_id", "=", self.cap.id)], ["on_hand"])
        with self.assertQueryCount(1):
            report.search_fetch([("product_id", "=", self.cap.id)], ["on_hand"])
