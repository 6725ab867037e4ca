from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .stock_allocation_common import AllocationCommon


@tagged("post_install", "-at_install")
class TestAllocationApply(AllocationCommon):
    """Reservations change as proposed, or not at all."""

    def test_only_what_changes_is_touched(self):
        b = self._order("B", 2)
        self._reserve(b)
        c = self._order("C", 8)
        self._reserve(c)
        line = b.move_line_ids
        a = self._order("A", 5)
        run = self._propose()
        result = run.action_apply()
        self.assertEqual(result["params"]["type"], "success")
        self.assert_held((a, 5), (b, 2), (c, 3))
        self.assertEqual(b.move_line_ids, line)
        self.assertEqual((a.state, c.state), ("assigned", "partially_available"))
        self.assertEqual(self._get_line(run, a).qty_applied, 5)
        self.assertEqual(self._get_line(run, b).result, False)
        self.assertRecordValues(
            run, [{"state": "applied", "applied_by_id": self.chief.id}]
        )

    def test_reservation_made_meanwhile(self):
        c = self._order("C", 8)
        self._reserve(c)
        a = self._order("A", 5)
        run = self._propose()
        self._reserve(a)
        with self.assertRaisesRegex(UserError, "Propose again"):
            run.action_apply()
        self.assert_held((a, 2), (c, 8))

    def test_conflict_in_one_product_only(self):
        belt = self._create_goods("Belt")
        self._put_in_stock(belt, 10.0)
        c = self._order("C", 8)
        other = self._order("C", 8, product=belt)
        self._reserve(c | other)
        a = self._order("A", 5)
        also = self._order("A", 5, product=belt)
        run = self._propose(product_ids=(self.cap | belt).ids)
        c.move_line_ids.picked = True
        result = run.action_apply()
        self.assertEqual(result["params"]["type"], "warning")
        self.assert_held((a, 0), (c, 8), (also, 5), (other, 5))
        self.assertEqual(self._get_line(run, a).result, "conflict")
        self.assertEqual(self._get_line(run, also).result, "done")
        self.assertEqual(run.conflict_count, 2)

    def test_stock_gone_meanwhile(self):
        a = self._order("A", 9)
        run = self._propose()
        self._put_in_stock(self.cap, -5)
        with self.assertRaisesRegex(UserError, "Propose again"):
            run.action_apply()
        self.assert_held((a, 0))

    def test_applied_twice(self):
        a = self._order("A", 9)
        run = self._propose()
        run.action_apply()
        for method in ("action_apply", "action_propose", "action_draft", "unlink"):
            with self.assertRaisesRegex(UserError, "was applied|It stays"):
                getattr(run, method)()
        with self.assertRaises(UserError):
            run.sudo().unlink()
        with self.assertRaises(UserError):
            run.sudo().line_ids.unlink()
        self.assert_held((a, 9))

    def test_nothing_to_change(self):
        a = self._order("A", 9)
        self._reserve(a)
        with self.assertRaisesRegex(UserError, "nothing to apply"):
            self._propose().action_apply()

    def test_state_is_nobodys_to_write(self):
        run = self._propose()
        runs = self.env["stock.allocation.run"]
        for user in (self.chief, self.coordinator, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                run.with_user(user).write({"state": "applied"})
            with self.assertRaises(AccessError):
                runs.with_user(user).create({"state": "applied"})
        with self.assertRaises(AccessError):
            run.sudo().write({"date_applied": "2030-01-01"})
        self.env["ir.default"].sudo().set("stock.allocation.run", "state", "applied")
        new = runs.with_user(self.chief).create({})
        self.assertEqual(new.state, "draft")
        new = (
            runs.with_user(self.chief).with_context(default_state="applied").create({})
        )
        self.assertEqual(new.state, "draft")

    def test_scope_of_a_proposal_stays(self):
        run = self._propose()
        with self.assertRaisesRegex(UserError, "scope stays"):
            run.horizon_days = 3
        run.action_draft()
        run.horizon_days = 3
        self.assertFalse(run.line_ids)

    def test_who_may(self):
        a = self._order("A", 9)
        run = self._propose()
        runs = self.env["stock.allocation.run"]
        for user in (self.salesman, self.manager):
            with self.assertRaises(AccessError):
                runs.with_user(user).search([])
            with self.assertRaises(AccessError):
                run.with_user(user).action_apply()
        self.assertEqual(run.with_user(self.keeper).line_count, 1)
        for method in ("action_apply", "action_propose", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(run.with_user(self.keeper), method)()
            with self.assertRaises(AccessError):
                getattr(run.with_user(self.keeper).sudo(), method)()
        with self.assertRaises(AccessError):
            runs.with_user(self.keeper).create({})
        for model in ("stock.allocation.line", "stock.allocation.shift"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.chief).create({"run_id": run.id})
        with self.assertRaises(AccessError):
            run.with_user(self.chief).line_ids.write({"qty_proposed": 1})
        run.with_user(self.coordinator).action_apply()
        self.assert_held((a, 9))

    def test_other_company(self):
        """Nothing of another company is read, proposed or applied."""
        company = self.env["res.company"].sudo().create({"name": "Other"})
        a = self._order("A", 9)
        run = self._propose()
        stranger = self._create_user("stranger", "stock.group_stock_manager")
        stranger.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        foreign = run.with_user(stranger).with_company(company)
        for method in ("action_apply", "action_propose", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(foreign, method)()
        runs = self.env["stock.allocation.run"].with_user(stranger)
        own = runs.with_company(company).create({"company_id": company.id})
        own.action_propose()
        self.assertFalse(own.line_ids)
        with self.assertRaises(UserError):
            own.action_draft()
            own.warehouse_ids = self.warehouse.ids
        self.assert_held((a, 0))

    def test_daily(self):
        """Off by default; proposed, or applied, once a day where wanted."""
        c = self._order("C", 8)
        self._reserve(c)
        a = self._order("A", 5)
        runs = self.env["stock.allocation.run"].sudo()
        cron = self.env.ref("order_handover_region.ir_cron_stock_allocation").sudo()

        def call():
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            return runs.search([("company_id", "=", self.company.id)])

        self.assertFalse(call())
        self.company.allocation_schedule = "apply"
        run = call()
        self.assertEqual((run.state, len(run)), ("applied", 1))
        self.assertEqual(call(), run)
        self.assert_held((a, 5), (c, 5))

    def test_one_company_that_fails_stops_no_other(self):
        other = self.env["res.company"].sudo().create({"name": "Another"})
        both = self.company | other
        both.allocation_schedule = "propose"
        runs = self.env["stock.allocation.run"].sudo()
        cron = self.env.ref("order_handover_region.ir_cron_stock_allocation").sudo()
        first = self.env["res.company"].search([("id", "in", both.ids)])[0]
        allocate = type(runs)._allocate_daily

        def fail(model, company):
            run = allocate(model, company)
            if company == first:
                raise ValueError("broken")
            return run

        with (
            self.enter_registry_test_mode(),
            patch.object(type(runs), "_allocate_daily", fail),
            self.assertLogs("odoo.addons.order_handover_region", "ERROR") as log,
        ):
            cron.method_direct_trigger()
        self.assertIn(f"company {first.id} failed", log.output[0])
        found = runs.search([("company_id", "in", both.ids)])
        self.assertEqual(found.company_id, both - first)

    def test_queries_do_not_grow(self):
        for number in range(6):
            self._order("ABC"[number % 3], 2)
        run = self._propose()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            run.action_propose()
            self.env.flush_all()
