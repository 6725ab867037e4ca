from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .stock_replenishment_common import ReplenishmentCommon


@tagged("post_install", "-at_install")
class TestReplenishment(ReplenishmentCommon):
    """What to order of which variant, and why (SPEC G5, A8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        suppliers = cls.env.ref("stock.stock_location_suppliers")
        route = (
            cls.env["stock.route"]
            .sudo()
            .create(
                {
                    "name": "From the works",
                    "product_selectable": True,
                    "company_id": cls.company.id,
                    "rule_ids": [
                        Command.create(
                            {
                                "name": "Works → stock",
                                "action": "pull",
                                "location_src_id": suppliers.id,
                                "location_dest_id": cls.warehouse.lot_stock_id.id,
                                "picking_type_id": cls.warehouse.in_type_id.id,
                                "procure_method": "make_to_stock",
                                "company_id": cls.company.id,
                            }
                        )
                    ],
                }
            )
        )
        cls.shirt.route_ids = route

    def _announce(self, quantity, kind="end_customer", **values):
        return (
            self.env["stock.replenishment.reorder"]
            .with_user(self.salesman)
            .create(
                {
                    "partner_id": self.partner.id,
                    "product_id": self.shirt.id,
                    "quantity": quantity,
                    "kind": kind,
                    "warehouse_id": self.warehouse.id,
                    **values,
                }
            )
        )

    def test_need_less_supply(self):
        self._demand(30.0)
        self._put_in_stock(self.shirt, 12.0)
        self.env["stock.warehouse.orderpoint"].sudo().create(
            {
                "product_id": self.shirt.id,
                "warehouse_id": self.warehouse.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "product_min_qty": 5.0,
                "product_max_qty": 5.0,
                "trigger": "manual",
            }
        )
        sheet = self._sheet()
        self.assertEqual(
            self._get(sheet, "demand", "stock_up", "on_hand", "need", "suggested"),
            [30.0, 5.0, 12.0, 35.0, 23.0],
        )
        self.assertIn("customers' orders 30", sheet.line_ids.explanation)
        sheet.line_ids.stock_up = 0.0
        self.assertEqual(self._get(sheet, "suggested", "quantity"), [18.0, 18.0])
        self._put_in_stock(self.shirt, 100.0)
        sheet.action_compute()
        self.assertEqual(self._get(sheet, "need", "suggested"), [35.0, 0.0])

    def test_transfers_on_their_way_count_where_they_go(self):
        other = (
            self.env["stock.warehouse"]
            .sudo()
            .create({"name": "South", "code": "RTS", "company_id": self.company.id})
        )
        self._put_in_stock(self.shirt, 20.0)
        transfer = (
            self.env["stock.region.transfer"]
            .with_user(self.coordinator)
            .create(
                {
                    "from_warehouse_id": self.warehouse.id,
                    "to_warehouse_id": other.id,
                    "reason": "South sells more.",
                    "line_ids": [
                        Command.create({"product_id": self.shirt.id, "quantity": 8.0})
                    ],
                }
            )
        )
        transfer.action_release()
        one = {"warehouse_ids": [Command.set(other.ids)]}
        names = ("on_hand", "in_transit", "other_demand")
        self.assertEqual(self._get(self._sheet(**one), *names), [0.0, 8.0, 0.0])
        self.assertEqual(self._get(self._sheet(), *names), [20.0, 0.0, 0.0])
        self._ship(transfer.sudo().picking_ids.filtered(lambda p: p.state != "waiting"))
        self.assertEqual(self._get(self._sheet(**one), *names), [0.0, 8.0, 0.0])
        self.assertEqual(self._get(self._sheet(), *names), [12.0, 8.0, 0.0])

    def test_reorders_weigh_by_their_kind(self):
        self.company.replenishment_weight_own_judgement = 0.25
        self.company.replenishment_weight_end_customer = 1.5
        lines = [
            {
                "product_id": self.shirt.id,
                "product_uom_qty": quantity,
                "policy_reorder_kind": kind,
            }
            for kind, quantity in (
                ("size_fill", 10.0),
                ("own_judgement", 8.0),
                ("end_customer", 4.0),
                (False, 99.0),
            )
        ]
        order = self._create_order(*lines)
        self.assertEqual(
            self._get(self._sheet(), "demand", "reorder_weighted", "suggested"),
            [0.0, 18.0, 18.0],  # 10 + 8 × 0.25 + 4 × 1.5
        )
        order.action_confirm()
        self.assertEqual(
            self._get(self._sheet(), "demand", "reorder_weighted", "suggested"),
            [121.0, 0.0, 121.0],
        )

    def test_an_end_customers_reorder_counts_once(self):
        announced = self._announce(10.0)
        names = ("demand", "reorder_end_customer", "suggested")
        self.assertEqual(self._get(self._sheet(), *names), [0.0, 10.0, 10.0])
        kind = {"policy_reorder_kind": "end_customer"}
        order = self._demand(6.0, line=kind)  # nobody named the line
        self.assertEqual(self._get(self._sheet(), *names), [6.0, 4.0, 10.0])
        announced.sale_line_id = order.order_line
        self.assertEqual(self._get(self._sheet(), *names), [6.0, 0.0, 6.0])
        self._announce(3.0)  # the named line takes up no other one
        self.assertEqual(self._get(self._sheet(), *names), [6.0, 3.0, 9.0])
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self.assertRaises(ValidationError):
            self._announce(1.0, partner_id=stranger.id).sale_line_id = order.order_line

    def test_customers_who_never_had_it_get_some(self):
        region = self.env["sales.region"].sudo().create({"name": "Region"})
        customers = (
            self.env["res.partner"]
            .sudo()
            .create(
                [{"name": f"Shop {n}", "sale_region_id": region.id} for n in range(3)]
            )
        )
        self._demand(4.0, partner_id=customers[0].id)
        sheet = self._sheet(region_ids=[Command.set(region.ids)], spread_units=5.0)
        self.assertEqual(
            self._get(sheet, "spread_customers", "spread_qty", "suggested"),
            [2, 10.0, 14.0],
        )
        sheet.line_ids.spread_units = 1.0
        self.assertEqual(self._get(sheet, "spread_qty", "suggested"), [2.0, 6.0])

    def test_packs_and_minimum(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.shirt.seller_ids = [
            Command.create(
                {
                    "partner_id": self.partner.id,
                    "product_uom_id": dozen.id,
                    "min_qty": 3.0,
                    "product_tmpl_id": self.shirt.product_tmpl_id.id,
                }
            )
        ]
        self._demand(5.0)
        names = ("multiple", "minimum", "suggested")
        self.assertEqual(self._get(self._sheet(), *names), [12.0, 36.0, 36.0])
        self._demand(32.0)
        self.assertEqual(self._get(self._sheet(), *names), [12.0, 36.0, 48.0])

    def test_what_is_changed_needs_a_reason(self):
        self._demand(5.0)
        sheet = self._sheet()
        sheet.line_ids.quantity = 9.0
        with self.assertRaisesRegex(UserError, "Blue shirt"):
            sheet.action_confirm()
        with self.assertRaises(ValidationError):
            sheet.line_ids.quantity = -1.0
        sheet.line_ids.reason = "The fair is near."
        sheet.action_confirm()
        [move] = sheet.line_ids.sudo().move_ids
        self.assertEqual(move.product_uom_qty, 9.0)
        self.assertEqual(sheet.line_ids.document_names, move.picking_id.name)

    def test_confirmed_once(self):
        self._demand(5.0)
        first, second = self._sheet(), self._sheet()
        first.action_confirm()
        self.assertEqual(first.confirmed_by_id, self.coordinator)
        with self.assertRaisesRegex(UserError, "confirmed already by Coordinator"):
            first.action_confirm()
        with self.assertRaisesRegex(UserError, "Count again"):
            second.action_confirm()
        moves = self.env["stock.move"].sudo()
        wanted = [("replenishment_line_id", "in", (first | second).line_ids.ids)]
        self.assertEqual(moves.search_count(wanted), 1)
        second.action_compute()
        self.assertEqual(self._get(second, "on_order", "suggested"), [5.0, 0.0])
        with self.assertRaisesRegex(UserError, "orders nothing"):
            second.action_confirm()

    def test_sheets_for_two_places_write_the_same_rows(self):
        """Whoever confirms writes the rows of all warehouses that are counted."""
        warehouses = self.env["stock.warehouse"].sudo()
        other = warehouses.create(
            {"name": "Other", "code": "RPO", "company_id": self.company.id}
        )
        self._demand(5.0)
        sheets = [self._sheet(), self._sheet(warehouse_id=other.id)]
        revisions = self.env["stock.region.transfer.revision"].sudo()
        for count, sheet in enumerate(sheets, 1):
            sheet._bump()
            rows = revisions.search([("product_id", "=", self.shirt.id)])
            self.assertEqual(rows.warehouse_id, self.warehouse | other)
            self.assertEqual(rows.mapped("revision"), [count, count])
        narrow = self._sheet(
            warehouse_id=other.id, warehouse_ids=[Command.set(self.warehouse.ids)]
        )
        narrow._bump()
        rows = revisions.search([("product_id", "=", self.shirt.id)])
        self.assertEqual(rows.mapped("revision"), [3, 3])

    def test_who_may_do_what(self):
        self._demand(5.0)
        sheet = self._sheet()
        line = sheet.line_ids
        for user in (self.coordinator, self.env.ref("base.user_root")):
            with self.assertRaises(AccessError):
                sheet.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                line.with_user(user).write({"demand": 99.0})
        for user in (self.salesman, self.keeper):
            with self.assertRaises(AccessError):
                sheet.with_user(user).action_confirm()
            with self.assertRaises(AccessError):
                sheet.with_user(user).action_compute()
        forged = self.env["stock.replenishment.sheet"].with_user(self.coordinator)
        forged = forged.with_context(default_state="done", default_demand=9.0)
        forged = forged.create(
            {
                "warehouse_id": self.warehouse.id,
                "line_ids": [Command.create({"product_id": self.goods.id})],
            }
        )
        self.assertEqual((forged.state, forged.line_ids.demand), ("draft", 0.0))
        self.assertEqual(forged.line_ids.on_hand, 100.0)
        sheet.action_confirm()
        with self.assertRaises(UserError):
            line.quantity = 1.0
        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(UserError):
            sheet.unlink()

    def test_new_styles_show_what_they_lack(self):
        size, colour = self.env["product.attribute"].create(
            [
                {
                    "name": name,
                    "value_ids": [Command.create({"name": value}) for value in values],
                }
                for name, values in (("Size", ("S", "M")), ("Colour", ("Red", "Blue")))
            ]
        )
        self.company.region_transfer_size_attribute_id = size
        self.company.replenishment_colour_attribute_id = colour
        template = (
            self.env["product.template"]
            .sudo()
            .create(
                {
                    "name": "Coat",
                    "is_storable": True,
                    "is_new_style": True,
                    "attribute_line_ids": [
                        Command.create(
                            {
                                "attribute_id": attribute.id,
                                "value_ids": [Command.set(attribute.value_ids.ids)],
                            }
                        )
                        for attribute in (size, colour)
                    ],
                }
            )
        )
        coats = template.product_variant_ids
        for coat in coats[:3]:
            self._demand(2.0, product=coat)
        sheet = self._sheet(coats)
        self.assertEqual(len(sheet.line_ids), 4)
        self.assertEqual(sheet.missing_text, "Coat lacks M, Blue")
        last = sheet.line_ids.filtered(lambda line: line.product_id == coats[3])
        self.assertEqual((last.size_id.name, last.colour_id.name), ("M", "Blue"))
        last.quantity = 1.0
        self.assertFalse(sheet.missing_text)

    def test_many_products_cost_as_many_queries_as_few(self):
        counts = []
        for number in (2, 20):
            shirts = self.env["product.product"]
            for place in range(number):
                shirts |= self._create_shirt(f"Shirt {number} {place}")
            self._confirm_order(
                *({"product_id": s.id, "product_uom_qty": 5.0} for s in shirts)
            )
            sheet = self._sheet(shirts)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sheet.action_compute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(sheet.line_ids.mapped("suggested")), {5.0})
        self.assertLessEqual(counts[1], counts[0] + 3)
