from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .letter_common import ConfirmedOrderCommon

_SENDING = "odoo.addons.sale_order_policy.models.sale_order_policy_queue"


@tagged("post_install", "-at_install")
class TestTasks(ConfirmedOrderCommon):
    """Departments are told what to do, and by when (SPEC F1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sale_policy_letter = False
        # there is no stock, and these orders need no review
        cls.env["sale.order.type"].search([]).check_feasibility = False
        cls.product.is_storable = True
        templates = cls.env["sale.order.task.template"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.ship = templates.filtered(lambda t: t.department_id.code == "warehouse")
        cls.buy = templates.filtered(lambda t: t.department_id.code == "purchasing")
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Office", "company_id": cls.company.id, "tz": "Asia/Shanghai"}
        )
        cls.departments["warehouse"].resource_calendar_id = cls.calendar
        cls.ship.write({"limit_from": "after_confirmation", "limit_days": 1.0})

    def _tasks(self, order):
        return order.sudo().policy_task_ids.sorted("id")

    def _released(self, *lines, **values):
        order = self._confirmed(*lines, **values)
        self._run_job()
        return order

    # Which tasks ---------------------------------------------------------------------

    def test_usual_templates(self):
        templates = self.env["sale.order.task.template"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            templates.department_id.mapped("code"),
            ["warehouse", "production", "purchasing"],
        )

    def test_goods_are_shipped(self):
        service = self._create_product(type="service")
        order = self._released(
            {"product_uom_qty": 3.0}, {"product_id": service.id, "name": "Advice"}
        )
        task = self._tasks(order)
        self.assertRecordValues(
            task,
            [
                {
                    "department_id": self.departments["warehouse"].id,
                    "user_id": self.storekeeper.id,
                    "state": "open",
                    "order_name": order.name,
                }
            ],
        )
        self.assertRecordValues(
            task.line_ids, [{"product_id": self.product.id, "quantity": 3.0}]
        )

    def test_named_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ship.with_context(lang="fr_FR").name = "Préparer l'envoi"
        task = self._tasks(self._released())
        self.assertEqual(task.with_context(lang="fr_FR").name, "Préparer l'envoi")
        self.assertEqual(task.with_context(lang="en_US").name, "Prepare the shipment")

    def test_services_alone_give_no_shipment(self):
        service = self._create_product(type="service")
        self.assertFalse(self._tasks(self._released({"product_id": service.id})))

    def _create_buying_route(self):
        """Return a route as the app for purchases has it, which need not be there."""
        route = self.env["stock.route"].create(
            {
                "name": "Buy it",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Buy it",
                            "action": "pull",
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_stock"
                            ).id,
                            "location_src_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "picking_type_id": self.env.ref("stock.picking_type_in").id,
                        }
                    )
                ],
            }
        )
        self.env.cr.execute(
            "UPDATE stock_rule SET action = 'buy' WHERE id = %s", route.rule_ids.ids
        )
        route.rule_ids.invalidate_recordset()
        return route

    def test_bought_products_are_procured(self):
        self.product.route_ids = self._create_buying_route()
        order = self._released()
        self.assertEqual(
            self._tasks(order).department_id.mapped("code"), ["warehouse", "purchasing"]
        )

    def test_bought_by_the_warehouse(self):
        """As Odoo has it: the route is the warehouse's, for products with a vendor."""
        route = self._create_buying_route()
        route.write({"product_selectable": False, "warehouse_selectable": True})
        self.product.seller_ids = [Command.create({"partner_id": self.partner.id})]
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)]
        )
        warehouses.route_ids += route
        order = self._released()
        self.assertEqual(
            self._tasks(order).department_id.mapped("code"), ["warehouse", "purchasing"]
        )

    def test_order_types(self):
        kind = self.env["sale.order.type"].create({"name": "Samples"})
        self.ship.type_ids = kind
        self.assertFalse(self._tasks(self._released()))
        order = self._released(policy_type_id=kind.id)
        self.assertEqual(len(self._tasks(order)), 1)

    def test_switched_off(self):
        self.company.sale_policy_tasks = False
        self.assertFalse(self._tasks(self._released()))

    def test_no_prices(self):
        task = self._tasks(self._released({"price_unit": 87654.0}))
        for record in task | task:
            self.assertNotIn("87654", str(record.read()))
        self.assertNotIn("87654", str(task.line_ids.read()))

    # By when -------------------------------------------------------------------------

    def _deadline(self, confirmed, **values):
        with freeze_time(confirmed):
            return self._tasks(self._released(**values)).deadline

    def test_weekend_does_not_count(self):
        # Friday 10:00 in Shanghai, one working day of 8 hours: Monday 10:00
        deadline = self._deadline("2026-03-06 02:00:00")
        self.assertEqual(deadline, datetime(2026, 3, 9, 2, 0))

    def test_holiday_does_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-03-08 16:00:00",
                "date_to": "2026-03-09 15:59:59",
            }
        )
        deadline = self._deadline("2026-03-06 02:00:00")
        self.assertEqual(deadline, datetime(2026, 3, 10, 2, 0))

    def test_before_the_delivery(self):
        self.ship.write({"limit_from": "before_delivery", "limit_days": 2.0})
        deadline = self._deadline(
            "2026-03-02 02:00:00", commitment_date="2026-03-16 02:00:00"
        )
        self.assertEqual(deadline, datetime(2026, 3, 12, 2, 0))

    def test_promise_that_leaves_less_time(self):
        self.ship.write({"limit_from": "before_delivery", "limit_days": 30.0})
        deadline = self._deadline(
            "2026-03-02 02:00:00", commitment_date="2026-03-06 02:00:00"
        )
        self.assertEqual(deadline, datetime(2026, 3, 6, 2, 0))

    def test_no_promised_date(self):
        self.ship.write({"limit_from": "before_delivery", "limit_days": 1.0})
        deadline = self._deadline("2026-03-06 02:00:00")
        self.assertEqual(deadline, datetime(2026, 3, 9, 2, 0))

    def test_limit_is_a_sensible_number(self):
        for days in (-1.0, float("nan"), 1e6):
            with self.subTest(days=days), self.assertRaises(ValidationError):
                self.ship.limit_days = days

    # Who -----------------------------------------------------------------------------

    def test_head_is_responsible(self):
        head = self._create_user("head")
        self.departments["warehouse"].head_id = head
        task = self._tasks(self._released())
        self.assertEqual(task.user_id, head)
        self.assertEqual(task.activity_ids.user_id, head)

    def test_department_without_people(self):
        self.departments["warehouse"].member_ids = False
        task = self._tasks(self._released())
        self.assertEqual(task.user_id, self.director, "whom it falls back to")

    def test_member_without_other_rights(self):
        order = self._released()
        task = self._tasks(order).with_user(self.storekeeper)
        self.assertFalse(order.with_user(self.storekeeper).has_access("read"))
        self.assertEqual(task.search([("is_mine", "=", True)]), task)
        self.assertEqual(task.line_ids.product_id.ids, self.product.ids)
        task.note = "Two boxes"
        task.action_done()
        self.assertRecordValues(
            task, [{"state": "done", "done_by_id": self.storekeeper.id}]
        )
        self.assertFalse(task.sudo().activity_ids)

    def test_member_finishes_by_his_to_do(self):
        task = self._tasks(self._released())
        task.activity_ids.with_user(self.storekeeper).action_feedback()
        self.assertEqual(task.state, "done")

    def test_own_plans_do_not_finish_it(self):
        """Only the to-do that the system gave stands for the task."""
        task = self._tasks(self._released()).with_user(self.storekeeper)
        own = self.env["mail.activity"].with_user(self.storekeeper)
        own = own.create(
            {
                "res_model_id": self.env["ir.model"]._get_id(task._name),
                "res_id": task.id,
                "user_id": self.storekeeper.id,
                "summary": "Call the carrier",
            }
        )
        own.action_feedback()
        self.assertEqual(task.state, "open")

    def test_others_see_nothing(self):
        task = self._tasks(self._released()).with_user(self.buyer)
        self.assertFalse(task.search([]))
        with self.assertRaises(AccessError):
            task.line_ids.read(["name"])
        with self.assertRaises(AccessError):
            task.action_done()

    def test_owner_reads_and_cannot_finish(self):
        task = self._tasks(self._released()).with_user(self.salesman)
        self.assertEqual(task.read(["name"])[0]["name"], "Prepare the shipment")
        with self.assertRaises(AccessError):
            task.action_done()
        with self.assertRaises(AccessError):
            task.note = "x"
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        self.assertFalse(task.with_user(stranger).has_access("read"))

    def test_manager_may_finish(self):
        task = self._tasks(self._released()).with_user(self.manager)
        task.action_done()
        self.assertEqual(task.done_by_id, self.manager)

    def test_other_company(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        task = self._tasks(self._released())
        self.storekeeper.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(task.with_user(self.storekeeper).has_access("read"))

    def test_members_write_remarks_only(self):
        task = self._tasks(self._released()).with_user(self.storekeeper)
        for vals in (
            {"state": "done"},
            {"deadline": "2030-01-01"},
            {"done_by_id": self.manager.id},
            {"name": "x"},
            {"line_ids": [Command.clear()]},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                task.write(vals)
        with self.assertRaises(AccessError):
            task.unlink()
        with self.assertRaises(AccessError):
            task.create({"name": "x"})

    def test_a_member_takes_it(self):
        second = self._create_user("second storekeeper")
        self.departments["warehouse"].member_ids |= second
        task = self._tasks(self._released()).with_user(second)
        task.action_take()
        self.assertEqual(task.sudo().activity_ids.user_id, second)
        with self.assertRaises(UserError):
            task.user_id = self.buyer

    # How it ends ---------------------------------------------------------------------

    def test_cancelled_order(self):
        order = self._released()
        order.sudo()._action_cancel()
        task = self._tasks(order)
        self.assertEqual(task.state, "cancelled")
        self.assertFalse(task.activity_ids)

    def test_cancelled_before_the_job(self):
        order = self._confirmed()
        order.sudo()._action_cancel()
        self._run_job()
        self.assertFalse(self._tasks(order))

    def test_done_is_not_asked_again(self):
        order = self._released()
        self._tasks(order).with_user(self.storekeeper).action_done()
        order.sudo()._action_cancel()
        order.action_draft()
        order.action_confirm()
        self._run_job()
        self.assertEqual(self._tasks(order).mapped("state"), ["done"])
        order.sudo()._action_cancel()
        order.action_draft()
        order.order_line.product_uom_qty = 7.0
        order.action_confirm()
        self._run_job()
        self.assertEqual(self._tasks(order).mapped("state"), ["done", "open"])

    def test_open_tasks_are_made_anew(self):
        order = self._released()
        order.sudo()._action_cancel()
        order.action_draft()
        order.action_confirm()
        self._run_job()
        self.assertEqual(self._tasks(order).mapped("state"), ["cancelled", "open"])

    def test_second_run_makes_nothing(self):
        order = self._released()
        self._run_job()
        self.assertEqual(len(self._tasks(order)), 1)

    def test_reopened(self):
        order = self._released()
        task = self._tasks(order).with_user(self.storekeeper)
        task.action_done()
        task.action_reopen()
        self.assertEqual(task.sudo().activity_ids.user_id, self.storekeeper)
        task.action_done()
        order.sudo()._action_cancel()
        with self.assertRaises(UserError):
            task.action_reopen()

    @mute_logger(_SENDING)
    def test_failure_is_told(self):
        order = self._confirmed()
        batches = type(self.env["sale.order.task.batch"])
        with patch.object(batches, "_prepare_task", side_effect=ValueError("broken")):
            self._run_job()
        self.assertFalse(self._tasks(order))
        activity = order.sudo().activity_ids.filtered(
            lambda a: a.user_id == self.salesman
        )
        self.assertIn("broken", activity.note)
        batch = self.env["sale.order.task.batch"].search([("order_id", "=", order.id)])
        with self.assertRaises(AccessError):
            batch.with_user(self.buyer).action_retry()
        batch.with_user(self.manager).action_retry()
        self._run_job()
        self.assertEqual(len(self._tasks(order)), 1)

    def test_cancelling_costs_the_same_for_many(self):
        def released(count):
            orders = self.env["sale.order"].concat(
                *(self._create_order() for _number in range(count))
            )
            orders.action_confirm()
            self._run_job()
            return orders

        counts = []
        for orders in (released(1), released(2), released(8)):
            start = self.env.cr.sql_log_count
            orders._policy_withdraw_confirmation()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[2], counts[1] + 2)
