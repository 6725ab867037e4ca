"""Reading xlsx row by row, merged cells included, whatever the file's size.

Odoo's own libraries keep a whole workbook in memory or know nothing of merged cells
and of formulas that were never calculated.
"""

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from .errors import SpreadsheetError

MOST_BYTES = 256 * 2**20
MOST_STRING_BYTES = 96 * 2**20
#: what is held in memory at once: a part of the frame, a row, a text
MOST_BYTES_AT_ONCE = 16 * 2**20
#: Excel's own limits
MOST_SHEET_ROWS = 2**20
LONGEST_FORMAT = 255
MOST_COLUMNS = 300
MOST_MERGES = 200_000
CHUNK = 2**18
OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]*ref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']"
)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    KeyError,
    IndexError,
    ValueError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
SAFE = {"resolve_entities": False, "no_network": True, "huge_tree": False}
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
EPOCH = datetime.datetime(1899, 12, 30)
MAC_EPOCH = datetime.datetime(1904, 1, 1)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its name and where it is in the file."""

    name: str
    path: str
    is_hidden: bool


class _Steps:
    """A stream that refuses to be read on and on without anything being finished.

    The parser keeps what is not finished. A file made for it would fill the memory.
    """

    def __init__(self, stream) -> None:
        self.stream = stream
        self.unfinished = 0

    # a stream has no read of models to call
    def read(self, size: int = CHUNK) -> bytes:  # pylint: disable=W8106
        data = self.stream.read(size)
        self.unfinished += len(data)
        if self.unfinished > MOST_BYTES_AT_ONCE:
            raise SpreadsheetError("too_large", megabytes=MOST_BYTES_AT_ONCE // 2**20)
        return data

    def finish(self, node: etree._Element) -> None:
        """Forget an element that has been read."""
        _forget(node)
        self.unfinished = 0


class Workbook:
    """An xlsx file.

    :raise SpreadsheetError: "old_format", "protected", "damaged" or "too_large"
    """

    def __init__(self, data: bytes) -> None:
        if data.startswith(OLE):
            is_protected = ENCRYPTED in data
            raise SpreadsheetError("protected" if is_protected else "old_format")
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
            self._check_size()
            self._read_frame()
        except BROKEN:
            raise SpreadsheetError("damaged") from None

    def _check_size(self) -> None:
        sizes = {info.filename: info.file_size for info in self.archive.infolist()}
        if sum(sizes.values()) > MOST_BYTES or (
            sizes.get("xl/sharedStrings.xml", 0) > MOST_STRING_BYTES
        ):
            raise SpreadsheetError("too_large", megabytes=MOST_BYTES // 2**20)

    def _read_frame(self) -> None:
        book = self._parse("xl/workbook.xml")
        targets = {
            node.get("Id"): node.get("Target")
            for node in self._parse("xl/_rels/workbook.xml.rels")
        }
        self.sheets = []
        for node in book.iter("{*}sheet"):
            target = targets[node.get(RELATION) or node.get(STRICT_RELATION)]
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            hidden = node.get("state") in ("hidden", "veryHidden")
            if "worksheets/" in path:
                self.sheets.append(Sheet(node.get("name"), path, hidden))
        is_mac = any(
            node.get("date1904") in ("1", "true") for node in book.iter("{*}workbookPr")
        )
        self.epoch = MAC_EPOCH if is_mac else EPOCH
        self.formats = self._read_formats()
        self.strings = self._read_strings()

    def _parse(self, name: str) -> etree._Element:
        if self.archive.getinfo(name).file_size > MOST_BYTES_AT_ONCE:
            raise SpreadsheetError("too_large", megabytes=MOST_BYTES_AT_ONCE // 2**20)
        return etree.fromstring(self.archive.read(name), etree.XMLParser(**SAFE))

    def _read_formats(self) -> list[str]:
        """Return for each style: "date", "percent" or nothing."""
        if "xl/styles.xml" not in self.archive.namelist():
            return []
        root = self._parse("xl/styles.xml")
        codes = dict(BUILTIN_FORMATS)
        for node in root.iter("{*}numFmt"):
            code = (node.get("formatCode") or "")[:LONGEST_FORMAT]
            codes[int(node.get("numFmtId"))] = code
        kinds = []
        for styles in root.iterchildren("{*}cellXfs"):
            for node in styles.iterchildren("{*}xf"):
                number = int(node.get("numFmtId") or 0)
                code = codes.get(number, "")
                is_date = 27 <= number <= 36 or 50 <= number <= 58  # Chinese Excel's
                if is_date or is_date_format(code):
                    kinds.append("date")
                else:
                    kinds.append("percent" if "%" in code else "")
        return kinds

    def _read_strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.archive.namelist():
            return []
        strings = []
        with self.archive.open("xl/sharedStrings.xml") as stream:
            steps = _Steps(stream)
            for _event, node in etree.iterparse(steps, tag="{*}si", **SAFE):
                strings.append(_text_of(node))
                steps.finish(node)
        return strings

    def read_rows(self, sheet: Sheet) -> Iterator[tuple[int, dict, dict]]:
        """Yield (number, {column: text}, {column: (text, first row)}).

        The last are what cells merged with others above them hold.

        :raise SpreadsheetError: "damaged" or "too_many_merged"
        """
        try:
            yield from self._fill_down(sheet)
        except BROKEN:
            raise SpreadsheetError("damaged") from None

    def _fill_down(self, sheet: Sheet) -> Iterator[tuple[int, dict, dict]]:
        merges = self._read_merges(sheet)
        ends: dict[int, tuple[int, str, int]] = {}
        for number, cells in self._read_cells(sheet):
            ends = {column: end for column, end in ends.items() if end[0] >= number}
            filled = {
                column: (text, first)
                for column, (_last, text, first) in ends.items()
                if column not in cells and text
            }
            for column, last in merges.get(number, ()):
                ends[column] = (last, cells.get(column, ""), number)
            yield number, cells, filled

    def _read_merges(self, sheet: Sheet) -> dict[int, list[tuple[int, int]]]:
        """Return {first row: [(column, last row)]}. They stand behind the rows."""
        merges: dict[int, list[tuple[int, int]]] = {}
        count, rest = 0, b""
        with self.archive.open(sheet.path) as stream:
            while chunk := stream.read(CHUNK):
                chunk = rest + chunk
                end = 0
                for match in MERGE.finditer(chunk):
                    end = match.end()
                    column, first, _last_column, last = match.groups()
                    count += 1
                    if count > MOST_MERGES:
                        raise SpreadsheetError("too_many_merged")
                    place = _column_number(column.decode()[:4])
                    if int(last) > int(first) and place < MOST_COLUMNS:
                        merges.setdefault(int(first), []).append((place, int(last)))
                rest = chunk[max(end, len(chunk) - 200) :]
        return merges

    def _read_cells(self, sheet: Sheet) -> Iterator[tuple[int, dict[int, str]]]:
        number = count = 0
        with self.archive.open(sheet.path) as stream:
            steps = _Steps(stream)
            for _event, row in etree.iterparse(steps, tag="{*}row", **SAFE):
                number = int(row.get("r") or number + 1)
                count += 1
                if not 0 < number <= MOST_SHEET_ROWS or count > MOST_SHEET_ROWS:
                    raise SpreadsheetError("damaged")
                cells: dict[int, str] = {}
                column = -1
                for cell in row.iterchildren("{*}c"):
                    place = cell.get("r")
                    column = _column_number(place) if place else column + 1
                    if column < MOST_COLUMNS and (text := self._text(cell)):
                        cells[column] = text
                steps.finish(row)
                yield number, cells

    def _text(self, cell: etree._Element) -> str:
        """Return what a cell shows, dates and shares in a form of our own."""
        kind = cell.get("t")
        if kind == "inlineStr":
            return _text_of(cell).strip()
        value = formula = None
        for child in cell:
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if name == "v":
                value = child.text
            elif name == "f":
                formula = f"={child.text or ''}"
        if value is None:
            return formula if formula and kind != "str" else ""
        if kind == "s":
            return self.strings[int(value)].strip()
        if kind in ("str", "e"):
            return value.strip()
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "d":
            return value.partition("T")[0]
        style = int(cell.get("s") or 0)
        return self._number_text(
            value, self.formats[style] if style < len(self.formats) else ""
        )

    def _number_text(self, value: str, form: str) -> str:
        number = float(value)
        if form == "date":
            try:
                moment = self.epoch + datetime.timedelta(days=number)
                return moment.date().isoformat()
            except OverflowError:
                return value
        if form == "percent":
            return f"{number * 100:.12g}%"
        return f"{number:.15g}" if abs(number) < 1e15 else value


def _column_number(place: str) -> int:
    """Return the number of a column from the name of a cell: "B7" is in column 1."""
    number = 0
    for sign in place:
        if not sign.isalpha():
            break
        number = number * 26 + ord(sign) - 64
    return number - 1


def _text_of(node: etree._Element) -> str:
    """Return the text in all its formats, without what says how to pronounce it."""
    return "".join(
        part.text or ""
        for part in node.iter("{*}t")
        if not str(part.getparent().tag).endswith("}rPh")
    )


def _forget(node: etree._Element) -> None:
    node.clear()
    while node.getprevious() is not None:
        del node.getparent()[0]
