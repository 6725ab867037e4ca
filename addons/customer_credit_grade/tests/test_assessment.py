from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestAssessment(CreditCommon):
    """Scorecards, assessments and their job (SPEC D1, D2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.credit_accounts._get_today(cls.company)
        cls.cards = cls.env["customer.credit.scorecard"]
        grades = [
            cls.env.ref(f"customer_credit_grade.customer_credit_grade_{code}")
            for code in "abcd"
        ]
        cls.grade_a, cls.grade_b, cls.grade_c, cls.grade_d = grades
        cls.card = cls.cards.create(
            {
                "name": "Test",
                "company_id": cls.company.id,
                "criterion_ids": [
                    Command.create(
                        {
                            "name": "Facts",
                            "category": "company",
                            "weight": 60,
                            "band_ids": [
                                Command.create({"label": "poor", "points": 0}),
                                Command.create({"label": "fair", "points": 50}),
                                Command.create({"label": "good", "points": 75}),
                                Command.create({"label": "best", "points": 100}),
                            ],
                        }
                    ),
                    Command.create(
                        {
                            "name": "Overdue",
                            "weight": 40,
                            "source": "computed",
                            "kind": "overdue_days",
                            "band_ids": [
                                Command.create({"value_from": 0, "points": 100}),
                                Command.create({"value_from": 10, "points": 25}),
                            ],
                        }
                    ),
                ],
                "grade_ids": [
                    Command.create({"score_from": start, "grade_id": grade.id})
                    for start, grade in zip((85, 70, 40, 0), grades, strict=True)
                ],
            }
        )
        cls.card.action_activate()
        cls.partner.sudo().user_id = cls.salesman

    def _assess(self, answer=None, user=None, account=None):
        assessment = (
            self.env["customer.credit.assessment"]
            .with_user(user or self.financier)
            .create({"account_id": (account or self.credit_account).id})
        )
        if answer:
            self._answer(assessment, answer)
            assessment.action_compute()
        return assessment

    def _answer(self, assessment, label):
        line = assessment.line_ids.filtered(lambda each: each.source == "manual")
        line.band_id = line.criterion_id.band_ids.filtered(
            lambda band: band.label == label
        )

    def test_score_proposes_the_grade(self):
        assessment = self._assess()
        self.assertEqual(assessment.scorecard_id, self.card)
        self.assertEqual(assessment.missing_count, 2)
        self.assertFalse(assessment.proposed_grade_id)
        with self.assertRaisesRegex(UserError, "Facts, Overdue"):
            assessment.action_complete()
        assessment.action_compute()
        for answer, score, grade in (
            ("poor", 40.0, self.grade_c),  # exactly the edge
            ("fair", 70.0, self.grade_b),
            ("good", 85.0, self.grade_a),
            ("best", 100.0, self.grade_a),
        ):
            self._answer(assessment, answer)
            self.assertEqual(assessment.score, score)
            self.assertEqual(assessment.proposed_grade_id, grade)
            self.assertEqual(assessment.chosen_grade_id, grade)

    def test_edges_of_bands(self):
        overdue = self.card.criterion_ids[1]
        for value, points in (
            (-1, 0),
            (0, 100),
            (9.99, 100),
            (10, 25),
            (99, 25),
            (None, 0),
        ):
            self.assertEqual(overdue._get_points(value), points)
        self.assertEqual(self.card._get_grade(84.99), self.grade_b)
        self.assertEqual(self.card._get_grade(85.0), self.grade_a)

    def test_completed_asks_for_the_grade_and_stays(self):
        assessment = self._assess("good")
        assessment.action_complete()
        request = assessment.request_id
        self.assertRecordValues(
            request,
            [
                {
                    "kind": "grade",
                    "grade_id": self.grade_a.id,
                    "account_id": self.credit_account.id,
                    "state": "draft",
                    "source": assessment.display_name,
                }
            ],
        )
        self.assertFalse(self.credit_account.grade_id, "nothing before approval")
        for records, values in (
            (assessment, {"note": "x"}),
            (assessment, {"chosen_grade_id": self.grade_d.id}),
            (assessment.line_ids, {"source_text": "x"}),
        ):
            with self.assertRaises(UserError):
                records.write(values)
            with self.assertRaises(UserError):
                records.sudo().write(values)
        for action in ("action_compute", "action_complete", "action_cancel", "unlink"):
            with self.assertRaises(UserError):
                getattr(assessment, action)()
        assessment.message_post(body="A remark is still possible.")

    def test_deviation_needs_a_reason(self):
        assessment = self._assess("good")
        assessment.chosen_grade_id = self.grade_c
        self.assertTrue(assessment.is_deviation)
        with self.assertRaisesRegex(UserError, "say why"):
            assessment.action_complete()
        assessment.deviation_reason = "The owner changes"
        assessment.action_complete()
        self.assertEqual(assessment.request_id.grade_id, self.grade_c)
        self.assertIn("The owner changes", assessment.request_id.reason)

    def test_figures_and_state_are_not_typed_in(self):
        assessment = self._assess()
        line = assessment.line_ids[1]
        for values in ({"value": 1}, {"has_value": True}, {"points": 100}):
            with self.assertRaises(AccessError):
                line.write(values)
            with self.assertRaises(AccessError):
                line.sudo().write(values)
        for values in ({"state": "done"}, {"request_id": 1}):
            with self.assertRaises(AccessError):
                assessment.sudo().write(values)
        with self.assertRaises(AccessError):
            assessment.with_context(default_state="done").create(
                {"account_id": self.credit_account.id, "state": "done"}
            )
        band = self.card.criterion_ids[0].band_ids[0]
        with self.assertRaises(AccessError):
            line.band_id = band

    def test_what_is_in_use_is_frozen(self):
        criterion = self.card.criterion_ids[0]
        for record, values in (
            (self.card, {"name": "x"}),
            (criterion, {"weight": 1}),
            (criterion.band_ids[0], {"points": 1}),
            (self.card.grade_ids[0], {"score_from": 1}),
        ):
            with self.assertRaises(UserError):
                record.with_user(self.director).write(values)
            with self.assertRaises(UserError):
                record.with_user(self.director).unlink()
        with self.assertRaises(UserError):
            criterion.band_ids.create(
                {"criterion_id": criterion.id, "label": "x", "points": 1}
            )
        with self.assertRaises(UserError):
            self.card.with_user(self.director).write({"state": "draft"})
        draft = self.card.copy()
        with self.assertRaises(AccessError):
            draft.with_user(self.director).write({"state": "active"})
        with self.assertRaises(UserError):  # nor moved into one in use
            draft.criterion_ids[0].scorecard_id = self.card

    def test_versions(self):
        old = self._assess("good")
        card = self.card.with_user(self.director)
        draft = self.cards.browse(card.action_new_version()["res_id"])
        self.assertEqual((draft.version, draft.state), (2, "draft"))
        self.assertEqual(len(draft.criterion_ids.band_ids), 6)
        draft.criterion_ids[0].weight = 50
        with self.assertRaisesRegex(ValidationError, "90"):
            draft.action_activate()
        draft.criterion_ids[1].weight = 50
        draft.with_user(self.director).action_activate()
        self.assertEqual((draft.state, self.card.state), ("active", "archived"))
        self.assertEqual(old.scorecard_id, self.card)
        self.assertEqual(old.score, 85.0)
        old.action_cancel()
        self.assertEqual(self._assess("good").score, 87.5)

    def test_shared_scorecard_is_the_fallback(self):
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        shared = self.env.ref("customer_credit_grade.customer_credit_scorecard_default")
        self.assertEqual(shared.state, "active")
        self.assertEqual(shared.weight_total, 100.0)
        self.assertEqual(self.cards._get_active(other), shared)
        self.assertEqual(self.cards._get_active(self.company), self.card)

    def test_who_may(self):
        assessment = self._assess("good")
        own = assessment.with_user(self.salesman)
        self.assertEqual(own.score, 85.0)
        self.assertEqual(len(own.line_ids.mapped("points")), 2)
        with self.assertRaises(AccessError):
            own.action_complete()
        with self.assertRaises(AccessError):
            own.write({"note": "x"})
        with self.assertRaises(AccessError):
            self._assess(user=self.salesman)
        with self.assertRaises(AccessError):
            assessment.with_user(self.operator).read(["score"])
        self.partner.sudo().user_id = self.other_salesman
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            own.read(["score"])
        with self.assertRaises(AccessError):
            own.line_ids.browse(assessment.line_ids.ids).read(["points"])
        self.assertTrue(assessment.with_user(self.other_salesman).score)
        with self.assertRaises(AccessError):
            self.card.with_user(self.financier).action_new_version()
        with self.assertRaises(AccessError):
            assessment.line_ids.create(
                {
                    "assessment_id": assessment.id,
                    "criterion_id": self.card.criterion_ids[0].id,
                }
            )

    def test_documents_of_a_line_are_read_by_whoever_reads_it(self):
        assessment = self._assess("good")
        file = (
            self.env["ir.attachment"]
            .with_user(self.financier)
            .create({"name": "register.txt", "raw": b"x", "res_model": "x"})
        )
        assessment.line_ids[0].attachment_ids = file
        self.assertEqual(file.with_user(self.salesman).raw, b"x")
        assessment.action_complete()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            file.with_user(self.financier).write({"raw": b"y"})

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "customer_credit_grade.ir_cron_prepare_reassessments"
            ).method_direct_trigger()

    def test_job_prepares_what_is_due_once(self):
        self.company.write(
            {"credit_officer_id": self.financier.id, "credit_review_days": 30}
        )
        partners = (
            self.env["res.partner"]
            .sudo()
            .create([{"name": f"Customer {number}"} for number in range(4)])
        )
        due, later, ordered, idle = self.credit_accounts._bump(self.company, partners)
        due._credit_apply({"next_review": self.today + relativedelta(days=30)})
        later._credit_apply({"next_review": self.today + relativedelta(days=31)})
        order = self._order_of(100, partner=ordered.partner_id).sudo()
        ordered._credit_apply({"mode": "unmanaged"})
        order.action_confirm()
        self.env["customer.credit.assessment"].search([]).unlink()
        self._run_job()
        accounts = due + later + ordered + idle
        domain = [("account_id", "in", accounts.ids)]
        drafts = self.env["customer.credit.assessment"].search(domain)
        self.assertEqual(drafts.account_id, due + ordered)
        self.assertEqual(set(drafts.mapped("missing_count")), {1}, "the answer only")
        self.assertEqual(drafts.user_id, self.financier)
        kind = self.env.ref("customer_credit_grade.mail_activity_type_reassess")
        activities = self.env["mail.activity"].search(
            [("activity_type_id", "=", kind.id), ("user_id", "=", self.financier.id)]
        )
        self.assertEqual(len(activities), 1)
        later._credit_apply({"next_review": self.today})
        self._run_job()
        drafts = self.env["customer.credit.assessment"].search(domain)
        self.assertEqual(drafts.account_id, due + later + ordered)
        self.assertEqual(len(drafts), 3)
        self.assertEqual(len(activities.exists()), 1)
        self.assertIn("3", activities.summary)

    def test_waiting_for_approval_is_not_prepared_again(self):
        self.credit_account._credit_apply({"next_review": self.today})
        self._assess("good").action_complete()
        due = self.env["customer.credit.assessment"]._get_due_accounts(self.company)
        self.assertNotIn(self.credit_account, due)
        assessment = self.env["customer.credit.assessment"].search(
            [("account_id", "=", self.credit_account.id)]
        )
        assessment.request_id.action_cancel()
        due = assessment._get_due_accounts(self.company)
        self.assertIn(self.credit_account, due)

    def test_preparing_many_costs_no_more_statements(self):
        partners = (
            self.env["res.partner"]
            .sudo()
            .create([{"name": f"Customer {number}"} for number in range(90)])
        )
        accounts = self.credit_accounts._bump(self.company, partners)
        drafts = self.env["customer.credit.assessment"]
        counts = []
        for batch in (accounts[:10], accounts[10:20], accounts[20:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            drafts._prepare_reassessments(self.company, batch)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 5, counts)
