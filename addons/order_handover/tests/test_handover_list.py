from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.order_handover.models.handover_list_history import (
    export_handover_lists,
)

from .handover_list_common import FRIDAY, SIGNATURE, HandoverListCommon

_QUEUE = "odoo.addons.sale_order_policy.models.sale_order_policy_queue"


@tagged("post_install", "-at_install")
class TestHandoverList(HandoverListCommon):
    """Who hands what over to whom, when, and by when (SPEC F2)."""

    # Stages --------------------------------------------------------------------------

    def test_usual_stages(self):
        found = {
            (
                stage.event,
                stage.line_kind,
                stage.sender_department_id.code,
                stage.receiver_department_id.code,
            )
            for stage in self.stages.values()
        }
        self.assertLessEqual(
            {
                ("order_confirmed", "make", "sales", "production"),
                ("order_confirmed", "buy", "sales", "purchasing"),
                ("order_confirmed", "goods", "sales", "warehouse"),
                ("goods_received", "all", "purchasing", "warehouse"),
                ("goods_picked", "all", "warehouse", "operations"),
                ("goods_issued", "all", "warehouse", "operations"),
                ("goods_accepted", "all", "operations", "finance"),
                ("invoice_posted", "all", "finance", "sales"),
            },
            found,
        )

    def test_stages_are_made_once(self):
        stages = self.env["order.handover.stage"].with_context(active_test=False)
        domain = [("company_id", "=", self.company.id)]
        before = stages.search(domain)
        self.to_warehouse.action_archive()
        self.company._handover_prepare()
        self.company.handover_lists = True
        self.assertEqual(stages.search(domain), before)

    def test_off_means_nothing(self):
        self.company.handover_lists = False
        order, rows = self._released()
        self._ship(order.picking_ids)
        self._run_job()
        self.assertFalse(self._rows(order))
        self.assertFalse(
            self.env["order.handover.event"].search([("order_id", "=", order.id)])
        )

    def test_new_company_has_it_off(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertFalse(company.handover_lists)

    def test_company_made_by_an_administrator(self):
        """Who may create companies need be neither reviewer nor stock manager."""
        user = self._create_user("administrator", "base.group_erp_manager")
        user.group_ids |= self.env.ref("base.group_partner_manager")
        company = self.env["res.company"].with_user(user).create({"name": "New"})
        stages = self.env["order.handover.stage"].sudo()
        company.sudo().handover_lists = True
        self.assertTrue(stages.search([("company_id", "=", company.id)]))

    def test_limits_are_sensible_numbers(self):
        for values in (
            {"limit_value": -1.0},
            {"limit_value": float("nan")},
            {"limit_value": 1e6},
            {"escalate_hours": -1.0},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.to_warehouse.write(values)

    def test_no_handover_to_oneself(self):
        with self.assertRaises(ValidationError):
            self.to_warehouse.sender_department_id = self.departments["warehouse"]

    # Events --------------------------------------------------------------------------

    def test_confirmed_order(self):
        service = self._create_service()
        order, row = self._released({}, {"product_id": service.id, "name": "Advice"})
        self.assertRecordValues(
            row,
            [
                {
                    "stage_id": self.to_warehouse.id,
                    "sender_department_id": self.departments["sales"].id,
                    "sender_id": self.salesman.id,
                    "receiver_department_id": self.departments["warehouse"].id,
                    "user_id": self.keeper.id,
                    "state": "waiting",
                    "order_name": order.name,
                    "partner_name": self.partner.name,
                    "content": "Shirt × 10 Units",
                }
            ],
        )
        self.assertRecordValues(
            row.line_ids, [{"product_id": self.goods.id, "quantity": 10.0}]
        )
        self.assertEqual(row.activity_ids.user_id, self.keeper)
        self.assertEqual(
            (order.handover_list_open_count, order.handover_list_count), (1, 1)
        )

    def _create_service(self):
        return self.env["product.product"].create({"name": "Help", "type": "service"})

    def test_confirmed_by_any_route(self):
        written = self._create_order({"product_id": self.goods.id})
        written.sudo().write({"state": "sale"})
        created = self._create_order({"product_id": self.goods.id}, state="sale")
        signed = self._create_order({"product_id": self.goods.id})
        signed.sudo()._validate_order()
        self._run_job()
        for order in (written, created, signed):
            self.assertEqual(len(self._rows(order)), 1)

    def test_confirmed_under_approval(self):
        self.company.document_approval_mode = "enforce"
        order = self._create_order({"product_id": self.goods.id})
        self.env["sale.order.type"].search([]).check_feasibility = False
        with self.assertRaises(UserError):
            order.action_confirm()
        self._run_job()
        self.assertFalse(self._rows(order))
        self._submit_and_approve(order)
        order.action_confirm()
        self._run_job()
        self.assertEqual(len(self._rows(order)), 1)

    def test_second_run_makes_nothing(self):
        order, row = self._released()
        self._run_job()
        self.assertEqual(self._rows(order), row)

    def test_no_prices(self):
        order, row = self._released({"price_unit": 87654.0})
        self.assertNotIn("87654", str(row.read()))
        self.assertNotIn("87654", str(row.line_ids.read()))

    def test_goods_issued_in_parts(self):
        order, first = self._released()
        picking = self._ship(order.picking_ids, [4.0])
        self._run_job()
        row = self._rows(order) - first
        self.assertRecordValues(
            row,
            [
                {
                    "stage_id": self.to_shipping.id,
                    "document": picking.name,
                    "content": f"{picking.name}\nShirt × 4 Units",
                    "receiver_department_id": self.departments["operations"].id,
                }
            ],
        )
        self._ship(order.picking_ids - picking)
        self._run_job()
        self.assertEqual(
            self._rows(order).line_ids.mapped("quantity"), [10.0, 4.0, 6.0]
        )

    def test_return_is_no_handover(self):
        order, _row = self._released()
        picking = self._ship(order.picking_ids)
        self._run_job()
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_ids=picking.ids, active_id=picking.id)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 10.0
        back = wizard._create_return()
        self._ship(back)
        self._run_job()
        self.assertEqual(len(self._rows(order)), 2)

    def test_picked_in_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        order, first = self._released()
        self._ship(order.picking_ids)
        self._run_job()
        row = self._rows(order) - first
        self.assertEqual(row.stage_id, self.stages["goods_picked", "all"])
        self._ship(order.picking_ids.filtered(lambda p: p.state != "done"))
        self._run_job()
        self.assertEqual(len(self._rows(order)), 3)

    def test_picked_in_three_steps(self):
        """Goods are picked once: when they reach where the warehouse ships from."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        order, first = self._released()
        counts = []
        for _step in range(3):
            self._ship(order.picking_ids.filtered(lambda p: p.state != "done"))
            self._run_job()
            counts.append(len(self._rows(order)))
        self.assertEqual(counts, [1, 2, 3])
        self.assertEqual(
            (self._rows(order) - first).stage_id.mapped("event"),
            ["goods_picked", "goods_issued"],
        )

    def test_without_a_document(self):
        order = self._confirm_order()
        events = self.env["order.handover.event"]
        entry = {"order_id": order.id, "key": "x", "document": False}
        events._queue("goods_issued", [entry])
        event = events.search([("order_id", "=", order.id), ("key", "=", "x")])
        self.assertRecordValues(event, [{"document": False}])

    def test_signatures_stay_with_the_order(self):
        self.to_warehouse.requires_signature = True
        order, row = self._released()
        self._receive(row, self.keeper, SIGNATURE)
        export_handover_lists(self.env)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        (picture,) = files.filtered(lambda file: file.mimetype == "image/png")
        self.assertEqual(picture.datas, row.signature)
        self.assertIn(f"handover-{row.id} ", picture.name)

    def test_bought_goods_are_for_who_waits(self):
        """25 of one receipt go to two orders of 10 and to the shelf."""
        orders = [self._confirm_order(), self._confirm_order()]
        out_moves = self.env["sale.order"].concat(*orders).sudo().picking_ids.move_ids
        receipt = self.env["stock.move"].create(
            {
                "product_id": self.goods.id,
                "product_uom_qty": 25.0,
                "product_uom": self.goods.uom_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_dest_ids": [Command.set(out_moves.ids)],
            }
        )
        receipt._action_confirm()
        receipt.quantity = 25.0
        receipt.picked = True
        receipt._action_done()
        self._run_job()
        for order in orders:
            row = self._rows(order).filtered(
                lambda row: row.event_id.kind == "goods_received"
            )
            self.assertEqual(row.line_ids.mapped("quantity"), [10.0])

    def test_invoice(self):
        self.goods.invoice_policy = "order"
        order, first = self._released()
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        self._run_job()
        row = self._rows(order) - first
        self.assertRecordValues(
            row,
            [
                {
                    "document": invoice.name,
                    "content": f"{invoice.name}\nShirt × 10 Units",
                    "receiver_department_id": self.departments["sales"].id,
                }
            ],
        )
        invoice.button_draft()
        invoice.action_post()
        self._run_job()
        self.assertEqual(self._rows(order), first | row)

    def test_order_types_and_text(self):
        kind = self.env["sale.order.type"].create({"name": "Samples"})
        self.to_warehouse.write(
            {"type_ids": kind, "content": "Order {order} of {customer} {other}"}
        )
        self.assertFalse(self._released()[1])
        order, row = self._released(policy_type_id=kind.id)
        self.assertEqual(
            row.content.splitlines()[0],
            f"Order {order.name} of {self.partner.name} {{other}}",
        )

    def test_named_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.to_warehouse.with_context(lang="fr_FR").name = "Au magasin"
        _order, row = self._released()
        self.assertEqual(row.with_context(lang="fr_FR").name, "Au magasin")
        self.assertEqual(row.with_context(lang="en_US").name, "Order to the warehouse")

    @mute_logger(_QUEUE)
    def test_failure_holds_nothing_up_and_is_told(self):
        order, _first = self._released()
        events = type(self.env["order.handover.event"])
        with patch.object(
            events, "_prepare_handover", side_effect=ValueError("broken")
        ):
            self._ship(order.picking_ids)
            self._run_job()
        self.assertEqual(order.picking_ids.state, "done")
        activity = order.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.coordinator
        )
        self.assertIn("broken", activity.note)
        event = self.env["order.handover.event"].search(
            [("order_id", "=", order.id), ("state", "=", "failed")]
        )
        event.action_retry()
        self._run_job()
        self.assertEqual(len(self._rows(order)), 2)

    def test_queries_do_not_depend_on_the_number_of_moves(self):
        orders = [
            self._confirm_order(*({"product_uom_qty": 1.0} for _n in range(lines)))
            for lines in (1, 12)
        ]
        counts = []
        for order in orders:
            moves = order.sudo().picking_ids.move_ids
            moves.picked = True
            moves._action_done()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            moves._handover_list_queue()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1)

    # By when -------------------------------------------------------------------------

    def _deadline(self, **values):
        self.to_warehouse.write(values)
        with freeze_time(FRIDAY):
            return self._released()[1].deadline

    def test_weekend_does_not_count(self):
        self.assertEqual(
            self._deadline(limit_value=1.0, limit_unit="days"),
            datetime(2026, 3, 9, 2, 0),
        )

    def test_working_hours(self):
        # Friday 10:00 + 7 hours: 2 until noon, 4 until five, 1 on Monday from eight
        self.assertEqual(
            self._deadline(limit_value=7.0, limit_unit="hours"),
            datetime(2026, 3, 9, 1, 0),
        )

    def test_before_the_delivery(self):
        self.to_warehouse.write({"limit_from": "before_delivery", "limit_value": 2.0})
        with freeze_time(FRIDAY):
            row = self._released(commitment_date=datetime(2026, 3, 16, 2, 0))[1]
            late = self._released(commitment_date=datetime(2026, 3, 6, 6, 0))[1]
        self.assertEqual(row.deadline, datetime(2026, 3, 12, 2, 0))
        self.assertEqual(late.deadline, datetime(2026, 3, 6, 6, 0))

    # How it ends ---------------------------------------------------------------------

    def test_cancelled_order(self):
        order, row = self._released()
        order.sudo()._action_cancel()
        self.assertEqual(row.state, "cancelled")
        self.assertFalse(row.activity_ids)

    def test_cancelled_before_the_job(self):
        order = self._confirm_order()
        order.sudo()._action_cancel()
        self._run_job()
        self.assertFalse(self._rows(order))

    def test_received_is_not_handed_over_again(self):
        order, row = self._released()
        row.with_user(self.keeper).action_receive()
        for _time in range(2):
            order.sudo()._action_cancel()
            order.action_draft()
            order.action_confirm()
            self._run_job()
        self.assertEqual(self._rows(order).mapped("state"), ["received"])
        order.sudo()._action_cancel()
        order.action_draft()
        order.order_line.product_uom_qty = 7.0
        order.action_confirm()
        self._run_job()
        self.assertEqual(self._rows(order).mapped("state"), ["received", "waiting"])

    def test_order_with_history_is_not_deleted(self):
        order, _row = self._released()
        order.sudo()._action_cancel()
        with self.assertRaisesRegex(UserError, "stays cancelled"):
            order.sudo().unlink()

    # Overdue -------------------------------------------------------------------------

    def test_escalates_once_per_level(self):
        head = self._create_user("head")
        with freeze_time(FRIDAY):
            _order, row = self._released()  # by Monday 10:00
            self.departments["warehouse"].head_id = head
        with freeze_time("2026-03-09 01:59:00"):
            self._escalate()
            self.assertEqual(row.escalation_level, 0)
            self.assertFalse(row.is_overdue)
        with freeze_time("2026-03-09 02:01:00"):
            self._escalate()
            self._escalate()
            self.assertRecordValues(
                row, [{"escalation_level": 1, "timeliness": "late", "is_overdue": True}]
            )
            self.assertIn(row, row.search([("is_overdue", "=", True)]))
            self.assertEqual(
                sorted(row.activity_ids.mapped("user_id.name")), ["Head", "Keeper"]
            )
        # 8 working hours later: Tuesday 10:01
        with freeze_time("2026-03-10 02:00:00"):
            self._escalate()
            self.assertEqual(row.escalation_level, 1)
        with freeze_time("2026-03-10 02:02:00"):
            self._escalate()
            self._escalate()
        self.assertEqual(row.escalation_level, 2)
        self.assertEqual(
            sorted(row.activity_ids.mapped("user_id.name")),
            ["Coordinator", "Head", "Keeper"],
        )
        row.with_user(self.keeper).action_receive()
        self.assertEqual(row.timeliness, "late")
        self.assertFalse(row.activity_ids)

    def test_head_who_is_responsible_keeps_one_activity(self):
        self.departments["warehouse"].head_id = self.keeper
        with freeze_time(FRIDAY):
            _order, row = self._released()
        with freeze_time("2026-03-09 02:01:00"):
            self._escalate()
        self.assertRecordValues(
            row.activity_ids,
            [{"user_id": self.keeper.id, "summary": f"Overdue: {row.display_name}"}],
        )

    def test_coordinator_without_choice(self):
        self.company.handover_coordinator_id = False
        user = self.company._handover_get_coordinator()
        self.assertTrue(user.has_group("order_handover.group_officer"))
        self.coordinator.active = False
        self.company.handover_coordinator_id = self.coordinator
        self.assertNotEqual(self.company._handover_get_coordinator(), self.coordinator)

    # On paper, in numbers ------------------------------------------------------------

    def _render(self, report, ids, user):
        reports = self.env["ir.actions.report"].with_user(user)
        html, _kind = reports._render_qweb_html(f"order_handover.{report}", ids)
        return html.decode()

    def test_printed_list(self):
        self.to_warehouse.requires_signature = True
        order, row = self._released()
        self._receive(row, self.keeper, SIGNATURE, note="Two boxes")
        paper = self._render("report_handover_list", row.ids, self.keeper)
        for text in (order.name, "Keeper", "Shirt × 10 Units", "Two boxes", "base64"):
            self.assertIn(text, paper)
        paper = self._render("report_handover_list_order", order.ids, self.salesman)
        self.assertIn("Two boxes", paper)

    def test_statistics(self):
        with freeze_time("2026-03-09 02:00:00"):
            _order, late = self._released()
            _order, fast = self._released()
        with freeze_time("2026-03-09 03:30:00"):
            fast.with_user(self.keeper).action_receive()
        with freeze_time("2026-03-10 04:00:00"):
            late.with_user(self.keeper).action_receive()
        self.env.flush_all()
        rows = self.env["order.handover.report"].with_user(self.coordinator)
        ((department, hours, share),) = rows._read_group(
            [("order_id", "in", (late | fast).order_id.ids)],
            ["receiver_department_id"],
            ["hours_to_receive:avg", "late_percent:avg"],
        )
        self.assertEqual(department, self.departments["warehouse"])
        self.assertAlmostEqual(hours, (1.5 + 26.0) / 2)
        self.assertAlmostEqual(share, 50.0)
