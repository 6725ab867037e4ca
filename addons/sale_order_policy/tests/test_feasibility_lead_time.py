from odoo.fields import Command
from odoo.tests import tagged

from .feasibility_common import FeasibilityCommon


@tagged("post_install", "-at_install")
class TestFeasibilityLeadTime(FeasibilityCommon):
    def _add_vendor(self, days, product=None, **values):
        return self.env["product.supplierinfo"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Vendor"}).id,
                "product_tmpl_id": (product or self.chair).product_tmpl_id.id,
                "delay": days,
                **values,
            }
        )

    def _codes(self, order):
        return [code for code, _values in self._facts(order)]

    # Between order and shipping ------------------------

    def test_lead_time_counts_even_with_stock(self):
        self._stock(100)
        order = self._order(4, {"customer_lead": 5})
        self.assertEqual(self._codes(order), ["delivery_lead"])
        self.assertIn(
            "lead time 5 days: 11/27/2026 at the earliest", self._get_messages(order)[0]
        )
        self.assertEqual(self._facts(self._order(5, {"customer_lead": 5})), [])

    def test_service_needs_only_its_lead_time(self):
        service = {"product_id": self.service_product.id, "customer_lead": 5}
        self.assertEqual(self._codes(self._order(4, service)), ["delivery_lead"])
        self.assertEqual(self._facts(self._order(5, service)), [])

    def test_goods_whose_stock_is_not_kept_are_there(self):
        self.chair.is_storable = False
        self.assertEqual(self._facts(self._order(0, 1000)), [])

    def test_delivery_date_that_is_over(self):
        self._stock(100)
        order = self._order(-1, 10, 10)
        self.assertEqual(self._codes(order), ["delivery_past"])
        self.assertEqual(
            self._get_messages(order), ["the delivery date 11/21/2026 is over"]
        )

    def test_delivery_today_is_not_over(self):
        self._stock(100)
        self.assertEqual(self._facts(self._order(-0.4, 10)), [])

    # Until more comes ------------------------

    def test_what_can_be_bought_in_time_is_to_be_ordered(self):
        self._add_vendor(7)
        self._stock(88)
        order = self._order(9, 100)
        finding = self._get_findings(order, "delivery_order_by")[0]
        self.assertEqual(finding["severity"], "info")
        self.assertIn(
            "12 Units must be ordered by 11/24/2026", self._get_messages(order)[0]
        )

    def test_what_can_be_bought_just_in_time(self):
        self._add_vendor(9)
        self.assertEqual(self._codes(self._order(9, 10)), ["delivery_order_by"])
        self.assertEqual(self._codes(self._order(8, 10)), ["delivery_short"])

    def test_what_takes_too_long_to_buy(self):
        self._add_vendor(14)
        self._stock(60)
        self.assertEqual(
            self._get_messages(self._order(9, 100), "delivery_short"),
            [
                "Line 1 (Chair): 40 of 100 Units short on 12/01/2026: nothing is on "
                "its way, lead time 14 days: 12/06/2026 at the earliest"
            ],
        )

    def test_planned_receipts_need_no_lead_time(self):
        self._add_vendor(14)
        self._receive(10, 12)
        ((_code, values),) = self._facts(self._order(9, 10))
        self.assertFalse(values["lead_days"])
        self.assertEqual(values["earliest"], self._iso(12))

    def test_first_vendor_of_the_day_and_company_counts(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self._add_vendor(1, sequence=1, company_id=other.id)
        self._add_vendor(2, sequence=2, date_end="2026-11-21")
        self._add_vendor(20, sequence=3)
        self._add_vendor(3, sequence=4)
        ((_code, values),) = self._facts(self._order(9, 10))
        self.assertEqual(values["lead_days"], 20)

    # Made or bought for the order ------------------------

    def _make_to_order(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        self.chair.route_ids = [Command.link(route.id)]

    def test_make_to_order_takes_no_stock(self):
        self._make_to_order()
        self._add_vendor(14)
        self._stock(100)
        order = self._order(13, 10)
        self.assertEqual(self._codes(order), ["delivery_ordered"])
        self.assertIn(
            "which takes 14 days: 12/06/2026 at the earliest",
            self._get_messages(order)[0],
        )
        self.assertEqual(self._facts(self._order(14, 10)), [])

    def test_approved_order_made_to_order_leaves_the_stock(self):
        self._make_to_order()
        self._stock(100)
        self._submit_and_approve(self._order(9, 60))
        self.chair.route_ids = [Command.clear()]
        self._create_order()  # nothing else stays in the cache
        first = self.env["sale.order"].search(
            [("approval_state", "=", "approved")], order="id desc", limit=1
        )
        first.order_line.route_ids = self.warehouse.mto_pull_id.route_id
        self.assertEqual(self._facts(self._order(9, 100)), [])

    def test_route_of_the_line_goes_before_the_products(self):
        self._make_to_order()
        self._add_vendor(14)
        self._stock(100)
        line = {
            "product_uom_qty": 10,
            "route_ids": [Command.set(self.warehouse.delivery_route_id.ids)],
        }
        self.assertEqual(self._facts(self._order(9, line)), [])

    def test_route_of_another_warehouse_does_not_count(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        route = self.env["stock.route"].create(
            {
                "name": "Ordered for the other warehouse",
                "product_selectable": True,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Other MTO",
                            "action": "pull",
                            "procure_method": "make_to_order",
                            "warehouse_id": other.id,
                            "location_src_id": other.lot_stock_id.id,
                            "location_dest_id": self.customers.id,
                            "picking_type_id": other.out_type_id.id,
                        }
                    )
                ],
            }
        )
        self.chair.route_ids = route
        self._add_vendor(14)
        self._stock(10)
        self.assertEqual(self._facts(self._order(9, 10)), [])
        order = self._order(9, 10, warehouse_id=other.id)
        self.assertEqual(self._codes(order), ["delivery_ordered"])
