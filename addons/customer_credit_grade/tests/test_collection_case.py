from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_collection import CollectionCommon


@tagged("post_install", "-at_install")
class TestCollectionCase(CollectionCommon):
    """What people do in a case, and who may (SPEC D7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._create_user("stranger", "sales_team.group_sale_salesman")
        cls.lawyer = cls._create_user("lawyer")
        department = cls.departments.get("legal") or cls.env[
            "document.approval.department"
        ].sudo().create({"name": "Legal", "code": "legal"})
        department.head_id = cls.lawyer
        cls.invoice = cls._invoice(1000, "2026-03-10")

    def _run_on(self, day):
        with freeze_time(f"{day} 12:00:00"):
            self._collect()

    def _start(self):
        self._run_on("2026-03-11")
        return self._case_of()

    @freeze_time("2026-03-12 12:00:00")
    def test_call_by_the_salesperson(self):
        case = self._start().with_user(self.salesman)
        cause = self.env.ref("customer_credit_grade.delay_cause_funds")
        step = case.log_contact("call", "Pays next week", cause, "2026-03-19")
        self.assertEqual(step.user_id, self.salesman)
        self.assertEqual(step.result, "Pays next week")
        self.assertEqual(case.cause_id, cause)
        self.assertEqual(str(case.next_date), "2026-03-19")
        self.assertEqual(case.step_ids[0], step)
        with self.assertRaises(UserError):
            case.log_contact("call", "  ")

    @freeze_time("2026-03-12 12:00:00")
    def test_who_may(self):
        case = self._start()
        own = case.with_user(self.salesman)
        for refused in (
            lambda: own.pause(self.invoice.invoice_date_due, "why"),
            lambda: own.hand_over("why"),
            lambda: own.action_resume(),
            lambda: own.send_notice(self.levels["overdue"]),
            lambda: own.action_notice(),
            lambda: own.log_contact("letter", "sent"),
            lambda: own.write({"note": "x"}),
            lambda: own.write({"state": "closed"}),
            lambda: own.unlink(),
            lambda: own.copy(),
            lambda: case.with_user(self.stranger).log_contact("call", "x"),
            lambda: case.with_user(self.stranger).promise(1, "2030-01-01"),
            lambda: case.with_user(self.stranger).read(["state"]),
            lambda: case.with_user(self.operator).read(["state"]),
            lambda: case.with_user(self.financier).write({"state": "closed"}),
            lambda: case.with_user(self.financier).write({"pause_until": False}),
            lambda: case.write({"level_id": False}),
            lambda: case.with_user(self.financier).unlink(),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                refused()
        case.with_user(self.financier).write({"note": "fine", "next_date": False})
        everything = case.with_user(self.other_salesman)  # all customers
        everything.log_contact("visit", "Nobody there")

    @freeze_time("2026-03-12 12:00:00")
    def test_history_stays(self):
        case = self._start()
        step = case.step_ids
        promise = case.promise(100, self.invoice.invoice_date_due.replace(year=2027))
        for record in (step, step.item_ids, promise):
            with self.assertRaises(UserError):
                record.sudo().write({"company_id": False})
            with self.assertRaises(UserError):
                record.sudo().unlink()
            for user in (self.salesman, self.financier, self.director):
                own = record.with_user(user)
                self.assertTrue(own.read(["company_id"]))
                with self.assertRaises(UserError):
                    own.unlink()
                with self.assertRaises(UserError):
                    own.write({"company_id": False})
                with self.assertRaises(AccessError):
                    own.create({"collection_id": case.id})
            with self.assertRaises(AccessError):
                record.with_user(self.stranger).read(["company_id"])
        with self.assertRaises(UserError):
            case.sudo().unlink()
        with self.assertRaises(UserError):
            step.write({"result": "x"})

    def test_pause(self):
        case = self._start().with_user(self.financier)
        with freeze_time("2026-03-12 12:00:00"):
            day = case.account_id._get_today(case.company_id)
            with self.assertRaises(UserError):
                case.pause(day, "Talks")
            case.pause(day.replace(day=20), "Talks about returns")
        self.assertEqual(case.state, "paused")
        self._run_on("2026-03-17")
        self.assertEqual(case.level_id, self.levels["overdue"])
        self._run_on("2026-03-20")
        self.assertEqual(case.state, "open")
        self.assertEqual(case.level_id, self.levels["call"])
        kinds = self._steps_of().mapped("kind")
        self.assertEqual(kinds, ["notice", "pause", "resume", "planned"])

    def _promise(self, amount, date):
        case = self._start().with_user(self.salesman)
        with freeze_time("2026-03-12 12:00:00"):
            day = case.account_id._get_today(case.company_id)
            return case.promise(amount, day.replace(day=date), "the bookkeeper")

    def test_promise_kept(self):
        promise = self._promise(600, 20)
        case = promise.collection_id
        self.assertEqual(case.state, "promised")
        self._run_on("2026-03-18")  # a call would be due
        self.assertEqual(case.level_id, self.levels["overdue"])
        with freeze_time("2026-03-19 12:00:00"):
            self._pay(599.99)
            self._collect()
            self.assertEqual(promise.state, "open")
            self._pay(0.01)
            self._collect()
        self.assertEqual((promise.state, promise.received), ("kept", 600.0))
        self.assertEqual(case.state, "open")
        self.assertEqual(case.amount_overdue, 400.0)

    def test_promise_broken(self):
        promise = self._promise(600, 20)
        case = promise.collection_id
        with freeze_time("2026-03-19 12:00:00"):
            self._pay(100)
            self._invoice(50, "2026-03-19", kind="out_refund")  # no money
        self._run_on("2026-03-20")
        self.assertEqual(promise.state, "open")
        self._run_on("2026-03-21")
        self.assertEqual((promise.state, promise.received), ("broken", 100.0))
        self.assertEqual(case.state, "open")
        self.assertEqual(case.level_id, self.levels["call"])
        activity = case.activity_ids.filtered(lambda a: "broken" in a.summary)
        self.assertEqual(activity.user_id, self.salesman)

    def test_payment_of_the_day_before_the_promise_does_not_count(self):
        case = self._start()
        with freeze_time("2026-03-12 12:00:00"):
            self._pay(300)
            day = case.account_id._get_today(case.company_id)
            promise = case.promise(300, day.replace(day=20))
            self.assertEqual((promise.paid_before, promise.received), (300.0, 0.0))
            self._pay(300)
            promise.invalidate_recordset()
            self.assertEqual(promise.received, 300.0)

    def test_one_payment_keeps_one_promise(self):
        first = self._promise(300, 15)
        second = self._promise(300, 20)
        with freeze_time("2026-03-14 12:00:00"):
            self._pay(400)
            self._collect()
        self.assertEqual((first.state, second.state), ("kept", "open"))
        self.assertEqual(second.received, 100.0)
        self.assertEqual(first.collection_id.state, "promised")
        with freeze_time("2026-03-19 12:00:00"):
            self._pay(200)
            self._collect()
        self.assertEqual(second.state, "kept")

    def test_payment_taken_back(self):
        promise = self._promise(300, 15)
        with freeze_time("2026-03-14 12:00:00"):
            payment = self._pay(300)
            payment.action_draft()
        self._run_on("2026-03-16")
        self.assertEqual(promise.state, "broken")

    def test_dispute(self):
        other = self._invoice(70, "2026-03-10")
        case = self._start().with_user(self.financier)
        case.cause_id = self.env.ref("customer_credit_grade.delay_cause_dispute")
        self._run_on("2026-03-17")
        self.assertEqual(case.level_id, self.levels["overdue"])
        case.disputed_ids = self.invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self._run_on("2026-03-18")
        self.assertEqual(case.level_id, self.levels["call"])
        step = self._steps_of()[-1]
        self.assertEqual(step.item_ids.line_id.move_id, other)
        self.assertEqual(step.amount, 70.0)

    def test_legal(self):
        case = self._start().with_user(self.financier)
        with freeze_time("2026-03-12 12:00:00"):
            case.hand_over("Does not answer")
        self.assertTrue(case.account_id.is_with_legal)
        self.assertEqual(case.activity_ids.user_id, self.lawyer | self.salesman)
        self._run_on("2026-05-30")
        self.assertEqual(case.level_id, self.levels["overdue"])
        case.action_resume()
        self.assertFalse(case.account_id.is_with_legal)

    @freeze_time("2026-03-12 12:00:00")
    def test_notice_by_hand_with_preview(self):
        case = self._start().with_user(self.financier)
        self.company.partner_id.bank_ids = [
            Command.create({"acc_number": "BE15001559627230"})
        ]
        wizard = (
            self.env["customer.credit.notice.wizard"]
            .with_user(self.financier)
            .browse(case.action_notice()["res_id"])
        )
        self.assertEqual(wizard.level_id, self.levels["overdue"])
        self.assertIn("1,000.00", wizard.body)
        self.assertIn(self.invoice.name, wizard.body)
        self.assertIn("BE15001559627230", wizard.body)
        self.assertIn(self.levels["overdue"].consequences[:20], wizard.body)
        self.assertEqual(len(self._steps_of()), 1)  # a preview leaves nothing
        wizard.action_send()
        self.assertEqual(len(self._mails_of()), 2)
        mail = self._mails_of()[-1]
        self.assertEqual(mail.email_from, self.financier.email_formatted)
        self.assertEqual(self._steps_of()[-1].message_id, mail.mail_message_id)
        with self.assertRaisesRegex(UserError, "today already"):
            wizard.action_send()

    def test_notice_and_job_do_not_repeat_each_other(self):
        with freeze_time("2026-03-11 08:00:00"):
            case = self.cases._open_cases(self.credit_account, "2026-03-11")[
                self.credit_account
            ]
            case.with_user(self.financier).send_notice(self.levels["overdue"])
            self._collect()
        self._run_on("2026-03-12")
        self.assertEqual(len(self._mails_of()), 1)

    @freeze_time("2026-03-12 12:00:00")
    def test_no_address(self):
        self.partner.email = False
        case = self._start()
        self.assertFalse(self._mails_of())
        self.assertIn("no e-mail address", case.step_ids.result)
        self.assertEqual(case.activity_ids.user_id, self.salesman)
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            case.with_user(self.financier).send_notice(self.levels["overdue"])

    @freeze_time("2026-03-12 12:00:00")
    def test_mail_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.lang = "fr_FR"
        template = self.levels["overdue"].template_id
        template.with_context(lang="fr_FR").subject = "Paiement en retard"
        self.levels["overdue"].with_context(lang="fr_FR").consequences = "Sinon, rien"
        self._start()
        mail = self._mails_of()
        self.assertEqual(mail.subject, "Paiement en retard")
        self.assertIn("Sinon, rien", mail.body_html)
        self.assertIn("10/03/2026", mail.body_html)
        self.assertIn(self.invoice.name, mail.body_html)
        self.assertEqual(mail.email_from, self.salesman.email_formatted)

    @freeze_time("2026-03-12 12:00:00")
    def test_other_currency(self):
        euro = self.env.ref("base.EUR")
        if euro == self.company.currency_id:
            euro = self.env.ref("base.USD")
        euro.sudo().active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": euro.id,
                "name": "2026-01-01",
                "rate": 0.5,
                "company_id": self.company.id,
            }
        )
        self._invoice(100, "2026-03-10", currency_id=euro.id)
        self._start()
        step = self._steps_of()
        self.assertEqual(step.amount, 1200.0)
        item = step.item_ids.filtered(lambda i: i.item_currency_id == euro)
        self.assertEqual((item.amount, item.amount_currency), (200.0, 100.0))

    def test_account_button(self):
        account = self.credit_account.with_user(self.salesman)
        with self.assertRaises(AccessError):
            account.action_open_collection()
        action = self.credit_account.with_user(self.financier).action_open_collection()
        self.assertEqual(action["res_id"], self._case_of().id)
        self.assertEqual(account.action_open_collection()["res_id"], self._case_of().id)

    @freeze_time("2026-03-12 12:00:00")
    def test_dialog(self):
        case = self._start().with_user(self.salesman)
        wizard = (
            self.env["customer.credit.collection.wizard"]
            .with_user(self.salesman)
            .with_context(**case.action_promise()["context"])
            .create({})
        )
        self.assertEqual(wizard.amount, 1000.0)
        wizard.date = "2026-03-15"
        wizard.action_done()
        self.assertEqual(case.promised_amount, 1000.0)
