from freezegun import freeze_time

from odoo.tests import tagged

from .common_collection import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionRun(CollectionCommon):
    """What is due is followed up on its day, once (SPEC D7)."""

    def _kinds_at(self, day, partner=None):
        with freeze_time(f"{day} 12:00:00"):
            before = self._steps_of(partner)
            self._collect()
            return (self._steps_of(partner) - before).mapped(
                lambda step: (step.kind, step.level_id)
            )

    def test_each_level_on_its_day(self):
        self._invoice(1000, "2026-03-10")
        levels = self.levels
        for day, expected in (
            ("2026-03-06", []),
            ("2026-03-07", [("notice", levels["reminder"])]),
            ("2026-03-08", []),
            ("2026-03-10", []),
            ("2026-03-11", [("notice", levels["overdue"])]),
            ("2026-03-12", []),
            ("2026-03-16", []),
            ("2026-03-17", [("planned", levels["call"])]),
            ("2026-03-24", []),
            ("2026-03-25", [("planned", levels["visit"])]),
            ("2026-05-08", []),
            ("2026-05-09", [("planned", levels["legal"])]),
            ("2026-12-31", []),
        ):
            self.assertEqual(self._kinds_at(day), expected, day)
        case = self._case_of()
        self.assertEqual(case.level_id, levels["legal"])
        self.assertEqual(case.state, "open")  # nobody is handed over by a job
        self.assertEqual(len(self._mails_of()), 2)

    def test_reminder_opens_no_case(self):
        self._invoice(1000, "2026-03-10")
        self._kinds_at("2026-03-08")
        self.assertFalse(self._case_of())
        step = self._steps_of()
        self.assertEqual(step.amount, 0.0)
        self.assertEqual(step.item_ids.amount, 1000.0)

    def test_off_by_default(self):
        self.company.credit_collection = False
        self.assertFalse(self.env["res.company"].new({"name": "New"}).credit_collection)
        self._invoice(1000, "2026-03-10")
        with freeze_time("2026-03-20 12:00:00"):
            with self.enter_registry_test_mode():
                self.env.ref(
                    "customer_credit_grade.ir_cron_collect"
                ).method_direct_trigger()
        self.assertFalse(self._steps_of())

    def test_cron(self):
        self._invoice(1000, "2026-03-10")
        self._invoice(500, "2026-03-10", self.other)
        with freeze_time("2026-03-11 12:00:00"):
            with self.enter_registry_test_mode():
                self.env.ref(
                    "customer_credit_grade.ir_cron_collect"
                ).method_direct_trigger()
        self.assertEqual(self._steps_of().amount, 1000.0)
        self.assertEqual(self._steps_of(self.other).amount, 500.0)

    def test_run_twice_one_mail(self):
        self._invoice(1000, "2026-03-10")
        with freeze_time("2026-03-11 12:00:00"):
            self._collect()
            self._collect()
        self.assertEqual(len(self._steps_of()), 1)
        self.assertEqual(len(self._mails_of()), 1)
        self.assertEqual(self._mails_of().state, "outgoing")

    def test_claim_refuses_second_run(self):
        """A rival that found the same items before the first one wrote gets none."""
        self._invoice(1000, "2026-03-10")
        with freeze_time("2026-03-11 12:00:00"):
            day = self.credit_accounts._get_today(self.company)
            levels = self.levels["overdue"]._get_of(self.company)
            due = self.cases._get_due(self.company, day, levels)
            self.assertEqual(len(self.cases._follow_up(self.company, day, due)), 1)
            self.assertEqual(len(self.cases._follow_up(self.company, day, due)), 0)
        self.assertEqual(len(self._mails_of()), 1)

    def test_one_notice_for_many_items_highest_level(self):
        first = self._invoice(1000, "2026-03-10")
        self._invoice(200, "2026-03-14")
        self._invoice(30, "2026-03-19")  # due in 2 days
        self.assertEqual(
            self._kinds_at("2026-03-17"), [("planned", self.levels["call"])]
        )
        step = self._steps_of()
        self.assertEqual(step.amount, 1200.0)
        self.assertEqual(
            step.item_ids.mapped(lambda i: (i.days, i.amount)),
            [(7, 1000.0), (3, 200.0), (-2, 30.0)],
        )
        self.assertEqual(step.item_ids[0].line_id.move_id, first)
        # all of them have been followed up at their levels
        self.assertEqual(self._kinds_at("2026-03-18"), [])
        self.assertEqual(
            self._kinds_at("2026-03-20"), [("notice", self.levels["overdue"])]
        )
        self.assertEqual(self._case_of().level_id, self.levels["call"])

    def test_unapplied_credits_cover_what_is_due_first(self):
        self._invoice(1000, "2026-03-10")
        self._invoice(500, "2026-03-12")
        with freeze_time("2026-03-01 12:00:00"):
            self._pay(1200)
        # nothing of what was due on the 10th is open
        self.assertEqual(
            self._kinds_at("2026-03-11"), [("notice", self.levels["reminder"])]
        )
        self.assertEqual(self._steps_of().item_ids.mapped("amount"), [300.0])
        self.assertEqual(
            self._kinds_at("2026-03-13"), [("notice", self.levels["overdue"])]
        )
        step = self._steps_of()[-1]
        self.assertEqual(step.item_ids.mapped("amount"), [300.0])
        self.assertEqual(step.amount, 300.0)

    def test_credits_cover_everything(self):
        self._invoice(1000, "2026-03-10")
        self._invoice(1000, "2026-03-05", kind="out_refund")
        self.assertEqual(self._kinds_at("2026-03-30"), [])
        self.assertFalse(self._case_of())

    def test_partial_payment(self):
        invoice = self._invoice(1000, "2026-03-10")
        with freeze_time("2026-03-01 12:00:00"):
            payment = self._pay(400)
        lines = (invoice | payment.move_id).line_ids
        lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self._kinds_at("2026-03-11")
        step = self._steps_of()
        self.assertEqual(step.item_ids.mapped("amount"), [600.0])
        self.assertEqual(step.amount, 600.0)
        self.assertEqual(self._case_of().amount_overdue, 600.0)

    def test_two_customers(self):
        self._invoice(1000, "2026-03-10")
        self._invoice(70, "2026-03-04", self.other)
        self._kinds_at("2026-03-11")
        self.assertEqual(self._steps_of().level_id, self.levels["overdue"])
        self.assertEqual(self._steps_of(self.other).level_id, self.levels["call"])
        self.assertEqual(self._steps_of(self.other).amount, 70.0)

    def test_contact_counts_for_its_customer(self):
        contact = (
            self.env["res.partner"]
            .sudo()
            .create(
                {
                    "name": "Accounts",
                    "type": "invoice",
                    "parent_id": self.other.id,
                    "email": "accounts@example.com",
                }
            )
        )
        self._invoice(70, "2026-03-10", contact)
        self._kinds_at("2026-03-11", self.other)
        self.assertEqual(self._steps_of(self.other).contact_id, contact)
        self.assertEqual(len(self._mails_of(contact)), 1)

    def test_minimum_amount(self):
        self.levels["call"].minimum_amount = 500.0
        self._invoice(499.99, "2026-03-10")
        self._kinds_at("2026-03-11")
        self.assertEqual(self._kinds_at("2026-03-17"), [])
        self._invoice(0.01, "2026-03-10")
        self.assertEqual(
            self._kinds_at("2026-03-18"), [("planned", self.levels["call"])]
        )

    def test_closes_when_paid(self):
        self._invoice(1000, "2026-03-10")
        self._kinds_at("2026-03-17")
        case = self._case_of()
        self.assertTrue(case.activity_ids)
        with freeze_time("2026-03-18 12:00:00"):
            self._pay(1000)
            self._collect()
        self.assertEqual(case.state, "closed")
        self.assertFalse(case.activity_ids)
        self.assertEqual(self._steps_of()[-1].kind, "closed")
        self._invoice(50, "2026-04-10")
        self._kinds_at("2026-04-11")
        self.assertNotEqual(self._case_of(), case)
        self.assertEqual(len(self._case_of().step_ids), 3)

    def test_excluded_items(self):
        invoice = self._invoice(1000, "2026-03-10")
        invoice.line_ids.no_followup = True
        self.assertEqual(self._kinds_at("2026-03-11"), [])

    def test_new_due_date_starts_anew(self):
        invoice = self._invoice(1000, "2026-03-10")
        self._kinds_at("2026-03-11")
        invoice.invoice_date_due = "2026-03-20"
        self._kinds_at("2026-03-12")
        self.assertEqual(
            self._kinds_at("2026-03-21"), [("notice", self.levels["overdue"])]
        )

    def test_calls_wait_for_working_days(self):
        self._invoice(1000, "2026-03-07")  # + 7 is a Saturday
        self._kinds_at("2026-03-14")
        activity = self._case_of().activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertEqual(str(activity.date_deadline), "2026-03-16")

    def test_day_of_the_company(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self._invoice(1000, "2026-03-10")
        with freeze_time("2026-03-10 15:59:00"):
            self._collect()
        self.assertEqual(self._steps_of().level_id, self.levels["reminder"])
        with freeze_time("2026-03-10 16:01:00"):
            self._collect()
        self.assertEqual(self._steps_of()[-1].level_id, self.levels["overdue"])

    def test_failing_customer_keeps_nobody_waiting(self):
        self._invoice(1000, "2026-03-10")
        self._invoice(70, "2026-03-10", self.other)
        self.levels[
            "overdue"
        ].template_id.body_html = '<t t-out="1 / (object.amount - 1000)"/>'
        with self.assertLogs("odoo.addons.customer_credit_grade", "ERROR"):
            self._kinds_at("2026-03-11")
        self.assertFalse(self._steps_of())
        self.assertEqual(len(self._mails_of(self.other)), 1)

    def test_branches(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        self.env.user.company_ids += branch
        self._invoice(1000, "2026-03-10")
        partner = self.partner.sudo().with_company(branch)
        partner.property_account_receivable_id = (
            self.partner.property_account_receivable_id
        )
        self._invoice(250, "2026-03-10", company_id=branch.id)
        self._kinds_at("2026-03-11")
        self.assertEqual(self._steps_of().amount, 1250.0)
        self.assertEqual(len(self._mails_of()), 1)

    def test_other_company_is_not_mixed_in(self):
        company = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        level = (
            self.levels["overdue"]
            .sudo()
            .copy({"company_id": company.id, "days": 0, "name": "Theirs"})
        )
        self._invoice(1000, "2026-03-10")
        self.assertEqual(self._kinds_at("2026-03-10")[0][1], self.levels["reminder"])
        self.assertNotIn(level, self.levels["call"]._get_of(self.company))

    def test_one_statement_for_all(self):
        day = self.credit_accounts._get_today(self.company)
        levels = self.levels["overdue"]._get_of(self.company)
        self._invoice(10, "2026-03-10")
        self.env.flush_all()
        self.cases._get_due(self.company, day, levels)
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            self.cases._get_due(self.company, day, levels)
        for number in range(20):
            self._invoice(10, "2026-03-10", self._create_customer(f"C{number}"))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            due = self.cases._get_due(self.company, day, levels)
        self.assertGreaterEqual(len(due), 21)
