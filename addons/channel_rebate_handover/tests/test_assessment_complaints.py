from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.channel_rebate.tests.common_assessment import (
    END,
    START,
    ChannelAssessmentCommon,
)


@tagged("post_install", "-at_install")
class TestAssessmentComplaints(ChannelAssessmentCommon):
    """Complaints are deducted from the score, capped (SPEC L4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["order.exception.kind"].sudo().search([], limit=1)
        cls.order = cls._sell(100, 100, START)

    def _complain(self, when, source="staff", order=None):
        exception = (
            self.env["order.exception"]
            .sudo()
            ._create_system(
                [
                    {
                        "order_id": (order or self.order).id,
                        "kind_id": self.kind.id,
                        "description": "Scratched",
                    }
                ],
                source,
            )
        )
        self.env.flush_all()
        self.cr.execute(
            "UPDATE order_exception SET create_date = %s WHERE id = %s",
            [when, exception.id],
        )
        return exception

    def test_deducted_and_capped(self):
        self._create_card(
            {
                "name": "Complaints",
                "indicator": "complaints",
                "weight": 20,
                "method": "deduction",
                "deduction_each": 5,
                "deduction_most": 20,
            },
            {"name": "Market", "weight": 80, "method": "direct"},
        )
        assessment = self._create_assessment()
        line, market = assessment.line_ids
        market.write({"value": 100, "source_text": "Visit"})
        assessment.action_compute()
        self.assertEqual(assessment.score, 100)  # none is a figure, not missing data
        first = self._complain("2025-07-01 00:00:00")
        last = self._complain("2025-09-30 23:59:59", source="portal")
        self._complain("2025-06-30 23:59:59")
        self._complain("2025-10-01 00:00:00")
        self._complain("2025-08-01 00:00:00", source="system")
        assessment.action_compute()
        self.assertEqual((line.value, line.points, assessment.score), (2, 50, 90))
        action = line.action_open_documents()
        self.assertCountEqual(action["domain"][0][2], (first + last).ids)
        for _number in range(5):
            self._complain("2025-08-01 00:00:00")
        assessment.action_compute()
        self.assertEqual((line.value, line.points, assessment.score), (7, 0, 80))
        with self.assertRaises(AccessError):
            line.write({"value": 0})

    def test_one_statement(self):
        partner = self.env["res.partner"].sudo().create({"name": "Dealer"})
        other = self._create_channel(partner)
        self._complain("2025-08-01 00:00:00")
        criterion = self.env["channel.scorecard.criterion"].new(
            {"indicator": "complaints"}
        )
        values = criterion._get_values(self.channel | other, START, END)
        self.assertEqual(
            values[criterion.id], {self.channel.id: (1, 0, 0), other.id: (0, 0, 0)}
        )
