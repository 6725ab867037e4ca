"""Writes the tables as a spreadsheet of the order registration form, and imports it."""

import base64
import io
from collections import defaultdict
from datetime import date, timedelta

import xlsxwriter

from tools.northwind.tables import Line, Tables

HEADINGS = {
    "en": (
        *("Registration Number", "Order Date", "Customer", "Product", "Quantity"),
        *("Unit Price", "Discount %", "Delivery Date", "Customer Reference"),
    ),
    "zh_CN": (
        *("登记编号", "订单日期", "客户", "产品", "数量"),
        *("单价", "折扣%", "交货日期", "客户订单号"),
    ),
    "zh_TW": (
        *("登記編號", "訂單日期", "客戶", "產品", "數量"),
        *("單價", "折扣%", "交貨日期", "客戶訂單號"),
    ),
}
#: columns that are the same for all lines of an order: cells merged over its rows
OF_ORDER = (0, 1, 2, 7, 8)
TITLES = {"en": "Order Registration Form", "zh_CN": "订单信息登记表"}


def write_form(tables: Tables, shift: timedelta, lang: str = "en") -> bytes:
    """Return all orders as one xlsx: a title, headings, one row per line.

    What is said about an order stands in cells merged over its rows, as people do it.

    :param shift: how far dates move
    """
    lines_of = defaultdict(list)
    for line in tables.lines:
        lines_of[line.order_id].append(line)
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        headings = HEADINGS[lang]
        sheet.merge_range(0, 0, 0, len(headings) - 1, TITLES.get(lang, TITLES["zh_CN"]))
        sheet.write_row(1, 0, headings)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        share = book.add_format({"num_format": "0.00%"})
        place = 2
        for order in tables.orders:
            lines = lines_of[order["order_id"]]
            _write_order(sheet, place, _cells(order, shift), len(lines), day)
            for number, line in enumerate(lines, place):
                _write_line(sheet, number, line, share)
            place += len(lines)
    return stream.getvalue()


def _cells(order: dict[str, str], shift: timedelta) -> tuple[object, ...]:
    """Return the cells of ``OF_ORDER``."""
    days = (order["order_date"], order["required_date"])
    ordered, wanted = (date.fromisoformat(d) + shift if d else "" for d in days)
    number = order["order_id"]
    return (number, ordered, order["customer_id"], wanted, number)


def _write_order(sheet, place: int, cells: tuple, count: int, day) -> None:
    for column, cell in zip(OF_ORDER, cells, strict=True):
        form = day if isinstance(cell, date) else None
        if count > 1:
            sheet.merge_range(place, column, place + count - 1, column, "", form)
        if isinstance(cell, date):
            sheet.write_datetime(place, column, cell, form)
        else:
            sheet.write_string(place, column, cell)


def _write_line(sheet, place: int, line: Line, share) -> None:
    sheet.write_string(place, 3, line.product_id)
    sheet.write_number(place, 4, line.quantity)
    sheet.write_number(place, 5, float(line.price))
    sheet.write_number(place, 6, float(line.discount), share)


def import_form(env, content: bytes, name: str = "orders.xlsx"):
    """Import a spreadsheet as the environment's user, all of it at once.

    :return: the import, done as far as its rows are good
    """
    job = env["sale.order.import"].create(
        {"file": base64.b64encode(content), "file_name": name}
    )
    job._try_reading(content)
    for state, work in (("reading", job._check_next), ("running", job._create_next)):
        job.sudo().state = state
        while work():
            pass
        job._finish()
    return job
