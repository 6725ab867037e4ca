import datetime
import io
import zipfile
from string import ascii_uppercase as LETTERS
from time import process_time

from openpyxl import Workbook

from odoo.tests import tagged

from odoo.addons.sale_order_policy.spreadsheet import read_form

from .import_common import KEYS, SaleOrderImportCommon, make_csv, make_xlsx

TITLE = ["订单信息登记表", None, None, None, None]


@tagged("post_install", "-at_install")
class TestImportFiles(SaleOrderImportCommon):
    """What comes as a spreadsheet, and what is wrong with it (SPEC A4)."""

    def read_rows(self, content, name="orders.csv", **values):
        """Read a file that is all right and return its rows."""
        job = self.start(content, name, **values)
        job.action_check()
        self.assertFalse(job.is_refused, job.message)
        return job.row_ids

    def chinese_rows(self, lang):
        return [
            self.headings(*KEYS, lang=lang),
            self.row("登记一", "上海测试有限公司"),
        ]

    # csv ---------------------------------------------------------------------------

    def test_encodings_are_found_out(self):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
            with self.subTest(encoding):
                row = self.read_rows(make_csv(self.chinese_rows("zh_CN"), encoding))
                self.assertEqual(row.col_customer, "上海测试有限公司")
                self.assertEqual(row.state, "ready", row.reasons)

    def test_big5_is_told_from_gb18030(self):
        rows = [self.headings(*KEYS, lang="zh_TW"), self.row("登記一", "臺北測試公司")]
        row = self.read_rows(make_csv(rows, "big5"))
        self.assertEqual(row.col_customer, "臺北測試公司")
        self.assertIn("big5", row.job_id.message)

    def test_encoding_can_be_chosen(self):
        rows = [[*KEYS], self.row("R1", "上海测试有限公司")]
        content = make_csv(rows, "gb18030")
        self.assertEqual(
            self.read_rows(content, encoding="gb18030").col_customer, "上海测试有限公司"
        )
        self.assertRefused(content, "Row 2 is not written in utf-8", encoding="utf-8")

    def test_delimiters_are_found_out(self):
        for delimiter in (",", ";", "\t"):
            with self.subTest(delimiter):
                rows = [self.headings(*KEYS), self.row()]
                row = self.read_rows(make_csv(rows, delimiter=delimiter))
                self.assertEqual((row.col_number, row.col_price), ("R1", "50"))

    # Headings ------------------------------------------------------------------------

    def test_headings_in_any_order_and_below_titles(self):
        keys = ("price", "quantity", "product", "customer", "number")
        cells = [50, 2, "X-120", "TEST-C1", "R1"]
        for lang in ("en_US", "zh_CN", "zh_TW"):
            content = make_xlsx(
                [self.headings(*keys, lang=lang), cells],
                before=[TITLE, [None] * 5, ["制表日期", "2026-11-22"]],
                merges=["A1:E1"],
            )
            with self.subTest(lang):
                row = self.read_rows(content)
                self.assertEqual((row.state, row.row_number), ("ready", 5))

    def test_headings_with_signs_and_remarks(self):
        rows = [
            ["*订单号：", "客户 名称", "货号（必填）", "數量(件)", "单价[元]"],
            self.row(),
        ]
        self.assertEqual(self.read_rows(make_xlsx(rows)).state, "ready")

    def test_keys_are_headings_too(self):
        self.assertEqual(
            self.read_rows(make_xlsx([[*KEYS], self.row()])).state, "ready"
        )

    def test_unknown_columns_are_named(self):
        rows = [[*self.headings(*KEYS), "Weather"], [*self.row(), "fine"]]
        self.assertIn("Weather", self.read_rows(make_xlsx(rows)).job_id.message)

    def test_missing_columns_are_named(self):
        rows = [self.headings("number", "customer", "price"), ["R1", "TEST-C1", 5]]
        self.assertRefused(make_xlsx(rows), "Product and Quantity")

    def test_no_heading_at_all(self):
        self.assertRefused(make_xlsx([self.row()] * 20), "headings")

    def test_two_columns_for_the_same(self):
        rows = [[*self.headings(*KEYS), "Qty"], [*self.row(), 3]]
        self.assertRefused(make_xlsx(rows), "“Qty”")

    def test_sheet_with_the_headings_is_found_or_chosen(self):
        book = Workbook()
        book.active.append(["Notes"])
        for name, number in (("One", "R1"), ("Two", "R2")):
            sheet = book.create_sheet(name)
            sheet.append(self.headings(*KEYS))
            sheet.append(self.row(number))
        stream = io.BytesIO()
        book.save(stream)
        content = stream.getvalue()
        self.assertEqual(self.read_rows(content).col_number, "R1")
        self.assertEqual(self.read_rows(content, sheet="Two").col_number, "R2")
        self.assertRefused(content, "Sheet, One, and Two", sheet="Three")

    # Cells ------------------------------------------------------------------------

    def test_merged_cells_count_for_all_their_rows(self):
        rows = [self.row(), [None, None, "X-13", 3, 20], [None, None, "X-13", 4, 20]]
        content = make_xlsx(
            [self.headings(*KEYS), *rows, self.row("R2")], merges=["A2:A4", "B2:B4"]
        )
        staged = self.read_rows(content).sorted("row_number")
        self.assertEqual(staged.mapped("col_number"), ["R1"] * 3 + ["R2"])
        self.assertEqual(staged.mapped("col_customer"), ["TEST-C1"] * 4)
        self.assertEqual(set(staged.mapped("state")), {"ready"})

    def test_merged_quantity_counts_once(self):
        rows = [self.headings(*KEYS), self.row(), ["R1", None, "X-13", None, 20]]
        staged = self.read_rows(make_xlsx(rows, merges=["D2:D3"])).sorted("row_number")
        self.assertReason(staged[1], "quantity is missing")
        self.assertFalse(staged[1].col_quantity)

    def test_calculated_formulas_count_and_others_are_named(self):
        def calculate(sheet):
            sheet["D2"] = "=1+1"

        content = make_xlsx([self.headings(*KEYS), self.row()], edit=calculate)
        row = self.read_rows(content)
        self.assertReason(row, "Quantity: the cell says =1+1")
        calculated = self._with_cached_value(content, 7)
        row = self.read_rows(calculated)
        self.assertEqual((row.state, row.col_quantity), ("ready", "7"))

    def _with_cached_value(self, content, value):
        """Return the workbook as if a spreadsheet program had calculated it."""
        old, stream = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
        with zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                for empty in (b"<v></v>", b"<v />", b"<v/>"):
                    data = data.replace(b"</f>" + empty, b"</f><v>%d</v>" % value)
                new.writestr(name, data)
        return stream.getvalue()

    def test_error_values_name_row_and_column(self):
        row = self.read_rows(make_xlsx([self.headings(*KEYS), self.row(price="#N/A")]))
        self.assertReason(row, "Unit Price: the cell says #N/A")

    def test_mended_error_is_none_any_more(self):
        row = self.read_rows(make_xlsx([self.headings(*KEYS), self.row(price="#N/A")]))
        row.col_price = "12"
        self.assertEqual(row.state, "ready")

    def test_dates_as_excel_and_people_write_them(self):
        keys = (*KEYS, "delivery")
        dates = [
            datetime.datetime(2031, 11, 22),
            *("2031-11-22", "2031/11/22", "2031.11.22", "2031年11月22日", "22/11/2031"),
            *("48174", "20311122", "2031-11-22 08:30", "２０３１-11-22"),
        ]
        rows = [[*self.row(f"R{n}"), day] for n, day in enumerate(dates)]
        job = self.stage(rows, keys)
        self.assertEqual(set(job.row_ids.mapped("reasons")), {False})
        job.action_create_orders()
        days = {str(order.commitment_date.date()) for order in self.orders(job)}
        self.assertEqual(days, {"2031-11-22"})

    def test_ambiguous_and_impossible_dates(self):
        keys = (*KEYS, "delivery")
        job = self.stage(
            [
                [*self.row("R1"), "03/04/2031"],
                [*self.row("R2"), "31/11/3"],
                [*self.row("R3"), "2031-02-30"],
                [*self.row("R4"), "soon"],
            ],
            keys,
        )
        first, second, third, fourth = job.row_ids.sorted("row_number")
        self.assertReason(first, "which part of “03/04/2031” is the month")
        self.assertReason(second, "is the month")
        self.assertReason(third, "“2031-02-30” is no date")
        self.assertReason(fourth, "“soon” is no date")

    def test_numbers_as_people_write_them(self):
        prices = (
            "1,234.50",
            "￥1234.50",
            "１２３４．５",
            "1.234,50",
            "1234.50元",
            1234.5,
        )
        rows = [self.row(f"R{n}", price=price) for n, price in enumerate(prices)]
        job = self.stage(rows)
        job.action_create_orders()
        self.assertEqual(
            set(self.orders(job).order_line.mapped("price_unit")), {1234.5}
        )

    def test_texts_that_are_no_numbers(self):
        texts = ("12 pcs", "nan", "inf", "1e99", "1,23,4", "--5", "0x10")
        job = self.stage([self.row(f"R{n}", price=t) for n, t in enumerate(texts)])
        for row in job.row_ids:
            self.assertReason(row, "is no number")

    def test_percent_cells_and_ambiguous_discounts(self):
        def percent(sheet):
            sheet["F2"] = 0.15
            sheet["F2"].number_format = "0%"

        rows = [
            [*self.row("R1"), None],
            [*self.row("R2"), "0.15"],
            [*self.row("R3"), 8],
        ]
        content = make_xlsx([self.headings(*KEYS, "discount"), *rows], edit=percent)
        first, second, third = self.read_rows(content).sorted("row_number")
        self.assertEqual((first.state, first.col_discount), ("ready", "15%"))
        self.assertReason(second, "a share or a percentage")
        self.assertEqual(third.state, "ready")

    def test_numbers_of_orders_stay_as_they_are_written(self):
        rows = [self.row("007"), self.row(20260001)]
        job = self.stage(rows)
        self.assertEqual(job.row_ids.mapped("order_key"), ["007", "20260001"])

    def test_blank_rows_are_passed_over_and_hidden_ones_read(self):
        def hide(sheet):
            sheet.row_dimensions[2].hidden = True

        rows = [
            self.headings(*KEYS),
            self.row(),
            [None] * 5,
            ["", " ", None],
            self.row("R2"),
        ]
        staged = self.read_rows(make_xlsx(rows, edit=hide))
        self.assertEqual(sorted(staged.mapped("row_number")), [2, 5])

    # Files that are none ----------------------------------------------------------

    def test_empty_files(self):
        self.assertRefused(b" ", "empty")
        self.assertRefused(make_xlsx([]), "empty")
        self.assertRefused(make_xlsx([self.headings(*KEYS)]), "no row below")

    def test_damaged_files(self):
        good = make_xlsx([self.headings(*KEYS), self.row()])
        self.assertRefused(good[: len(good) // 2], "damaged")
        self.assertRefused(b"PK\x03\x04 nothing", "damaged")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", "<a/>")
        self.assertRefused(stream.getvalue(), "damaged")
        self.assertRefused(b"number,customer\0,product,quantity\n" * 3, "damaged")

    def test_damage_behind_good_rows_leaves_nothing(self):
        rows = [self.headings(*KEYS), *(self.row(f"R{n}") for n in range(50))]
        old, stream = zipfile.ZipFile(io.BytesIO(make_xlsx(rows))), io.BytesIO()
        with zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if "worksheets/" in name:
                    data = data[: len(data) * 3 // 4] + b"<broken"
                new.writestr(name, data)
        self.assertRefused(stream.getvalue(), "damaged")

    def test_old_and_protected_workbooks(self):
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        self.assertRefused(ole + bytes(600), "old format")
        protected = ole + bytes(600) + "EncryptedPackage".encode("utf-16-le")
        self.assertRefused(protected, "password")

    def test_archives_that_unpack_to_very_much(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("xl/worksheets/sheet1.xml", "w") as target:
                for _chunk in range(300):
                    target.write(bytes(2**20))
        self.assertLess(len(stream.getvalue()), 2**20)
        self.assertRefused(stream.getvalue(), "256 MB")

    def _hostile(self, **parts):
        """Return a good workbook with parts changed, or added if it has none such."""
        good = make_xlsx([self.headings(*KEYS), self.row()])
        source, stream = zipfile.ZipFile(io.BytesIO(good)), io.BytesIO()
        names = {
            "sheet": "xl/worksheets/sheet1.xml",
            "book": "xl/workbook.xml",
            "strings": "xl/sharedStrings.xml",
        }
        content = {names[part]: b"<sst><si></si></sst>" for part in parts}
        content |= {name: source.read(name) for name in source.namelist()}
        content |= {names[p]: change(content[names[p]]) for p, change in parts.items()}
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            for name, data in content.items():
                new.writestr(name, data)
        return stream.getvalue()

    def test_parts_that_never_end(self):
        """What is kept in memory at once is limited, not only the whole file."""
        much = b"<x/>" * (5 * 2**20)
        for part, tag in (
            ("sheet", b"<sheetData>"),
            ("book", b"<sheets>"),
            ("strings", b"<si>"),
        ):
            content = self._hostile(
                **{part: lambda data, t=tag: data.replace(t, much + t, 1)}
            )
            with self.subTest(part):
                self.assertLess(len(content), 2**20)
                self.assertRefused(content, "16 MB")

    def test_rows_no_sheet_has(self):
        for number in (b"0", b"-5", b"99999999999"):
            content = self._hostile(
                sheet=lambda data, n=number: data.replace(
                    b'<row r="2"', b'<row r="%s"' % n
                )
            )
            with self.subTest(number):
                self.assertRefused(content, "damaged")

    def test_merged_cells_made_to_take_time(self):
        """Neither many columns nor tags that do not end make reading slow."""
        columns = [f"{a}{b}{c}" for a in "ABC" for b in LETTERS for c in LETTERS]
        merges = b"".join(
            b'<mergeCell ref="%s2:%s900000"/>' % (c.encode(), c.encode())
            for c in columns
        )
        tail = b"<mergeCells>" + merges + b"<!--" + b"<mergeCell " * 30_000 + b"-->"
        rows = b"<row/>" * 20_000
        content = self._hostile(
            sheet=lambda data: data.replace(
                b"</sheetData>", rows + b"</sheetData>" + tail + b"</mergeCells>"
            )
        )
        start = process_time()
        read_form(content)
        list(read_form(content).rows)
        self.assertLess(process_time() - start, 10)

    def test_entities_are_not_expanded(self):
        bomb = (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
            b'<!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
        )

        def plant(data):
            self.assertIn(b">R1<", data)
            return bomb + data.replace(b">R1<", b">R&b;&f;1<")

        job = self.start(self._hostile(sheet=plant))
        job.action_check()
        self.assertIn(job.row_ids.mapped("col_number"), ([], ["R"], ["R1"]))

    def test_very_long_cells(self):
        rows = [self.headings(*KEYS), self.row("x" * 5000)]
        self.assertRefused(make_xlsx(rows), "Row 2, Registration Number")

    def test_without_a_file(self):
        job = self.env["sale.order.import"].with_user(self.salesman).create({})
        with self.assertRaisesRegex(Exception, "Choose the spreadsheet"):
            job.action_check()
