"""Papers of the demonstration: originals of orders, and a spreadsheet of new ones."""

import base64
import io
from datetime import datetime, timedelta

import xlsxwriter
from PIL import Image, ImageDraw

HEADINGS = (
    *("登记编号", "客户", "联系人", "产品", "数量", "单位", "单价", "折扣%"),
    *("交货日期", "付款条件", "技术要求"),
)
#: what the customers' buyers wrote in a chat
CHAT = "下单: 按附件数量,下月初交货。 Please deliver early next month."


def attach_originals(stage, order, story) -> None:
    """Attach what the order came in, as the seller."""
    kinds = stage.env["sale.original.kind"].search([])
    by_code = {kind.code: kind.id for kind in kinds}
    number = order.policy_external_number
    files = [(f"{number} 订单.eml", "email", _mail(order).encode())]
    if story.papers == "scan":
        files = [(f"{number} 订单信息登记表.png", "form", _scan(order))]
    elif story.papers == "chat":
        files = [(f"{number} 微信.png", "chat", _picture([CHAT, number]))]
    elif story.papers == "contract":
        files.append((f"{number} 合同.png", "contract", _scan(order, "合同 Contract")))
    order.env["sale.order.original"]._create_from_files(
        [
            {
                "order_id": order.id,
                "name": name,
                "content": content,
                "kind_id": by_code[code],
            }
            for name, code, content in files
        ]
    )


def stage_import(stage) -> None:
    """Have the salesperson check a spreadsheet with good and bad rows."""
    seller = stage.users["sales"]
    content = _spreadsheet(stage.shop)
    job = (
        stage.env["sale.order.import"]
        .with_user(seller)
        .create(
            {
                "file": base64.b64encode(content),
                "file_name": "订单信息登记表 11.xlsx",
            }
        )
    )
    job.action_check()


def _mail(order) -> str:
    buyer = order.policy_contact_id or order.partner_id
    lines = [
        f"{line.product_id.name}: {line.product_uom_qty:g}" for line in order.order_line
    ]
    return "\n".join(
        [
            f"From: {buyer.email or 'buyer@customer.example'}",
            "To: sales@demo-trading.example",
            f"Subject: Order 订单 {order.policy_external_number}",
            "Content-Type: text/plain; charset=utf-8",
            "",
            *lines,
        ]
    )


def _scan(order, title: str = "订单信息登记表 Order Registration Form") -> bytes:
    lines = [
        f"{line.product_id.name}   {line.product_uom_qty:g}"
        for line in order.order_line
    ]
    return _picture([title, order.policy_external_number or "", *lines])


def _picture(lines: list[str]) -> bytes:
    """Return text as a picture, different for each text."""
    picture = Image.new("RGB", (900, 80 + 40 * len(lines)), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((10, 10, 889, 69 + 40 * len(lines)), outline="gray", width=2)
    for number, line in enumerate(lines):
        # without a font of their own, pictures have Latin letters only
        latin = line.encode("ascii", "ignore").decode().strip()
        draw.text((30, 30 + 40 * number), latin, fill="black")
        draw.line((30, 55 + 40 * number, 870, 55 + 40 * number), fill="lightgray")
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def _spreadsheet(shop) -> bytes:
    """Return a form with three good orders, and rows to be mended."""
    soon = (datetime.now() + timedelta(days=30)).date().isoformat()
    water, food, dealer = (
        shop.customers[key].name for key in ("waterworks", "food", "dealer")
    )
    valve, pump, elbow = (
        shop.products[key].name for key in ("ball_valve", "pump", "elbow")
    )
    terms = shop.terms.name
    rows = (
        ("DJ-1101", water, "", valve, 40, "", 186, 5, soon, terms, ""),
        ("DJ-1101", water, "", elbow, 120, "", 18, 0, soon, terms, ""),
        ("DJ-1102", food, "", pump, 1, "", 4800, 0, soon, terms, "食品级 food grade"),
        ("DJ-1103", dealer, "", elbow, 600, "", 18, 10, soon, terms, ""),
        ("DJ-1104", "Dealer 80", "", valve, 10, "", 186, 0, soon, terms, ""),
        ("DJ-1105", food, "", "球阀 DN40", 12, "", 150, 0, soon, terms, ""),
        ("DJ-1105", food, "", valve, "twelve", "", 186, 0, soon, terms, ""),
        ("DJ-1106", water, "", elbow, 30, "", 18, 0, "03/04/2027", terms, ""),
    )
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("订单信息登记表")
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    return stream.getvalue()
