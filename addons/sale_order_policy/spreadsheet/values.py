"""What the texts of cells mean: numbers, dates, discounts. Raises ValueError."""

import re
import unicodedata
from datetime import date, timedelta

LARGEST_NUMBER = 1e12
#: Excel's day 0, and the serial numbers that look like days of an order
SERIAL_EPOCH = date(1899, 12, 30)
SERIAL_DAYS = range(20000, 80000)
CURRENCY = re.compile(
    r"^(?:nt\$|us\$|hk\$|[¥$€£]|rmb|cny|twd|usd|eur|hkd)|(?:元|rmb|cny|twd|usd|eur|hkd)$",
    re.IGNORECASE,
)
PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
GROUPED_BY_DOT = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,(?:\d{1,2}|\d{4,})")
CHINESE_DISCOUNT = re.compile(r"(\d(?:\.\d+)?|\d\d)折")
TIME = r"(?:[t ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
YEAR_FIRST = re.compile(
    rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号號]?{TIME}"
)
YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){TIME}")
SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}")
COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
UNITS = {
    "uom.product_uom_unit": (
        *("unit", "units", "pc", "pcs", "piece", "pieces", "ea", "each"),
        *("件", "个", "個", "只", "隻", "台", "套", "支", "单位", "單位"),
    ),
    "uom.product_uom_dozen": ("dozen", "dozens", "dz", "打"),
    "uom.product_uom_kgm": ("kg", "kgs", "公斤", "千克"),
    "uom.product_uom_gram": ("g", "gram", "grams", "克", "公克"),
    "uom.product_uom_ton": ("t", "ton", "tons", "tonne", "吨", "噸", "公噸"),
    "uom.product_uom_meter": ("m", "meter", "metre", "米", "公尺"),
    "uom.product_uom_litre": ("l", "liter", "litre", "升", "公升"),
}
ALIASES = {name: xmlid for xmlid, names in UNITS.items() for name in names}
REORDER_KINDS = {
    "size_fill": ("size fill-in", "size fill", "补码", "補碼"),
    "own_judgement": (
        *("customer's own judgement", "own judgement", "自行看好"),
        *("客户自行看好", "客戶自行看好"),
    ),
    "end_customer": ("end-customer reorder", "end customer", "终端补单", "終端補單"),
}
_KINDS = {name: kind for kind, names in REORDER_KINDS.items() for name in names}


class AmbiguousValue(ValueError):
    """A text that can be read in two ways."""


def plain(text: str) -> str:
    """Return the text in half-width characters, without blanks around it."""
    return unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()


def parse_number(text: str) -> float:
    """Return the number a text stands for: "1,234.50", "￥12", "１２", "1.234,50"."""
    bare = plain(text)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()").strip() if negative else bare
    sign = "-" if bare.startswith("-") else ""
    bare = bare[1:].strip() if bare[:1] in ("-", "+") else bare
    bare = CURRENCY.sub("", bare).strip()
    bare = CURRENCY.sub("", bare).replace(" ", "")
    if GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    elif GROUPED_BY_DOT.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif DECIMAL_COMMA.fullmatch(bare):
        bare = bare.replace(",", ".")
    if not PLAIN.fullmatch(bare):
        raise ValueError(text)
    number = float(f"{sign}{bare}") * (-1 if negative else 1)
    if abs(number) > LARGEST_NUMBER:
        raise ValueError(text)
    return number


def parse_discount(text: str) -> float:
    """Return the percentage: of "10", "10 %", "9折" it is 10.

    :raise AmbiguousValue: "0.1" may be 10 % or a tenth of one
    """
    bare = plain(text)
    if match := CHINESE_DISCOUNT.fullmatch(bare):
        share = match[1]
        return round(100 - float(share) * (1 if len(share) == 2 else 10), 6)
    if bare.endswith("%"):
        return parse_number(bare[:-1])
    number = parse_number(bare)
    if 0 < abs(number) < 1:
        raise AmbiguousValue(text)
    return number


def parse_date(text: str) -> date:
    """Return the day a text stands for.

    :raise AmbiguousValue: it cannot be told which part is the month
    """
    bare = plain(text).lower()
    if match := YEAR_FIRST.fullmatch(bare) or COMPACT.fullmatch(bare):
        return date(*(int(part) for part in match.groups()))
    if match := YEAR_LAST.fullmatch(bare):
        first, second, year = (int(part) for part in match.groups())
        if first != second and max(first, second) <= 12:
            raise AmbiguousValue(text)
        day, month = (first, second) if first > 12 else (second, first)
        return date(year, month, day)
    if SHORT_YEAR.fullmatch(bare):
        raise AmbiguousValue(text)
    if PLAIN.fullmatch(bare):
        number = float(bare)  # of very many digits it is infinite
        if SERIAL_DAYS.start <= number < SERIAL_DAYS.stop:
            return SERIAL_EPOCH + timedelta(days=int(number))
    raise ValueError(text)


def parse_reorder_kind(text: str) -> str:
    """Return the key of the kind of reorder."""
    bare = plain(text).casefold()
    if bare not in REORDER_KINDS and bare not in _KINDS:
        raise ValueError(text)
    return _KINDS.get(bare, bare)


def unit_alias(text: str) -> str | None:
    """Return the external id of the unit that people write like this."""
    return ALIASES.get(plain(text).casefold())
