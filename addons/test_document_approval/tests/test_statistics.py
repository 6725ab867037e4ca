from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user, tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestStatistics(ApprovalCommon):
    """How long departments take, what they refuse, what is overdue (B, N1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["document.approval.reason"].create({"name": "Price"})
        cls.flow.level_ids.seat_ids.deadline_days = 1

    def _rows(self, *documents, user=None):
        report = self.env["document.approval.report"].with_user(user or self.admin)
        report.invalidate_model()  # what is overdue depends on the clock
        return report.search(
            [("seat_id", "in", [i for d in documents for i in self._seats(d).ids])]
        )

    def _row(self, document, department):
        return self._rows(document).filtered(
            lambda row: row.department_id == department
        )

    def _decide(self, document, department, user, hours, refuse=False):
        """Decide ``hours`` after the seat's turn."""
        seat = self._seat(document, department)
        with freeze_time(Datetime.add(seat.date_open, hours=hours)):
            if refuse:
                seat.with_user(user).action_refuse("No", self.reason.id)
            else:
                seat.with_user(user).action_approve()
        self.env.flush_all()

    def test_average_time_per_department(self):
        fast, slow = self._submitted(), self._submitted()
        self._decide(fast, self.sales, self.supervisor, 2)
        self._decide(slow, self.sales, self.supervisor, 6)
        self._decide(fast, self.finance, self.accountant, 5)
        report = self.env["document.approval.report"].with_user(self.admin)
        found = report._read_group(
            [("id", "in", self._rows(fast, slow).ids)],
            groupby=["department_id"],
            aggregates=["hours_taken:avg", "nbr:sum", "hours_waiting:max"],
        )
        by_department = {department: numbers for department, *numbers in found}
        self.assertEqual(by_department[self.sales][:2], [4.0, 2])
        # one of two has decided; the other does not count as no time at all
        self.assertEqual(by_department[self.finance][:2], [5.0, 2])
        self.assertFalse(by_department[self.operations][0])

    def test_working_hours_are_those_of_the_calendar(self):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Mornings",
                "company_id": self.company.id,
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "Morning",
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 12,
                            "day_period": "morning",
                        }
                    )
                    for day in range(7)
                ],
            }
        )
        self.sales.resource_calendar_id = calendar
        with freeze_time("2026-03-02 10:00:00"):
            document = self._submitted()
        self._decide(document, self.sales, self.supervisor, 24)
        row = self._row(document, self.sales)
        self.assertEqual(row.hours_taken, 24)
        self.assertEqual(row.work_hours_taken, 4)

    def test_refusals_by_reason_and_decider(self):
        document, other = self._submitted(), self._submitted()
        self._decide(document, self.sales, self.supervisor, 1, refuse=True)
        self._decide(other, self.sales, self.supervisor, 1)
        row = self._row(document, self.sales)
        self.assertRecordValues(
            row,
            [
                {
                    "state": "refused",
                    "round_state": "refused",
                    "reason_id": self.reason.id,
                    "decided_by_id": self.supervisor.id,
                    "refused_count": 1,
                    "refusal_rate": 100,
                }
            ],
        )
        self.assertFalse(self._row(other, self.sales).reason_id)
        report = self.env["document.approval.report"].with_user(self.admin)
        ((rate, refused),) = report._read_group(
            [("id", "in", self._rows(document, other).ids)],
            aggregates=["refusal_rate:avg", "refused_count:sum"],
        )
        self.assertEqual((rate, refused), (50, 1))

    def test_overdue_now_and_decided_late(self):
        late, waiting, fine = self._submitted(), self._submitted(), self._submitted()
        self._decide(late, self.sales, self.supervisor, 24 * 14)
        self._decide(fine, self.sales, self.supervisor, 0)
        seat = self._seat(waiting, self.sales)
        with freeze_time(Datetime.add(seat.date_open, hours=24 * 14)):
            row = self._row(waiting, self.sales)
            self.assertEqual((row.overdue_count, row.late_count), (1, 0))
            self.assertEqual(row.hours_waiting, 24 * 14)
            overdue = self._rows(late, waiting, fine).filtered_domain(
                [("overdue_count", "=", 1), ("department_id", "=", self.sales.id)]
            )
            self.assertEqual(overdue, row)
        row = self._row(waiting, self.sales)
        self.assertEqual((row.overdue_count, row.late_count), (0, 0))
        self.assertEqual(self._row(late, self.sales).late_count, 1)
        self.assertEqual(self._row(fine, self.sales).late_count, 0)

    def test_carried_over_counts_for_no_time(self):
        document = self._submitted()
        self._decide(document, self.sales, self.supervisor, 2)
        self._decide(document, self.finance, self.accountant, 1, refuse=True)
        document.note = "Explained"
        document.action_submit_for_approval()
        row = self._row(document, self.sales)
        self.assertTrue(row.is_carried_over)
        self.assertEqual(row.state, "approved")
        self.assertFalse(row.hours_taken)
        report = self.env["document.approval.report"].with_user(self.admin)
        ((average,),) = report._read_group(
            [("res_name", "=", "D1"), ("department_id", "=", self.sales.id)],
            aggregates=["hours_taken:avg"],
        )
        self.assertEqual(average, 2)

    def test_observed_rounds_are_left_out(self):
        self.company.document_approval_mode = "observe"
        document = self._new_document()
        document.action_done()
        self.assertEqual(document.sudo().approval_round_id.state, "observed")
        self.assertTrue(self._seats(document))
        self.assertFalse(self._rows(document))

    def test_a_row_opens_its_document(self):
        document = self._submitted()
        action = self._row(document, self.sales).action_open_document()
        self.assertEqual(action["res_model"], "test.approval.document")
        self.assertEqual(action["res_id"], document.id)

    def test_level_names_are_the_readers(self):
        document = self._submitted()
        row = self._row(document, self.sales)
        self.assertEqual(row.level_name, "Supervisor")
        report = self.env["document.approval.report"].with_user(self.admin)
        found = report._read_group(
            [("id", "in", self._rows(document).ids)], groupby=["level_name"]
        )
        self.assertEqual(
            {name for (name,) in found}, {"Supervisor", "Finance", "Operations"}
        )

    def test_only_administrators_of_the_company(self):
        document = self._submitted()
        for user in (self.requester, self.supervisor, self.colleague):
            with self.assertRaises(AccessError):
                self._rows(document, user=user)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "document_approval.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertTrue(self._rows(document))
        self.assertFalse(self._rows(document, user=stranger))

    def test_nobody_writes_statistics(self):
        row = self._row(self._submitted(), self.sales)
        for call in (
            lambda: row.write({"nbr": 2}),
            row.unlink,
            lambda: row.create({}),
        ):
            with self.assertRaises(AccessError):
                call()
