from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_order_policy.tests.feasibility_common import FeasibilityCommon


@tagged("post_install", "-at_install")
class TestFeasibilityKits(FeasibilityCommon):
    """A set is a table, four chairs and a box of two dozen screws and a manual."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls._create_storable("Table")
        cls.screw = cls._create_storable("Screw")
        cls.manual = cls._create_storable("Manual")
        cls.box = cls._create_storable("Box")
        cls.set = cls._create_storable("Set")
        cls._create_bom(cls.box, (cls.screw, 2, cls.dozen), (cls.manual, 1))
        cls.kit = cls._create_bom(cls.set, (cls.table, 1), (cls.chair, 4), (cls.box, 1))

    @classmethod
    def _create_bom(cls, product, *parts, bom_type="phantom", **values):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "type": bom_type,
                "bom_line_ids": [
                    Command.create(
                        {
                            "product_id": part.id,
                            "product_qty": quantity,
                            "product_uom_id": (unit[0] if unit else part.uom_id).id,
                        }
                    )
                    for part, quantity, *unit in parts
                ],
                **values,
            }
        )

    def _stock_sets(self, quantity):
        for part, each in (
            (self.table, 1),
            (self.chair, 4),
            (self.screw, 24),
            (self.manual, 1),
        ):
            self._stock(each * quantity, part)

    def _set(self, quantity, **values):
        return {"product_id": self.set.id, "product_uom_qty": quantity, **values}

    def _parts(self, order):
        return [
            (values.get("part_id"), values["short"], values["kits"])
            for _code, values in self._facts(order)
        ]

    def test_enough_parts_to_the_piece(self):
        self._stock_sets(5)
        self.assertEqual(self._facts(self._order(9, self._set(5))), [])

    def test_part_that_is_short_is_named(self):
        self._stock_sets(5)
        self._stock(-1, self.screw)
        order = self._order(9, self._set(5))
        self.assertEqual(self._parts(order), [(self.screw.id, 1, 4)])
        self.assertIn(
            "part Screw: 1 of 120 Units short on 12/01/2026, enough for 4 of 5 Units: "
            "nothing is on its way",
            self._get_messages(order)[0],
        )

    def test_kit_shares_its_parts_with_parts_sold_alone(self):
        self._stock_sets(5)
        order = self._order(9, self._set(4), 5)
        ((_code, values),) = self._facts(order)
        self.assertEqual((values["short"], values.get("part")), (1, None))

    def test_kit_shares_its_parts_with_other_kits(self):
        self._stock_sets(5)
        order = self._order(9, self._set(4), {"product_id": self.box.id})
        self.assertEqual(self._facts(order), [])
        order = self._order(
            9, self._set(4), {"product_id": self.box.id, "product_uom_qty": 2}
        )
        self.assertEqual(
            self._parts(order), [(self.screw.id, 24, 1), (self.manual.id, 1, 1)]
        )

    def test_approved_order_of_kits_keeps_its_parts(self):
        self._stock_sets(5)
        self._submit_and_approve(self._order(9, self._set(4)))
        box = {"product_id": self.box.id, "product_uom_qty": 1}
        self.assertEqual(self._facts(self._order(9, box)), [])
        screws = {"product_id": self.screw.id, "product_uom_qty": 25}
        self.assertEqual(self._short(self._order(9, screws)), [1])

    def test_confirmed_order_of_kits_counts_once(self):
        self._stock_sets(5)
        order = self._order(9, self._set(4))
        self._submit_and_approve(order)
        order.sudo().action_confirm()
        self.assertEqual(self._facts(order), [])
        self.assertEqual(self._facts(self._order(9, self._set(1))), [])
        self.assertEqual(self._facts(self._order(9, 5))[0][1]["short"], 1)

    def test_quantity_and_unit_of_the_bill_of_materials(self):
        self.kit.write({"product_qty": 2, "product_uom_id": self.dozen.id})
        self._stock(1, self.table)
        self._stock(4)
        self._stock(24, self.screw)
        self._stock(1, self.manual)
        order = self._order(9, self._set(2, product_uom_id=self.dozen.id))
        self.assertEqual(self._facts(order), [])
        self.assertEqual(self._facts(self._order(9, self._set(12))), [])
        self.assertTrue(self._facts(self._order(9, self._set(25))))

    def test_parts_of_other_variants_are_skipped(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Cushion",
                "create_variant": "no_variant",
                "value_ids": [
                    Command.create({"name": "with"}),
                    Command.create({"name": "without"}),
                ],
            }
        )
        attribute_line = self.env["product.template.attribute.line"].create(
            {
                "product_tmpl_id": self.set.product_tmpl_id.id,
                "attribute_id": attribute.id,
                "value_ids": [Command.set(attribute.value_ids.ids)],
            }
        )
        having, lacking = attribute_line.product_template_value_ids
        cushion = self._create_storable("Cushion")
        self.kit.bom_line_ids = [
            Command.create(
                {
                    "product_id": cushion.id,
                    "bom_product_template_attribute_value_ids": [
                        Command.set(having.ids)
                    ],
                }
            )
        ]
        self._stock_sets(5)
        field = "product_no_variant_attribute_value_ids"
        order = self._order(9, self._set(5, **{field: [Command.set(lacking.ids)]}))
        self.assertEqual(self._facts(order), [])
        order = self._order(9, self._set(5, **{field: [Command.set(having.ids)]}))
        self.assertEqual(self._parts(order), [(cushion.id, 5, 0)])

    def test_services_in_a_kit_need_no_stock(self):
        self.kit.bom_line_ids = [
            Command.create({"product_id": self.service_product.id, "product_qty": 1})
        ]
        self._stock_sets(5)
        self.assertEqual(self._facts(self._order(9, self._set(5))), [])

    def test_number_of_queries_does_not_depend_on_the_kits(self):
        orders = [self._order(9, self._set(3), 5) for _number in range(10)]
        counts = []
        for number in (2, 10):
            many = self.env["sale.order"].concat(*orders[:number]).sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["sale.order.feasibility"].sudo()._get_findings(many)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])

    # Made ------------------------

    def test_production_time(self):
        self._create_bom(
            self.table, (self.screw, 4), bom_type="normal", produce_delay=10
        )
        table = {"product_id": self.table.id, "product_uom_qty": 3}
        ((code, values),) = self._facts(self._order(9, table))
        self.assertEqual((code, values["lead_days"]), ("delivery_short", 10))
        ((code, values),) = self._facts(self._order(10, table))
        self.assertEqual(code, "delivery_order_by")

    def test_days_to_prepare_count(self):
        self._create_bom(
            self.table,
            (self.screw, 4),
            bom_type="normal",
            produce_delay=6,
            days_to_prepare_mo=5,
        )
        table = {"product_id": self.table.id, "product_uom_qty": 3}
        ((_code, values),) = self._facts(self._order(9, table))
        self.assertEqual(values["lead_days"], 11)

    def test_vendor_counts_unless_a_route_says_made(self):
        self._create_bom(
            self.table, (self.screw, 4), bom_type="normal", produce_delay=20
        )
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.partner.id,
                "product_tmpl_id": self.table.product_tmpl_id.id,
                "delay": 15,
            }
        )
        table = {"product_id": self.table.id, "product_uom_qty": 3}
        self.assertEqual(self._facts(self._order(9, table))[0][1]["lead_days"], 15)
        self.table.route_ids = self.warehouse.manufacture_pull_id.route_id
        self.assertEqual(self._facts(self._order(9, table))[0][1]["lead_days"], 20)

    def test_planned_production_comes_and_takes_its_parts(self):
        bom = self._create_bom(self.table, (self.screw, 4), bom_type="normal")
        self._stock(20, self.screw)
        production = self.env["mrp.production"].create(
            {
                "product_id": self.table.id,
                "bom_id": bom.id,
                "product_qty": 3,
                "date_start": self._day(4),
            }
        )
        table = {"product_id": self.table.id, "product_uom_qty": 3}
        screws = {"product_id": self.screw.id, "product_uom_qty": 9}
        self.assertEqual(self._short(self._order(9, table, screws)), [3])
        production.action_confirm()
        self.assertEqual(self._short(self._order(9, table, screws)), [1])
