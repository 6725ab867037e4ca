from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .alert_common import AlertCommon


@tagged("post_install", "-at_install")
class TestAlertMeasures(AlertCommon):
    """What open alerts do to orders and shipments (SPEC D5)."""

    def _get(self, account=None):
        account = account or self.credit_account
        return account._get_measures().get(account.id, [])

    def test_nothing_in_force(self):
        self.assertEqual(self.credit_account._get_measures(), {})
        self.assertEqual(self.credit_accounts.browse()._get_measures(), {})
        self._invoice(4500)
        self._watch()
        self.assertEqual(self._get(), [], "near the limit only tells")

    def test_event_stops_the_orders_of_a_weak_customer(self):
        self.credit_account._credit_apply({"grade_id": self.grades["c"].id})
        self.grades["c"].sudo().prepayment_share = 0
        order = self._order_of(100)
        self._event()
        (measure,) = self._get()
        self.assertEqual(measure["stops"], "orders")
        self.assertEqual(measure["prepayment"], 0)
        self.assertIn("External event", measure["text"])
        self.assertNotIn("Sued", measure["text"])
        with self.assertRaisesRegex(UserError, "External event"):
            order.action_confirm()
        self._open("event").with_user(self.financier).action_close("Settled")
        self.assertEqual(self._get(), [])
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_closing_wakes_what_is_held(self):
        self.credit_account._credit_apply({"grade_id": self.grades["c"].id})
        self._event()
        hold = self.env["customer.credit.hold"]._note(
            [
                {
                    "company_id": self.company.id,
                    "debtor_id": self.partner.id,
                    "res_model": "sale.order",
                    "res_id": self._order_of(100).id,
                    "res_name": "S1",
                    "purpose": "order",
                    "owner_id": self.salesman.id,
                    "user_id": self.salesman.id,
                    "amount": 100.0,
                    "excess": 0.0,
                    "objections": [],
                }
            ]
        )
        self.assertEqual(hold.state, "waiting")
        cron = self.env.ref("customer_credit_grade.ir_cron_reconsider_holds")
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._open("event").with_user(self.financier).action_close("Settled")
        self.assertGreater(triggers.search_count([("cron_id", "=", cron.id)]), before)

    def test_payment_counts_before_the_next_watch(self):
        self._invoice(300, days_overdue=20)
        self._watch()
        self.assertEqual(self._get()[0]["stops"], "orders")
        self._pay(300)
        self.assertEqual(self._open("overdue").stops, "orders")
        self.assertEqual(self._get(), [])
        self._order_of(100).action_confirm()

    def test_downgrade_demands_a_prepayment(self):
        self._watch()
        self.grades["c"].sudo().prepayment_share = 30
        self.credit_account._credit_apply({"grade_id": self.grades["c"].id})
        self._watch()
        self.assertEqual(self._get()[0]["prepayment"], 50.0)
        order = self._order_of(1000)
        self._pay(499)
        with self.assertRaisesRegex(UserError, "prepayment"):
            order.action_confirm()
        self._pay(1)
        order.action_confirm()

    def test_guarantee_meets_the_demand(self):
        measure = self.grades["b"].measure_ids.filtered(lambda m: m.trigger == "event")
        measure.sudo().write({"stops": "both", "demands_guarantee": True})
        before = self._entitle("guarantee", 100, 90)
        before.flush_recordset()
        self.env.cr.execute(
            "UPDATE customer_credit_entitlement SET create_date = %s WHERE id = %s",
            (before.create_date - timedelta(days=3), before.id),
        )
        self._event()
        self.assertEqual(self._get()[0]["stops"], "both")
        self._entitle("guarantee", 100, 90)
        self.assertEqual(self._get(), [])

    def test_measures_are_frozen(self):
        measure = self.grades["b"].measure_ids.filtered(lambda m: m.trigger == "event")
        measure.sudo().write({"stops": "shipping", "prepayment": 25})
        self._event()
        measure.sudo().write({"stops": "none", "prepayment": 0})
        self.assertEqual(self._get()[0]["stops"], "shipping")
        measure.sudo().unlink()
        self.assertEqual(self._get()[0]["prepayment"], 25)

    def test_several_accounts_in_one_statement(self):
        self.grades["b"].measure_ids.filtered(
            lambda m: m.trigger == "event"
        ).sudo().stops = "orders"
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {n}"} for n in range(5)]
        )
        accounts = self._get_account(partners)
        accounts._credit_apply({"mode": "limited", "grade_id": self.grades["b"].id})
        for account in accounts:
            self._event(self.financier, account)
        self.env.flush_all()
        accounts._get_measures()
        with self.assertQueryCount(1):
            measures = accounts._get_measures()
        self.assertEqual(set(measures), set(accounts.ids))

    def test_prepayment_is_a_share(self):
        measure = self.grades["b"].measure_ids[0]
        for share in (-1, 101, float("nan")):
            with self.assertRaises(ValidationError):
                measure.sudo().prepayment = share
