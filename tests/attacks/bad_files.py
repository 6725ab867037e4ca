"""Files nobody should have to read: spreadsheets, texts and scans that are broken.

Strategies of hypothesis; each returns the name and the content of a file.
"""

import base64
import csv
import datetime
import functools
import io
import json
import zipfile

import xlsxwriter
from hypothesis import strategies as st

from odoo.addons.sale_order_policy.spreadsheet import COLUMNS

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
#: what stands in a cell
CELLS = st.one_of(
    st.sampled_from(
        [
            *("", " ", "0", "-1", "2", "1e309", "-1e400", "nan", "NaN", "inf", "١٢"),
            *("9" * 400, "0x10", "1,2,3", "1.234,56", "½", "10%", "120 %", "-5折"),
            *("=1+1", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "#REF!", "#DIV/0!"),
            *("2026-13-45", "0000-00-00", "9999-12-31", "31.02.2026", "1e6", "今天"),
            *("\u202egnp.exe", "\u200f\u200e", "\ufeff", "\ud7ff", "a\tb\nc\rd"),
            *("x" * 4001, "🙂" * 300, "' OR 1=1 --", "<script>x</script>", "%s %(a)s"),
            *("../../etc/passwd", "{{7*7}}", "${7*7}", "R1", "X-120", "TEST-C1"),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12),
)
NUMBERS = st.one_of(
    st.sampled_from([0, -1, 60, 2**31, 2**63, 1e15, 1e300, -1e300, 2958466, 0.1 + 0.2]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)
#: what is read well, in between
GOOD = st.sampled_from(["R1", "R2", "TEST-C1", "X-120", "Customer", "2", "50"])
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5", "cp1252")
#: parts of a workbook a vandal may have put there
PARTS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">'
    b"]><worksheet>&b;</worksheet>",
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    b"<worksheet>&f;</worksheet>",
    *(b"", b"<", b"\x00" * 50, b"<worksheet/>", b"<a>" * 3000),
)
#: what is put in place of something in the sheet of a whole workbook
SWAPS = (
    *((b' r="', b' q="'), (b' r="A', b' r="ZZZZ'), (b' r="1"', b' r="-1"')),
    *((b' r="2"', b' r="99999999999"'), (b't="n"', b't="d"'), (b"<v>", b"<v>1e")),
    *((b't="inlineStr"', b't="s"'), (b't="s"', b't="e"'), (b"<v>0", b"<v>99999")),
    *((b"</row>", b""), (b"<sheetData>", b"<sheetData><row>"), (b"row", b"ROW")),
    (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/>'),
    (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="C9:A1"/>'),
)


def headings() -> list[str]:
    """Return the headings of the order registration form."""
    return [column.labels[0] for column in COLUMNS]


@st.composite
def tables(draw, head=None):
    """Return rows of cells: a heading, mended or not, and what stands below."""
    names = draw(
        st.one_of(
            st.just(head or headings()),
            st.lists(st.sampled_from(head or headings()), max_size=8),
            st.lists(CELLS, max_size=5),
        )
    )
    cell = st.one_of(CELLS, NUMBERS, GOOD)
    width = st.lists(cell, max_size=len(names) + 2)
    rows = draw(st.lists(width, max_size=5))
    if rows and draw(st.booleans()):
        rows.append(rows[0])  # twice the same
    return [names, *rows]


def make_xlsx(rows, merges=()) -> bytes:
    """Return a workbook; the same for the same rows, whenever it is made."""
    stream = io.BytesIO()
    options = {"in_memory": True, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": datetime.datetime(2000, 1, 1)})
        sheet = book.add_worksheet()
        for area in merges:
            sheet.merge_range(area, "")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


@st.composite
def workbooks(draw, head=None):
    """Return a workbook that Excel would open."""
    merges = draw(
        st.lists(st.sampled_from(["A2:A4", "A1:C1", "B2:E5", "A1:A3"]), max_size=1)
    )
    return "form.xlsx", make_xlsx(draw(tables(head)), merges)


@st.composite
def broken_workbooks(draw, head=None):
    """Return a workbook after somebody cut it, or wrote into it."""
    name, content = draw(workbooks(head))
    way = draw(st.sampled_from(("cut", "bytes", "part", "swap", "gone", "bomb")))
    if way == "cut":
        content = content[: draw(st.integers(0, len(content)))]
    elif way == "bytes":
        spoiled = bytearray(content)
        for place in draw(st.lists(st.integers(0, 9999), max_size=9)):
            spoiled[len(content) * place // 10_000] ^= 0xFF
        content = bytes(spoiled)
    else:
        content = _rewrite(content, way, draw)
    return name, content


def _rewrite(content: bytes, way: str, draw) -> bytes:
    """Return the workbook with one part that is another one."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        victim = draw(st.sampled_from(old.namelist()))
        if way in ("swap", "bomb"):
            victim = "xl/worksheets/sheet1.xml"
        for name in old.namelist():
            part = old.read(name)
            if name == victim:
                if way == "gone":
                    continue
                part = _spoil(part, way, draw)
            new.writestr(name, part)
    return stream.getvalue()


def _spoil(part: bytes, way: str, draw) -> bytes:
    if way == "part":
        return draw(st.sampled_from(PARTS))
    if way == "swap":
        return part.replace(*draw(st.sampled_from(SWAPS)))
    # small in the file, large in memory
    filling = draw(st.sampled_from([b" ", b"<row/>", b"<c><v>1</v></c>"]))
    return part.replace(b"<sheetData>", b"<sheetData>" + filling * 300_000)


@st.composite
def texts(draw, head=None):
    """Return rows as csv, in some encoding, and then something of it spoiled."""
    rows = draw(tables(head))
    stream = io.StringIO()
    delimiter = draw(st.sampled_from(",;\t|"))
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    content = stream.getvalue().encode(draw(st.sampled_from(ENCODINGS)), "replace")
    way = draw(st.sampled_from(("whole", "cut", "null", "quote", "mixed", "long")))
    if way == "cut":
        content = content[: draw(st.integers(0, len(content)))]
    elif way == "null":
        content = content.replace(b"1", b"\x00")
    elif way == "quote":
        content += b'"open'
    elif way == "mixed":
        content += b"\xff\xfe\x80\xe4\xbd"
    elif way == "long":
        content += b"\n" + b"y" * 140_000
    return "form.csv", content


@st.composite
def others(draw):
    """Return a file of another kind, or of none."""
    name = draw(st.sampled_from(["a.pdf", "a.png", "form.xlsx", "", "x" * 300]))
    content = draw(
        st.one_of(
            st.binary(max_size=200),
            st.sampled_from(
                [
                    *(b"", b" ", b"\n", b"\x00", PDF, PNG, PDF[:9], PNG[:20]),
                    b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
                    b"PK\x05\x06" + b"\x00" * 18,
                    b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
                    b"GIF89a" + b"\xff" * 20,
                    b"RIFF\x00\x00\x00\x00WEBPVP8 ",
                ]
            ),
        )
    )
    return name, content


#: a file of approval flows, of which the leaves are put in place of one another
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, CELLS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(CELLS, inner, max_size=3)
    ),
    max_leaves=4,
)


@st.composite
def flow_files(draw, whole):
    """Return what somebody made of a file of flows.

    :param dict whole: what stands in a good one
    """
    data = json.loads(json.dumps(whole))
    for _change in range(draw(st.integers(0, 3))):
        holder, key = draw(st.sampled_from([*_places(data)]))
        if isinstance(holder, dict) and draw(st.booleans()):
            del holder[key]
            break  # the other places may have gone with it
        holder[key] = draw(_VALUES)
    content = json.dumps(data).encode()
    if draw(st.integers(0, 4)) == 0:
        content = content[: draw(st.integers(0, len(content)))]
    return "flows.json", content


def _places(value):
    """Yield (container, key) of everything inside."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


@functools.cache
def spreadsheets():
    """Return the strategy of everything somebody uploads as an order form."""
    return st.one_of(workbooks(), broken_workbooks(), texts(), others())
