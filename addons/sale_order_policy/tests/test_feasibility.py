from odoo.fields import Command
from odoo.tests import tagged

from .feasibility_common import FeasibilityCommon


@tagged("post_install", "-at_install")
class TestFeasibility(FeasibilityCommon):
    # To the piece ------------------------

    def test_enough_to_the_piece(self):
        self._stock(100)
        self.assertEqual(self._facts(self._order(9, 100)), [])

    def test_one_short(self):
        self._stock(99)
        order = self._order(9, 100)
        ((code, values),) = self._facts(order)
        self.assertEqual(code, "delivery_short")
        self.assertEqual((values["short"], values["wanted"]), (1, 100))
        self.assertEqual(values["date"], self._iso(9))
        finding = self._get_findings(order, "delivery_short")[0]
        self.assertEqual(finding["department"], "operations")
        self.assertEqual(finding["severity"], "review")

    def test_words(self):
        self._stock(60)
        self._receive(25, 13)
        self._receive(15, 20)
        self.assertEqual(
            self._get_messages(self._order(9, 100), "delivery_short"),
            [
                "Line 1 (Chair): 40 of 100 Units short on 12/01/2026: 25 come "
                "12/05/2026, all by 12/12/2026"
            ],
        )

    def test_words_when_nothing_comes(self):
        self.assertEqual(
            self._get_messages(self._order(9, 5), "delivery_short"),
            [
                "Line 1 (Chair): 5 of 5 Units short on 12/01/2026: nothing is on "
                "its way"
            ],
        )

    def test_dates_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        order = self._order(9, 5)
        finding = self._get_findings(order, "delivery_short")[0]
        message = order.with_context(lang="zh_CN")._approval_finding_message(finding)
        self.assertIn("2026", message)
        self.assertNotIn("12/01/2026", message)

    # Who shares ------------------------

    def test_two_lines_share(self):
        self._stock(100)
        self.assertEqual(self._short(self._order(9, 60, 60)), [20])

    def test_two_orders_of_one_call_share_the_earlier_date_first(self):
        self._stock(100)
        late, early = self._order(9, 60), self._order(5, 60)
        orders = late | early
        findings = orders._approval_findings()
        self.assertEqual(findings[early.id], [])
        self.assertEqual(findings[late.id][0]["values"]["short"], 20)

    def test_of_one_date_the_older_order_is_first(self):
        self._stock(100)
        older, newer = self._order(9, 60), self._order(9, 60)
        findings = (newer | older)._approval_findings()
        self.assertEqual(findings[older.id], [])
        self.assertEqual(findings[newer.id][0]["values"]["short"], 20)

    def test_approved_order_goes_before(self):
        self._stock(100)
        self._submit_and_approve(self._order(9, 60))
        self.assertEqual(self._short(self._order(9, 40)), [])
        self.assertEqual(self._short(self._order(9, 41)), [1])

    def test_order_in_review_goes_before_and_is_named(self):
        self._stock(100)
        first = self._order(9, 60, 120)
        first.action_submit_for_approval()
        self.assertEqual(first.approval_state, "pending")
        order = self._order(9, 50)
        ((_code, values),) = self._facts(order)
        self.assertEqual((values["short"], values["tentative"]), (50, 50))
        self.assertIn(
            "(50 of them go to orders still in review)", self._get_messages(order)[0]
        )

    def test_refused_order_gives_back(self):
        self._stock(100)
        first = self._order(9, 160)
        first.action_submit_for_approval()
        first.action_withdraw_approval()
        self.assertEqual(self._short(self._order(9, 100)), [])

    def test_quotation_claims_nothing(self):
        self._stock(100)
        self._order(9, 60)
        self.assertEqual(self._short(self._order(9, 100)), [])

    def test_confirmed_order_counts_once(self):
        self._stock(100)
        order = self._order(9, 60)
        self._submit_and_approve(order)
        order.sudo().action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._short(self._order(9, 40)), [])
        self.assertEqual(self._short(self._order(9, 41)), [1])

    def test_confirmed_and_cancelled_order_gives_back(self):
        self._stock(100)
        order = self._order(9, 60)
        self._submit_and_approve(order)
        order.sudo().action_confirm()
        order.sudo()._action_cancel()
        self.assertEqual(self._short(self._order(9, 100)), [])

    def test_lapsed_approval_claims_nothing(self):
        self._stock(100)
        order = self._order(9, 60)
        self._submit_and_approve(order)
        self.company.document_approval_validity_days = 5
        order.sudo().approval_round_id.date_approved = self._day(-6)
        self.assertEqual(self._short(self._order(9, 100)), [])

    def test_resubmitted_order_does_not_count_itself(self):
        self._stock(100)
        order = self._order(9, 100)
        self._submit_and_approve(order)
        self.assertEqual(self._facts(order), [])
        order.order_line.product_uom_qty = 99
        self.assertEqual(self._facts(order), [])

    def test_confirmed_order_does_not_count_its_own_moves(self):
        self._stock(100)
        order = self._order(9, 100)
        self._submit_and_approve(order)
        order.sudo().action_confirm()
        self.assertTrue(order.sudo().picking_ids)
        self.assertEqual(self._facts(order), [])

    # By date ------------------------

    def test_later_committed_delivery_is_protected(self):
        self._stock(100)
        self._deliver(70, 12)
        self.assertEqual(self._short(self._order(9, 30)), [])
        self.assertEqual(self._short(self._order(9, 31)), [1])

    def test_later_delivery_from_a_later_receipt_takes_nothing(self):
        self._stock(100)
        self._receive(70, 11)
        self._deliver(70, 12)
        self.assertEqual(self._short(self._order(9, 100)), [])

    def test_later_approved_order_is_protected(self):
        self._stock(100)
        self._submit_and_approve(self._order(20, 70))
        self.assertEqual(self._short(self._order(9, 31)), [1])

    def test_receipt_on_the_day_itself_counts(self):
        self._receive(10, 9)
        self.assertEqual(self._facts(self._order(9, 10)), [])

    def test_receipt_of_the_next_day_comes_too_late(self):
        self._receive(10, 10)
        order = self._order(9, 10)
        self.assertEqual(self._short(order), [10])
        self.assertEqual(self._comings(order), [(10, 10)])

    def test_what_comes_later_goes_to_those_before(self):
        self._receive(10, 12)
        self._receive(10, 15)
        self._deliver(5, 10)
        order = self._order(9, 8)
        self.assertEqual(self._comings(order), [(12, 5), (15, 3)])

    def test_what_is_not_on_its_way(self):
        self._receive(10, 12)
        order = self._order(9, 15)
        ((_code, values),) = self._facts(order)
        self.assertEqual(values["uncovered"], 5)
        self.assertIn(
            "10 come 12/04/2026, 5 are not on their way", self._get_messages(order)[0]
        )

    def test_overdue_receipt_counts_today_and_is_named(self):
        self._stock(90)
        self._receive(20, -3)
        order = self._order(9, 100)
        ((code, values),) = self._facts(order)
        self.assertEqual((code, values["overdue"]), ("delivery_overdue", 10))
        self.assertEqual(
            self._get_findings(order, "delivery_overdue")[0]["severity"], "info"
        )
        self.assertIn(
            "10 of 100 Units depend on a receipt that is overdue",
            self._get_messages(order)[0],
        )

    def test_overdue_receipt_that_is_not_needed_is_not_named(self):
        self._stock(100)
        self._receive(20, -3)
        self.assertEqual(self._facts(self._order(9, 100)), [])

    def test_late_delivery_counts_today(self):
        self._stock(100)
        self._deliver(70, -3)
        self.assertEqual(self._short(self._order(0, 31)), [1])

    def test_security_lead_time_moves_the_shipping_day(self):
        self.company.security_lead = 2.0
        self._receive(10, 8)
        self.assertEqual(self._facts(self._order(10, 10)), [])
        self.assertEqual(self._short(self._order(9, 10)), [10])

    def test_day_is_the_companys(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        # 12:00 UTC is 20:00 there; five hours later it is tomorrow there
        self._receive(10, 9 + 5 / 24)
        self.assertEqual(self._short(self._order(9, 10)), [10])
        self.assertEqual(self._facts(self._order(10, 10)), [])

    # What counts ------------------------

    def test_units(self):
        self._stock(23)
        line = {"product_uom_id": self.dozen.id, "product_uom_qty": 2}
        order = self._order(9, line)
        ((_code, values),) = self._facts(order)
        self.assertEqual((values["short"], values["unit"]), (0.09, self.dozen.name))
        self.assertIn("0.09 of 2 Dozens", self._get_messages(order)[0])
        self._stock(1)
        self.assertEqual(self._facts(order), [])

    def test_two_warehouses(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        self._stock(100, warehouse=other)
        self.assertEqual(self._short(self._order(9, 10)), [10])
        self.assertEqual(self._facts(self._order(9, 100, warehouse_id=other.id)), [])

    def test_transfer_between_warehouses(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        self._stock(100)
        transit = self.company.internal_transit_location_id
        out = self._move(30, 2, self.warehouse.lot_stock_id, transit)
        self._move(
            30, 6, transit, other.lot_stock_id, move_orig_ids=[Command.link(out.id)]
        )
        self.assertEqual(self._short(self._order(9, 71)), [1])
        self.assertEqual(
            self._short(self._order(6, 31, warehouse_id=other.id)),
            [1],
        )
        self.assertEqual(self._short(self._order(5, 30, warehouse_id=other.id)), [30])

    def test_deliveries_and_receipts_in_steps_count_once(self):
        self.warehouse.write(
            {"reception_steps": "three_steps", "delivery_steps": "pick_pack_ship"}
        )
        self._stock(100)
        order = self._order(9, 60)
        self._submit_and_approve(order)
        order.sudo().action_confirm()
        self.assertEqual(self._short(self._order(9, 41)), [1])
        self._move(
            20,
            5,
            self.suppliers,
            self.warehouse.wh_input_stock_loc_id,
            location_final_id=self.warehouse.lot_stock_id.id,
        )
        self.assertEqual(self._short(self._order(9, 60)), [])
        pick = order.sudo().picking_ids.move_ids
        pick.quantity = 60
        pick.picked = True
        pick._action_done()
        self.assertEqual(self._short(self._order(9, 60)), [])
        self.assertEqual(self._short(self._order(9, 61)), [1])

    def test_returns_come_in(self):
        self._move(10, 5, self.customers, self.warehouse.lot_stock_id)
        self.assertEqual(self._facts(self._order(9, 10)), [])

    def test_goods_of_others_do_not_count(self):
        self._stock(10, owner_id=self.partner)
        self._receive(10, 2, restrict_partner_id=self.partner.id)
        self.assertEqual(self._short(self._order(9, 10)), [10])
        self._stock(10, owner_id=self.company.partner_id)
        self.assertEqual(self._short(self._order(9, 10)), [])

    def test_drafts_and_cancelled_moves_do_not_count(self):
        self._receive(10, 2, confirm=False)
        self._receive(10, 2)._action_cancel()
        self.assertEqual(self._short(self._order(9, 10)), [10])

    def test_goods_outside_the_warehouse_do_not_count(self):
        scrap = self.env["stock.location"].create(
            {
                "name": "Losses",
                "usage": "inventory",
                "location_id": self.warehouse.view_location_id.id,
            }
        )
        self.env["stock.quant"]._update_available_quantity(self.chair, scrap, 10)
        self.assertEqual(self._short(self._order(9, 10)), [10])

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        self._stock(100, warehouse=warehouse)
        self.assertEqual(self._short(self._order(9, 10)), [10])

    # Switch and rights ------------------------

    def test_type_without_the_check(self):
        self.order_type.check_feasibility = False
        self.assertEqual(self._facts(self._order(9, 10)), [])

    def test_order_without_a_date_promises_nothing(self):
        order = self._create_order({"product_id": self.chair.id})
        self.assertEqual(self._facts(order), [])

    def test_reviewer_without_rights_on_stock_is_asked(self):
        order = self._order(9, 10)
        order.action_submit_for_approval()
        seats = order.sudo().approval_round_id.seat_ids
        self.assertIn("operations", seats.department_id.mapped("code"))
        self._approve_until(order, self.operator)
        panel = order.with_user(self.operator).approval_panel
        self.assertIn(
            "10 of 10 Units short on 12/01/2026: nothing is on its way",
            [finding["text"] for finding in panel["findings"]],
        )
        self.assertFalse(self.operator.has_group("stock.group_stock_user"))

    def _approve_until(self, order, user):
        """Let those before ``user`` agree."""
        for _level in range(10):
            seats = order.sudo().approval_round_id.seat_ids.filtered(
                lambda seat: seat.state == "open"
            )
            if user in seats.candidate_ids:
                return
            for seat in seats:
                seat.with_user(seat.candidate_ids[0]).action_approve(
                    answers=dict.fromkeys(seat.check_ids.ids, "yes")
                )

    def test_unusable_numbers_are_not_calculated_with(self):
        order = self._order(9, {"product_uom_qty": 1e300})
        self.assertEqual(self._facts(order), [])

    def test_dates_at_the_ends_of_the_calendar(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        for date in ("0001-01-01 00:00:00", "9999-12-31 23:00:00"):
            order = self._order(9, 10)
            order.commitment_date = date
            self.assertTrue(self._facts(order), date)

    def test_number_of_queries_does_not_depend_on_the_orders(self):
        chairs = [self._create_storable(f"Chair {number}") for number in range(10)]
        orders = [
            self._order(9, *({"product_id": chair.id} for chair in chairs))
            for _number in range(12)
        ]
        counts = []
        for number in (2, 12):
            many = self.env["sale.order"].concat(*orders[:number]).sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["sale.order.feasibility"].sudo()._get_findings(many)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
