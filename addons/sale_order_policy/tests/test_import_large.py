import io
import time
from unittest.mock import patch

import xlsxwriter

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sale_order_policy.models import sale_order_import_run

from .import_common import KEYS, SaleOrderImportCommon


def make_large(headings, rows):
    """Return a workbook with the rows of a generator."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestImportLarge(SaleOrderImportCommon):
    """Large files are left to scheduled jobs, which may be killed (SPEC A4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        at_work = [("state", "in", ("reading", "running"))]
        cls.env["sale.order.import"].search(at_work).state = "staged"
        cls.cron = cls.env.ref("sale_order_policy.ir_cron_order_import_1")

    def run_cron(self):
        """Run the scheduled job, again when its time was up, until all is done."""
        at_work = [("state", "in", ("reading", "running"))]
        with self.enter_registry_test_mode():
            for _time in range(30):
                self.cron.method_direct_trigger()
                if not self.env["sale.order.import"].search_count(at_work):
                    break
        self.env.invalidate_all()

    def stage_many(self, orders, lines=1, bad=()):
        """Upload orders of which the ``bad`` ones name a product nobody knows."""
        rows = (
            self.row(
                f"N{number}",
                ("TEST-C1", "TEST-C2")[number % 2],
                "nothing" if number in bad else ("X-120", "X-13")[line % 2],
                quantity=1 + line,
            )
            for number in range(orders)
            for line in range(lines)
        )
        job = self.start(make_large(self.headings(*KEYS), rows), user=self.manager)
        job.action_check()
        return job

    def test_jobs_check_and_create_in_the_users_name(self):
        job = self.stage_many(450, bad={3, 449})
        self.assertEqual((job.state, job.progress), ("reading", 0))
        self.run_cron()
        self.assertEqual(job.state, "staged")
        self.assertEqual((job.ready_count, job.error_count), (448, 2))
        job.action_create_orders()
        self.assertEqual(job.state, "running")
        self.run_cron()
        self.assertEqual((job.state, job.order_count), ("staged", 448))
        self.assertEqual(self.orders(job).create_uid, self.manager)
        self.assertEqual(len(self.orders(job).order_line), 448)

    def test_nothing_is_changed_while_it_is_at_work(self):
        job = self.stage_many(250)
        for act in (
            job.action_check,
            job.action_create_orders,
            job.row_ids[0].action_skip,
            job.unlink,
            lambda: job.write({"name": "x"}),
            lambda: job.row_ids[0].write({"col_price": "1"}),
        ):
            with self.assertRaisesRegex(UserError, "at work"):
                act()

    def test_progress(self):
        job = self.stage_many(250)
        self._work_once(job)
        self.assertEqual(job.progress, 80)
        self.assertEqual(job.state, "reading")
        self._work_once(job)
        self.assertEqual(job.state, "staged")
        job.action_create_orders()
        self._work_once(job)
        self.assertEqual((job.progress, job.order_count), (80, 200))
        job.action_stop()
        self.assertEqual(job.state, "staged")
        job.action_create_orders()
        self.run_cron()
        self.assertEqual((job.state, job.order_count), ("done", 250))

    def _work_once(self, job):
        self.env["sale.order.import"]._work_once()
        self.env.flush_all()
        job.invalidate_recordset()

    def test_killed_job_goes_on_without_doing_anything_twice(self):
        job = self.stage_many(450, lines=2)
        self.run_cron()
        job.action_create_orders()
        calls = []

        def die(_job, orders, _rows):
            calls.append(orders)
            if len(calls) == 2:
                raise SystemExit("killed")

        self.patch(type(job), "_on_orders_created", die)
        self._run_until_killed(job)
        self.assertEqual(job.order_count, 200, "what was committed stays")
        self.run_cron()
        self.assertEqual((job.state, job.order_count), ("done", 450))
        found = self.env["sale.order"].search_count(
            [("policy_external_number", "=like", "N%")]
        )
        self.assertEqual(found, 450)
        self.assertEqual(len(self.orders(job).order_line), 900)

    def _run_until_killed(self, job):
        """Work batch by batch, each committed, until the process dies."""
        try:
            while True:
                with self.env.cr.savepoint():
                    self.env["sale.order.import"]._work_once()
                    self.env.flush_all()
        except SystemExit:  # assertRaises would take the first batches back, too
            self.env.invalidate_all()

    def test_large_file_is_read_by_the_job(self):
        with patch.object(sale_order_import_run, "ORDERS_PER_BATCH", 500):
            job = self.stage_many(5000)
            self.assertEqual((job.state, job.is_read), ("reading", False))
            self.run_cron()
        self.assertEqual((job.state, job.ready_count), ("staged", 5000))

    def test_fifty_thousand_rows_are_staged_and_checked(self):
        start = time.monotonic()
        job = self.stage_many(12_500, lines=4, bad={7, 12_000})
        self.run_cron()
        self.assertEqual(job.row_count, 50_000)
        self.assertEqual((job.ready_count, job.error_count), (49_992, 8))
        self.assertLess(time.monotonic() - start, 300, "minutes, not hours")
