"""Importing orders from a spreadsheet, beside creating them through the ORM.

benchmarks/README.md says what is measured and the target.
"""

import base64
import functools
import io

import xlsxwriter

from odoo.fields import Command

from tools.environment.steps import step

from . import large, shop
from .inside import as_user, measured
from .report import Row
from .variants import KINDS, opened, small

REPEAT = 2
ORDERS = 2500
LINES = 4
#: what the import's orders do without, plain creation does without, too
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}
HEADINGS = ("Registration Number", "Customer", "Product", "Quantity", "Unit Price")
MORE_HEADINGS = ("Discount %", "Delivery Date", "Payment Terms")
DUE = "2031-03-01"

MOST_TIMES_ORM = 1.5


def take(repeat: int, scale: float | None = None) -> list[Row]:
    """Measure both in one database, in turn.

    :param scale: in the large database, of this size
    """
    template = functools.partial(large.template, scale) if scale else small
    ours = list(KINDS)[1]
    title = f"{ORDERS} orders, {LINES} lines each"
    plain = Row(f"create {title}: ORM, one call", ours)
    imported = Row(f"import {title}: {ORDERS * LINES} rows of xlsx", ours)
    with opened([ours], template) as (variant,), step(f"Measuring: {title}"):
        variant.setting = variant.call("shop:set_up", KINDS[ours])
        variant.call("measure_import:run_import", variant.setting, 20)  # fills caches
        variant.call("measure_import:run_plain", variant.setting, 20)
        for _number in range(repeat):
            plain.add(variant.call("measure_import:run_plain", variant.setting, ORDERS))
            found = variant.call("measure_import:run_import", variant.setting, ORDERS)
            phases = found.pop("phases")
            imported.add(found)
    imported.base = plain
    imported.after = ", ".join(
        f"{name} {ms / 1000:.1f} s" for name, ms in phases.items()
    )
    imported.aim("x ORM", round(imported.ratio(), 2), MOST_TIMES_ORM)
    return [plain, imported]


def run_plain(env, setting: dict, orders: int) -> dict:
    """Measure creating the orders through the ORM in one call."""
    mine = as_user(env, setting["seller"])
    products = mine["product.product"].browse(setting["products"])
    names = {p.id: p.get_product_multiline_description_sale() for p in products}
    values = [_order_values(setting, names, number) for number in range(orders)]
    with measured(env) as found:
        created = mine["sale.order"].with_context(**QUIET).create(values)
        env.cr.flush()
    found["total"] = sum(created.mapped("amount_untaxed"))
    env.cr.rollback()
    return found


def run_import(env, setting: dict, orders: int) -> dict:
    """Measure reading, checking and creating, as the scheduled jobs do it."""
    mine = as_user(env, setting["seller"])
    content = base64.b64encode(make_file(env, setting, orders))
    job = mine["sale.order.import"].create({"file": content, "file_name": "a.xlsx"})
    phases = {}
    with measured(env) as found:
        with measured(env, part=True) as phase:
            job._try_reading(job._get_content())
        phases["read"] = phase["ms"]
        job.sudo().state = "reading"
        for name, work in (("check", job._check_next), ("create", job._create_next)):
            with measured(env, part=True) as phase:
                while work():
                    env.flush_all()
                    env.invalidate_all()
                job._finish()
            phases[name] = phase["ms"]
            job.sudo().state = "running" if name == "check" else job.sudo().state
        env.cr.flush()
    if job.state != "done" or job.order_count != orders:
        raise RuntimeError(f"{job.state}: {job.order_count} of {orders}, {job.message}")
    found["phases"] = phases
    found["total"] = sum(job.row_ids.order_id.mapped("amount_untaxed"))
    env.cr.rollback()
    return found


def _lines(setting: dict, number: int):
    for line in range(LINES):
        place = (number + line) % len(setting["products"])
        yield place, 1 + line, shop.PRICE + place, 10 if line else 0


def _order_values(setting: dict, names: dict, number: int) -> dict:
    partners = setting["partners"]
    return {
        "partner_id": partners[number % len(partners)],
        "policy_external_number": f"B{number:06}",
        "payment_term_id": setting["term"],
        "commitment_date": f"{DUE} 12:00:00",
        "order_line": [
            Command.create(
                {
                    "product_id": setting["products"][place],
                    "name": names[setting["products"][place]],
                    "product_uom_qty": quantity,
                    "price_unit": price,
                    "discount": discount,
                }
            )
            for place, quantity, price, discount in _lines(setting, number)
        ],
    }


def make_file(env, setting: dict, orders: int) -> bytes:
    """Return the orders as a workbook of the registration form."""
    customers = env["res.partner"].browse(setting["partners"]).mapped("name")
    products = env["product.product"].browse(setting["products"]).mapped("name")
    term = env["account.payment.term"].browse(setting["term"]).name
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*HEADINGS, *MORE_HEADINGS))
        row = 0
        for number in range(orders):
            customer = customers[number % len(customers)]
            for place, quantity, price, discount in _lines(setting, number):
                row += 1
                cells = (f"B{number:06}", customer, products[place], quantity, price)
                sheet.write_row(row, 0, (*cells, discount, DUE, term))
    return stream.getvalue()
