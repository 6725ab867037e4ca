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
        self._run()
        self.assertFalse(self._changes(self.order))
        self.order.picking_ids.move_ids.filtered(
            lambda move: move.state != "cancel"
        ).date = self._in_days(12)
        self._run()
        self.assertEqual(self._changes(self.order).date_new, self._in_days(12))

    def test_one_order_does_not_hold_up_the_others(self):
        other = self._confirm_order(commitment_date=self._in_days(5)).sudo()
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
        counts = []
        for some in (orders[:1], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["order.progress.change"].sudo()._notice(some)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
