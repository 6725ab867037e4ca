import base64
import csv
import io

from openpyxl import Workbook

from odoo.fields import Command

from odoo.addons.sale_order_policy.spreadsheet import BY_KEY

from .common import SaleOrderPolicyCommon

KEYS = ("number", "customer", "product", "quantity", "price")


def make_xlsx(rows, merges=(), before=(), edit=None):
    """Return a workbook with these rows; ``before`` are rows above the headings."""
    book = Workbook()
    sheet = book.active
    for row in [*before, *rows]:
        sheet.append(row)
    for area in merges:
        sheet.merge_cells(area)
    if edit:
        edit(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def make_csv(rows, encoding="utf-8", delimiter=","):
    """Return the rows as a csv file."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


class SaleOrderImportCommon(SaleOrderPolicyCommon):
    """Customers and products as spreadsheets name them, and ways to import these."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.ref = "TEST-C1"
        cls.chinese = cls.env["res.partner"].create(
            {
                "name": "上海测试有限公司",
                "ref": "TEST-C2",
                "street": "南京路 1 号",
                "is_company": True,
                "child_ids": [
                    Command.create({"name": "Buyer", "phone": "+86 21 555"}),
                    Command.create(
                        {"name": "Depot", "type": "delivery", "street": "9 Harbour Rd"}
                    ),
                ],
            }
        )
        cls.product.write({"default_code": "X-120", "barcode": "6901234567892"})
        cls.other = cls.env["product.product"].create(
            {"name": "Other Product", "default_code": "X-13", "list_price": 20.0}
        )

    @classmethod
    def headings(cls, *keys, lang="en_US"):
        """Return the headings of these columns."""
        return [BY_KEY[key].label(lang) for key in keys]

    @classmethod
    def row(
        cls, number="R1", customer="TEST-C1", product="X-120", quantity=2, price=50
    ):
        """Return the cells of the usual columns."""
        return [number, customer, product, quantity, price]

    @classmethod
    def start(cls, content, name="orders.xlsx", user=None, **values):
        """Upload a file as the salesperson without reading it."""
        imports = cls.env["sale.order.import"].with_user(user or cls.salesman)
        return imports.create(
            {"file": base64.b64encode(content), "file_name": name, **values}
        )

    @classmethod
    def stage(cls, rows, keys=KEYS, user=None, **values):
        """Upload a workbook with these rows, read and check it."""
        content = make_xlsx([cls.headings(*keys), *rows])
        job = cls.start(content, user=user, **values)
        job.action_check()
        return job

    @classmethod
    def orders(cls, job):
        """Return the orders made of the file."""
        return job.row_ids.filtered(lambda row: row.state == "done").order_id

    def assertReason(self, row, text):
        """The row is to be mended for that reason."""
        self.assertEqual(row.state, "error")
        self.assertIn(text, row.reasons)

    def assertRefused(self, content, text, name="orders.xlsx", **values):
        """The file is refused in these words, and nothing of it is staged."""
        job = self.start(content, name, **values)
        job.action_check()
        self.assertTrue(job.is_refused)
        self.assertIn(text, job.message)
        self.assertFalse(job.row_ids)
        self.assertEqual(job.state, "draft")
