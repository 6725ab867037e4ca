from odoo.tests import tagged

from .alert_common import AlertCommon


@tagged("post_install", "-at_install")
class TestAlertWatch(AlertCommon):
    """What raises alerts, once, and what closes them (SPEC D5)."""

    def test_nothing_is_wrong(self):
        self._invoice(3999)
        self._watch()
        self.assertFalse(self._open())

    def test_near_the_limit(self):
        self._invoice(4000)
        alert = self._watch().filtered(lambda a: a.account_id == self.credit_account)
        self.assertRecordValues(
            alert,
            [
                {
                    "trigger": "near",
                    "grade_id": self.grades["b"].id,
                    "stops": "none",
                    "responsible_id": self.salesman.id,
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(
            alert.figures, {"exposure": 4000.0, "limit": 5000.0, "used": 80.0}
        )
        self.assertIn("80 % of the limit", alert.text)
        self.assertEqual(alert.told_ids, self.salesman)

    def test_over_replaces_near(self):
        self._invoice(4500)
        self._watch()
        self._invoice(750.5)
        self._watch()
        alert = self._open()
        self.assertEqual(alert.trigger, "over")
        self.assertEqual(alert.figures["over"], 250.5)
        self.assertEqual(alert.told_ids, self.salesman + self.financier)
        self.assertEqual(alert.responsible_id, self.financier)
        near = self.credit_account.alert_ids - alert
        self.assertRecordValues(
            near, [{"trigger": "near", "state": "closed", "closing": "gone"}]
        )

    def test_over_the_limit_of_the_group(self):
        other = self.env["res.partner"].create({"name": "Sister"})
        group = self.env["customer.credit.group"].create(
            {"name": "Family", "company_id": self.company.id}
        )
        group._apply_limit(1000.0)
        self.credit_account._credit_apply({"group_id": group.id})
        self._set_limit(other, 9000.0, group_id=group.id)
        self._invoice(800)
        self._invoice(300, partner=other)
        self._watch()
        alert = self._open("over")
        self.assertEqual(alert.figures, {"group": "Family", "over": 100.0})
        self.assertIn("Family", alert.text)
        self._watch(self.credit_account)
        self.assertEqual(self._open(), alert)

    def test_overdue_beyond_what_is_tolerated(self):
        self._invoice(100, days_overdue=7)
        self._watch()
        self.assertFalse(self._open())
        self._invoice(200, days_overdue=8)
        self._watch()
        alert = self._open()
        self.assertEqual(alert.figures, {"amount": 300.0, "days": 8, "tolerated": 7})
        self.assertEqual(alert.trigger, "overdue")
        self.assertEqual(alert.stops, "orders")
        self.assertEqual(alert.measures_text, "no new orders")

    def test_guarantee_expiring(self):
        self._entitle("guarantee", 1000, 31)
        self._watch()
        self.assertFalse(self._open())
        ends = self._entitle("temporary", 500, 30)
        self._watch()
        alert = self._open()
        self.assertEqual(alert.trigger, "expiring")
        self.assertEqual(alert.figures["amount"], 500.0)
        self.assertEqual(alert.figures["kind"], "temporary")
        self._entitle("temporary", 500, 90)  # renewed
        self._watch()
        self.assertFalse(self._open())
        self.assertFalse(ends.date_ended)

    def test_downgrade_whatever_changed_the_grade(self):
        self._watch()
        self.credit_account._credit_apply({"grade_id": self.grades["c"].id})
        self._watch()
        alert = self._open()
        self.assertRecordValues(
            alert, [{"trigger": "downgrade", "stops": "none", "prepayment": 50.0}]
        )
        self.assertIn("B – Good", alert.text)
        self.assertIn("C – Watch", alert.text)
        self._watch()
        self.assertEqual(self._open(), alert)
        self.credit_account._credit_apply({"grade_id": self.grades["d"].id})
        self._watch()
        self.assertEqual(self._open().prepayment, 100.0)
        self.assertEqual(alert.closing, "gone")
        self.credit_account._credit_apply({"grade_id": self.grades["c"].id})
        self._watch()
        self.assertFalse(self._open(), "as good as before the last downgrade")

    def test_downgrade_told_by_the_request(self):
        self._watch()
        self.credit_account._credit_apply({"grade_id": self.grades["c"].id})
        self.credit_account._credit_grade_changed(self.grades["b"])
        alert = self._open("downgrade")
        self.assertEqual(alert.prepayment, 50.0)
        self._watch()
        self.assertEqual(self._open(), alert)
        self.credit_account._credit_apply({"grade_id": self.grades["a"].id})
        self.assertFalse(self.credit_account._raise_downgrade(self.grades["c"]))
        self.assertEqual(alert.closing, "gone")

    def test_interrupted_before_the_grade_was_noted(self):
        self._watch()
        self.credit_account._credit_apply({"grade_id": self.grades["c"].id})
        rows = self.watch._compare(self.company)[0]
        alert = self.alerts._raise(rows)
        self._watch()
        self.assertEqual(self._open(), alert)

    def test_first_look_knows_no_downgrade(self):
        self.credit_account._credit_apply({"grade_id": self.grades["d"].id})
        self._watch()
        self.assertFalse(self._open())

    def test_once_only(self):
        self._invoice(5200, days_overdue=20)
        self.assertEqual(len(self._watch().filtered(self._is_own)), 2)
        self.assertFalse(self._watch().filtered(self._is_own))
        self.assertEqual(
            self.alerts._raise(
                [
                    {
                        "account_id": self.credit_account.id,
                        "trigger": "over",
                        "figures": {},
                    }
                ]
            ),
            self.alerts,
        )
        for alert in self._open():
            self.assertEqual(alert.activity_ids.user_id, self.salesman + self.financier)
            self.assertEqual(len(alert.activity_ids), 2)
            self.assertFalse(alert.message_partner_ids, "no followers, no mails")

    def _is_own(self, alert):
        return alert.account_id == self.credit_account

    def test_closes_by_itself(self):
        self._invoice(5200, days_overdue=20)
        self._watch()
        alerts = self._open()
        self._pay(5200)
        self._watch()
        self.assertFalse(self._open())
        self.assertEqual(set(alerts.mapped("closing")), {"gone"})
        self.assertFalse(alerts.activity_ids)
        self._invoice(5200, days_overdue=20)
        self._watch()
        self.assertEqual(len(self._open()), 2, "raised anew")

    def test_modes(self):
        self._invoice(5200, days_overdue=20)
        self.credit_account._credit_apply({"mode": "unmanaged"})
        self._watch()
        self.assertFalse(self._open())
        self.credit_account._credit_apply({"mode": "prepay"})
        self._watch()
        self.assertEqual(self._open().mapped("trigger"), ["overdue"])
        self.credit_account._credit_apply({"mode": "unmanaged"})
        self._watch()
        self.assertFalse(self._open())

    def test_customer_without_grade(self):
        self.credit_account._credit_apply({"grade_id": False})
        self._invoice(4000)
        self._watch()
        self.assertRecordValues(
            self._open(), [{"trigger": "near", "responsible_id": self.salesman.id}]
        )

    def test_job(self):
        self._invoice(5200)
        cron = self.env.ref("customer_credit_grade.ir_cron_watch")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._open().trigger, "over")
        self.company.credit_mode = "off"
        self._pay(5200)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._open().trigger, "over", "not looked at")
        self.company.credit_mode = "observe"
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(self._open())

    def test_companies_are_apart(self):
        other = self.env["res.company"].create(
            {"name": "Elsewhere", "credit_mode": "enforce"}
        )
        account = self.credit_accounts._bump(other, self.partner)
        account._credit_apply({"mode": "limited"})
        self._invoice(5200)
        self.watch._watch(other)
        self.assertFalse(self._open())
        self._watch()
        self.assertFalse(self._open(account=account))
        self.assertEqual(self._open().company_id, self.company)

    def _make_customers(self, number):
        partners = self.env["res.partner"].create(
            [
                {"name": f"Customer {n}", "user_id": self.salesman.id}
                for n in range(number)
            ]
        )
        accounts = self._get_account(partners)
        accounts._credit_apply({"mode": "limited", "grade_id": self.grades["b"].id})
        for partner in partners:
            self._invoice(10, days_overdue=20, partner=partner)
        return accounts

    def _count(self, function):
        """Return how many statements a call takes, all written."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_number_of_statements_does_not_grow(self):
        counts = []
        for number in (3, 30):
            accounts = self._make_customers(number)
            raising = self._count(lambda accounts=accounts: self._watch(accounts))
            alerts = self.alerts.browse(accounts.open_alert_ids.ids)
            self.assertEqual(len(alerts), 2 * number)
            nothing = self._count(lambda accounts=accounts: self._watch(accounts))
            closing = self._count(alerts._close)
            counts.append((raising, nothing, closing))
        for few, many in zip(*counts, strict=True):
            self.assertLessEqual(many, few + 5, counts)
        self.assertLessEqual(counts[1][1], 25, counts)
