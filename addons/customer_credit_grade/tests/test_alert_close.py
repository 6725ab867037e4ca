from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .alert_common import AlertCommon


@tagged("post_install", "-at_install")
class TestAlertClose(AlertCommon):
    """Who sees, raises and closes alerts (SPEC D5)."""

    def test_event_raises_one_alert(self):
        event = self._event()
        alert = self._open("event")
        self.assertEqual(event.alert_id, alert)
        self.assertEqual(alert.text, "Court case: Sued by a supplier")
        self.assertEqual(alert.told_ids, self.salesman + self.financier)
        second = self._event(self.financier, kind="press", text="In the papers")
        self.assertEqual(second.alert_id, alert)
        self.assertEqual(len(self._open()), 1)
        self.assertEqual(len(alert.activity_ids), 2)
        self.assertIn("In the papers", alert.message_ids[0].body)
        self._watch()
        self.assertEqual(self._open(), alert, "stays until somebody closes it")

    def test_management_is_told_of_a_weak_customer(self):
        self.credit_account._credit_apply({"grade_id": self.grades["c"].id})
        self._event()
        alert = self._open("event")
        self.assertEqual(alert.told_ids, self.salesman + self.financier + self.director)
        self.assertEqual(alert.stops, "orders")

    def test_event_is_kept_as_entered(self):
        event = self._event(alert_id=1)
        self.assertEqual(event.alert_id, self._open("event"))
        for user in (self.salesman, self.financier, self.director):
            with self.assertRaises(AccessError):
                event.with_user(user).write({"text": "nothing"})
            with self.assertRaises(AccessError):
                event.with_user(user).unlink()

    def test_event_of_somebody_elses_customer(self):
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self._event(stranger)
        with self.assertRaises(AccessError):
            self._event(self.supervisor)
        self.assertFalse(self._open())

    def test_officer_closes_with_a_reason(self):
        self._event()
        alert = self._open("event").with_user(self.financier)
        self.assertTrue(alert.can_close)
        for reason in (None, "", "  ", ["x"]):
            with self.assertRaisesRegex(UserError, "Say why"):
                alert.action_close(reason)
        alert.action_close("Settled out of court")
        self.assertRecordValues(
            alert,
            [
                {
                    "state": "closed",
                    "closing": "person",
                    "closed_by_id": self.financier.id,
                    "close_reason": "Settled out of court",
                }
            ],
        )
        self.assertTrue(alert.date_closed)
        self.assertFalse(alert.sudo().activity_ids)
        with self.assertRaisesRegex(UserError, "closed already"):
            alert.action_close("again")

    def test_others_do_not_close(self):
        self._event()
        alert = self._open("event")
        for user in (self.salesman, self.other_salesman, self.supervisor):
            with self.assertRaises(AccessError):
                alert.with_user(user).action_close("I say so")
        self.salesman.group_ids += self.env.ref("customer_credit_grade.group_officer")
        with self.assertRaisesRegex(AccessError, "somebody else"):
            alert.with_user(self.salesman).action_close("My own customer")
        self.assertEqual(alert.state, "open")

    def test_conditions_close_by_themselves_only(self):
        self._invoice(5200)
        self._watch()
        alert = self._open("over").with_user(self.financier)
        self.assertFalse(alert.can_close)
        with self.assertRaisesRegex(UserError, "by itself"):
            alert.action_close("It is fine")

    def test_dialog(self):
        self._event()
        alert = self._open("event")
        dialog = (
            self.env["customer.credit.alert.close"]
            .with_user(self.financier)
            .create({"alert_ids": alert.ids, "reason": "A mistake of the paper"})
        )
        dialog.action_close()
        self.assertEqual(alert.close_reason, "A mistake of the paper")

    def test_nobody_writes_alerts(self):
        self._event()
        alert = self._open("event")
        for user in (self.salesman, self.financier, self.director):
            own = alert.with_user(user)
            with self.assertRaises(AccessError):
                own.write({"state": "closed"})
            with self.assertRaises(AccessError):
                own.create({"account_id": self.credit_account.id, "trigger": "near"})
            with self.assertRaises(AccessError):
                own.unlink()
        with self.assertRaises(AccessError):
            self.env["customer.credit.watch"].with_user(self.director).create(
                {"account_id": self.credit_account.id}
            )

    def test_who_sees_alerts(self):
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        self._event()
        alert = self._open("event")
        alerts = self.env["customer.credit.alert"]
        for user in (self.salesman, self.other_salesman, self.financier):
            self.assertIn(alert, alerts.with_user(user).search([]))
        for user in (stranger, self.supervisor):
            self.assertNotIn(alert, alerts.with_user(user).search([]))
            with self.assertRaises(AccessError):
                alert.with_user(user).read(["text"])
        self.assertEqual(self.credit_account.with_user(self.salesman).alert_count, 1)

    def test_who_is_told_reads_it(self):
        self.director.group_ids = self.env.ref("base.group_user")
        self.credit_account._credit_apply({"grade_id": self.grades["c"].id})
        self._event()
        alert = self._open("event").with_user(self.director)
        self.assertIn("Sued", alert.read(["text", "partner_id", "note"])[0]["text"])

    def test_other_company_sees_nothing(self):
        self._event()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        officer = self._create_user("elsewhere", "customer_credit_grade.group_officer")
        officer.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        found = self.env["customer.credit.alert"].with_user(officer).search([])
        self.assertNotIn(self._open("event"), found)

    def test_only_officers_check_now(self):
        self._invoice(5200)
        with self.assertRaises(AccessError):
            self.credit_account.with_user(self.salesman).action_watch()
        self.credit_account.with_user(self.financier).action_watch()
        self.assertEqual(self._open().trigger, "over")
        self.assertIn(
            "exceeded", self.credit_account.with_user(self.salesman).alert_summary
        )

    def test_text_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._entitle("guarantee", 1000, 10)
        self._watch()
        alert = self._open("expiring")
        date = alert.figures["date"]
        self.assertIn(f"{date[5:7]}/{date[8:]}/{date[:4]}", alert.text)
        french = alert.with_context(lang="fr_FR")
        self.assertIn(f"{date[8:]}/{date[5:7]}/{date[:4]}", french.text)
