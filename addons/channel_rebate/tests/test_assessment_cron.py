from freezegun import freeze_time

from odoo.tests import tagged

from .common_assessment import START, ChannelAssessmentCommon


@tagged("post_install", "-at_install")
class TestAssessmentCron(ChannelAssessmentCommon):
    """Prepared when a period is over, for all partners at once (SPEC L4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_card(
            {"name": "Payment", "indicator": "payment_on_time", "weight": 60}
            | {"method": "linear"},
            {"name": "Orders", "indicator": "order_completion", "weight": 40}
            | {"method": "linear"},
        )
        cls.company.channel_assessment_user_id = cls.officer
        cls.assessments = cls.env["channel.assessment"]

    def _run(self, day="2025-10-01 10:00:00"):
        with freeze_time(day):
            work = self.assessments._get_due_partners()
            for company, kind, start, channels in work:
                if company == self.company:
                    self.assessments._prepare_assessments(
                        company, kind, start, channels & self.channel
                    )

    def _get(self):
        return self.assessments.search([("channel_partner_id", "=", self.channel.id)])

    def test_off_by_default(self):
        self._run()
        self.assertFalse(self._get())

    def test_last_quarter_and_year(self):
        self._settle(self._invoice(100, START), 100, START)
        self.company.channel_assessment_period = "quarter"
        self._run()
        assessment = self._get()
        self.assertRecordValues(
            assessment,
            [
                {
                    "channel_partner_id": self.channel.id,
                    "date_from": START,
                    "score": 100,
                    "state": "draft",
                    "user_id": self.officer.id,
                }
            ],
        )
        self.assertEqual(self.channel.assessed_score, 0)  # nothing takes effect
        activity = assessment.activity_ids
        self.assertEqual(activity.user_id, self.officer)
        self.assertFalse(assessment.message_partner_ids & self.salesman.partner_id)
        self._run()
        self._run("2025-12-31 10:00:00")
        self.assertEqual(self._get(), assessment)
        assessment.action_cancel()
        self._run()
        self.assertEqual(len(self._get()), 1)  # nor what was given up
        self.company.channel_assessment_period = "both"
        self._run("2026-01-01 10:00:00")
        self.assertEqual(
            sorted(self._get().mapped("period_name")), ["2025", "2025 Q3", "2025 Q4"]
        )
        self.assertEqual(len(self._get().activity_ids), 1)

    def test_not_of_candidates_and_former_partners(self):
        self.channel._write_assessed({"state": "terminated"})
        self.company.channel_assessment_period = "quarter"
        self._run()
        self.assertFalse(self._get())

    def test_run_by_the_scheduler(self):
        self.company.channel_assessment_period = "quarter"
        cron = self.env.ref("channel_rebate.ir_cron_prepare_channel_assessments")
        with freeze_time("2025-10-01 10:00:00"), self.enter_registry_test_mode():
            cron.sudo().method_direct_trigger()
        self.assertEqual(len(self._get()), 1)

    def test_as_many_statements_for_30_as_for_3(self):
        partners = (
            self.env["res.partner"]
            .sudo()
            .create([{"name": f"Dealer {number}"} for number in range(33)])
        )
        channels = self.channel.browse()
        for partner in partners:
            channels |= self._create_channel(partner)
        counts = []
        for some in (channels[:1], channels[1:4], channels[4:34]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assessments._prepare_assessments(self.company, "quarter", START, some)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])
        self.assertLess(counts[2], 80)
