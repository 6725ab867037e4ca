from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import SaleOrderImportCommon


@tagged("post_install", "-at_install")
class TestImportKept(SaleOrderImportCommon):
    """What orders were made of is kept (SPEC A3)."""

    def _get_file(self, job):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", job._name),
                    ("res_id", "=", job.id),
                    ("res_field", "=", "file"),
                ]
            )
        )

    def test_an_import_without_orders_can_be_deleted(self):
        job = self.stage([self.row()])
        job.unlink()
        self.assertFalse(job.exists())

    def test_an_import_orders_were_made_of_is_kept(self):
        job = self.stage([self.row()])
        job.action_create_orders()
        for records in (job, job.sudo(), job.with_context(_force_unlink=True)):
            with self.assertRaisesRegex(UserError, "It is kept"):
                records.unlink()

    def test_its_file_cannot_be_changed_or_moved(self):
        job = self.stage([self.row()])
        job.action_create_orders()
        file = self._get_file(job)
        for values in (
            {"raw": b"other"},
            {"datas": b"b3RoZXI="},
            {"res_id": job.id + 1},
            {"raw": file.raw, "res_model": "res.partner"},
            {"public": True},
        ):
            for who in (file, file.with_user(self.salesman)):
                with self.subTest(values=values), self.assertRaises(UserError):
                    who.write(values)
        with self.assertRaises(UserError):
            file.with_context(_force_unlink=True).unlink()
        file.write({"raw": file.raw, "mimetype": file.mimetype})

    def test_before_that_another_file_may_be_chosen(self):
        job = self.stage([self.row()])
        job.file = job.file
        self.assertEqual(job.state, "draft")

    def test_the_form_shows_what_is_to_be_mended(self):
        job = self.stage([self.row(), self.row("R2", "Nobody Knows")])
        self.assertEqual(job.open_row_ids.mapped("col_number"), ["R2"])
