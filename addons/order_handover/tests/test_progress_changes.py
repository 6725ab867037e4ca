from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_progress import ProgressCommon


@tagged("post_install", "-at_install")
class TestProgressChanges(ProgressCommon):
    """A date that moves is noticed once and told once (SPEC F3)."""

    def setUp(self):
        super().setUp()
        self.order = self._confirm_order(commitment_date=self._in_days(5)).sudo()
        self.picking = self.order.picking_ids
        self.old = self.order.picking_ids.move_ids.date
        self._look_at(self.order)

    def _run(self):
        """Let the job run, as an hour later."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE order_progress_date SET checked_on = '2020-01-01'")
        cron = self.env.ref("order_handover.ir_cron_follow_dates").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _move_to(self, days):
        self.picking.move_ids.date = self._in_days(days)

    def _activities(self):
        return self.order.activity_ids.filtered(
            lambda activity: activity.summary == "New delivery dates"
        )

    def _mails(self):
        return self.env["mail.message"].search(
            [
                ("model", "=", "sale.order"),
                ("res_id", "=", self.order.id),
                ("subject", "like", "new delivery date"),
            ]
        )

    def _kept(self, order):
        return self.env["order.progress.date"].search([("order_id", "=", order.id)])

    def _candidates(self):
        before = datetime.now() + timedelta(days=1)
        return self.env["order.progress.date"]._get_candidates(before)

    def test_nothing_changed(self):
        self._run()
        self.assertFalse(self._changes(self.order))
        self.assertFalse(self._activities())

    def test_salesperson_is_told_once(self):
        for days in (6, 7, 8):
            self._move_to(days)
        self._run()
        change = self._changes(self.order)
        self.assertRecordValues(
            change,
            [
                {
                    "date_old": self.old,
                    "date_new": self._in_days(8),
                    "source": self.picking.name,
                    "line_name": "Shirt",
                    "is_later": True,
                    "state": "told",
                    "told_to": self.salesman.display_name,
                }
            ],
        )
        self.assertEqual(self._activities().user_id, self.salesman)
        self.assertFalse(self._mails())
        self._run()
        self.assertEqual(self._changes(self.order), change)
        self.assertEqual(len(self._activities()), 1)

    def test_same_day_is_no_change(self):
        self.picking.move_ids.date = self.old.replace(hour=10, minute=3)
        self._run()
        self.assertFalse(self._changes(self.order))

    def test_customer_is_told_where_the_company_wants_it(self):
        self.company.handover_progress_notice = "customer"
        followers = self.order.message_partner_ids
        self._move_to(9)
        self._run()
        mail = self._mails()
        self.assertEqual(mail.notified_partner_ids & self.partner, self.partner)
        day = self._changes(self.order)._get_day_text
        self.assertIn(day(self._in_days(9)), mail.body)
        self.assertIn(day(self.old), mail.body)
        self.assertNotIn(self.picking.name, mail.body)
        self.assertEqual(self.order.message_partner_ids, followers)
        self.assertIn("customer@example.com", self._changes(self.order).told_to)
        self._run()
        self.assertEqual(self._mails(), mail)
        self._move_to(10)
        self._run()
        self.assertEqual(len(self._mails()), 2)

    def test_nobody_is_told_where_the_company_wants_that(self):
        self.company.handover_progress_notice = "none"
        self._move_to(9)
        self._run()
        self.assertEqual(self._changes(self.order).state, "silent")
        self.assertFalse(self._activities())
        self.company.handover_progress_notice = "customer"
        self._run()
        self.assertFalse(self._mails())

    def test_customer_without_address(self):
        self.company.handover_progress_notice = "customer"
        self.partner.sudo().email = False
        self._move_to(9)
        self._run()
        self.assertFalse(self._mails())
        self.assertEqual(self._changes(self.order).told_to, self.salesman.display_name)

    def test_shipped_and_cancelled_orders_are_forgotten(self):
        dates = self.env["order.progress.date"]
        self.assertTrue(dates.search([("order_id", "=", self.order.id)]))
        self._ship(self.picking)
        self._run()
        self.assertFalse(dates.search([("order_id", "=", self.order.id)]))
        self.assertFalse(self._changes(self.order))

    def test_first_sight_of_an_old_order_tells_nobody(self):
        self.env.cr.execute("DELETE FROM order_progress_date")
        self._move_to(9)
        self._run()
        self.assertFalse(self._changes(self.order))
        self.assertEqual(
            self.env["order.progress.date"]
            .search([("order_id", "=", self.order.id)])
            .date_expected,
            self._in_days(9),
        )

    def test_confirmed_again_with_another_date(self):
        self.order._action_cancel()
        self.order.action_draft()
        self.order.commitment_date = self._in_days(9)
        self.order.action_confirm()
        self.assertFalse(self._kept(self.order))
        self._run()
        self.assertFalse(self._changes(self.order))
        self.order.picking_ids.move_ids.filtered(
            lambda move: move.state != "cancel"
        ).date = self._in_days(12)
        self._run()
        self.assertEqual(self._changes(self.order).date_new, self._in_days(12))

    def test_one_order_does_not_hold_up_the_others(self):
        other = self._confirm_order(commitment_date=self._in_days(5)).sudo()
        self._look_at(other)
        self._move_to(9)
        other.picking_ids.move_ids.date = self._in_days(9)
        tell = type(self.env["order.progress.change"])._tell_owner

        def fail(changes):
            if changes.order_id == self.order:
                raise ValueError("no way to tell")
            return tell(changes)

        with mute_logger(
            "odoo.addons.order_handover.models.order_progress_change_tell"
        ):
            self.patch(self.registry["order.progress.change"], "_tell_owner", fail)
            self._run()
        self.assertEqual(self._changes(self.order).state, "new")
        self.assertEqual(self._changes(other).state, "told")
        self.patch(self.registry["order.progress.change"], "_tell_owner", tell)
        self._run()
        self.assertEqual(self._changes(self.order).state, "told")

    def test_what_has_no_date_is_not_looked_at(self):
        """Orders of which goods only come back, or await the customer."""
        self.assertIn(self.order.id, self._candidates())
        self._ship(self.picking)
        self._look_at(self.order)
        self.assertNotIn(self.order.id, self._candidates())
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_ids=self.picking.ids, active_id=self.picking.id)
            .create({"picking_id": self.picking.id})
        )
        wizard.product_return_moves.quantity = 10.0
        back = wizard._create_return()
        self.assertIn(back.state, ("confirmed", "assigned", "waiting"))
        self.assertEqual(back.move_ids.sale_line_id.order_id, self.order)
        self.assertNotIn(self.order.id, self._candidates())
        waiting = self.company._handover_get_acceptance_location()
        back.move_ids.location_id = waiting
        self.assertNotIn(self.order.id, self._candidates())
        back.move_ids.location_id = self.warehouse.lot_stock_id
        self.assertIn(self.order.id, self._candidates())

    def test_each_order_is_looked_at_once_in_a_run(self):
        """Also where nothing comes of it, and outside a job that ends in time."""
        self._confirm_orders(4)
        seen = []
        changes = self.registry["order.progress.change"]

        def notice(records, orders):
            seen.append(orders.ids)
            self.assertLess(len(seen), 100)
            return records.browse()

        self.patch(changes, "_notice", notice)
        told = []

        def progress(crons, processed=0, remaining=None):
            told.append((processed, remaining))
            return 1.0

        self.patch(self.registry["ir.cron"], "_commit_progress", progress)
        candidates = self._candidates()
        self.env["order.progress.change"].sudo()._cron_follow_dates(batch_size=2)
        self.assertEqual(told[0], (0, told[0][1]))
        self.assertEqual(sum(done for done, _remaining in told), told[0][1])
        looked_at = [order_id for ids in seen for order_id in ids]
        self.assertLessEqual(max(map(len, seen)), 2)
        self.assertEqual(len(looked_at), len(set(looked_at)))
        self.assertLessEqual(set(looked_at), set(candidates))
        self.assertGreaterEqual(len(looked_at), 4)

    def test_failing_order_fails_alone(self):
        other = self._confirm_order(commitment_date=self._in_days(5)).sudo()
        model = self.registry["sale.order"]
        expected = model._handover_get_expected

        def fail(orders):
            if self.order in orders:
                raise ValueError("no forecast")
            return expected(orders)

        self.patch(model, "_handover_get_expected", fail)
        with mute_logger(
            "odoo.addons.order_handover.models.order_progress_change_tell"
        ):
            self._run()
        kept = self._kept(other)
        self.assertEqual(kept.date_expected, other.picking_ids.move_ids.date)

    def test_confirmation_computes_no_dates(self):
        def fail(orders, *args, **kwargs):
            raise ValueError("no forecast")

        self.patch(self.registry["sale.order"], "_handover_get_facts", fail)
        order = self._confirm_order().sudo()
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._kept(order))

    def test_dates_need_no_tracking(self):
        def fail(orders, picking_ids):
            raise ValueError("no carrier")

        self.patch(self.registry["sale.order"], "_handover_get_tracking", fail)
        self._move_to(9)
        self._look_at(self.order)
        self.assertEqual(self._changes(self.order).date_new, self._in_days(9))

    def test_history_stays(self):
        self._move_to(9)
        self._run()
        change = self._changes(self.order)
        for user in (self.salesman, self.coordinator, self.manager):
            with self.assertRaises(AccessError):
                change.with_user(user).write({"state": "new"})
            with self.assertRaises(AccessError):
                change.with_user(user).unlink()
        with self.assertRaises(AccessError):
            change.write({"date_old": False})
        with self.assertRaises(UserError):
            change.with_context(_force_unlink=True).unlink()
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        self.assertFalse(change.with_user(colleague).search([("id", "=", change.id)]))

    def test_number_of_queries_does_not_depend_on_the_orders(self):
        orders = self._confirm_orders(20)
        self._look_at(orders)
        counts = []
        for some in (orders[:1], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["order.progress.change"].sudo()._notice(some)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
