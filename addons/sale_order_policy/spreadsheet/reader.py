"""Reading the form: finding its headings, then row by row."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import csv_text, xlsx
from .columns import BY_KEY, COLUMNS, IGNORED, find_key, normalise
from .errors import SpreadsheetError

HEADING_ROWS = 10
FEWEST_HEADINGS = 2
MOST_ROWS = 200_000
MOST_FILE_BYTES = 60 * 2**20
LONGEST_CELL = 4000

RawRow = tuple[int, dict[int, str], dict[int, tuple[str, int]]]


@dataclass(frozen=True)
class StagedRow:
    """A row of the form: its number in the file, and its texts by column key."""

    number: int
    texts: dict[str, str]


@dataclass
class Form:
    """A file with a heading. The rows can be read once."""

    rows: Iterator[StagedRow]
    encoding: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    #: headings that mean nothing to the import
    ignored: list[str] = field(default_factory=list)


@dataclass
class _Heading:
    row: int
    keys: dict[int, str]
    ignored: list[str]


def read_form(data: bytes, encoding: str = "", sheet: str = "") -> Form:
    """Open a file; the heading is read at once, the rows when they are asked for.

    :param encoding: of a csv file; found out without
    :param sheet: its name; without, the first that has the form's headings
    :raise SpreadsheetError: while opening, and while reading rows
    """
    if not data.strip():
        raise SpreadsheetError("empty")
    if len(data) > MOST_FILE_BYTES:
        raise SpreadsheetError("too_large", megabytes=MOST_FILE_BYTES // 2**20)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", xlsx.OLE)):
        return _read_workbook(data, sheet)
    found, rows = csv_text.read_rows(data, _score, encoding or None)
    heading, rest = _find_heading(rows)
    return Form(_stage(rest, heading), encoding=found, ignored=heading.ignored)


def _read_workbook(data: bytes, wanted: str) -> Form:
    book = xlsx.Workbook(data)
    names = [sheet.name for sheet in book.sheets]
    if wanted and wanted not in names:
        raise SpreadsheetError("no_sheet", sheet=wanted, sheets=names)
    chosen = [sheet for sheet in book.sheets if sheet.name == wanted] or [
        *(sheet for sheet in book.sheets if not sheet.is_hidden),
        *(sheet for sheet in book.sheets if sheet.is_hidden),
    ]
    problem = SpreadsheetError("empty")
    for sheet in chosen:
        try:
            heading, rows = _find_heading(book.read_rows(sheet))
        except SpreadsheetError as error:
            if error.code not in ("empty", "no_heading", "missing_columns"):
                raise
            # what is nearest to a form says best what is wrong
            if problem.code != "missing_columns" and error.code != "empty":
                problem = error
            continue
        return Form(
            _stage(rows, heading),
            sheet=sheet.name,
            sheets=names,
            ignored=heading.ignored,
        )
    raise problem


def _score(rows: list[list[str]]) -> int:
    """Return how many headings the likeliest of the rows has."""
    return max((len({*map(find_key, row)} - {None}) for row in rows), default=0)


def _find_heading(rows: Iterable[RawRow]) -> tuple[_Heading, Iterator[RawRow]]:
    """Return the heading and the rows below it."""
    rows = iter(rows)
    filled = ((number, cells, more) for number, cells, more in rows if cells)
    first = list(itertools.islice(filled, HEADING_ROWS))
    if not first:
        raise SpreadsheetError("empty")
    scores = [_score([list(cells.values())]) for _number, cells, _more in first]
    best = scores.index(max(scores))
    if scores[best] < FEWEST_HEADINGS:
        raise SpreadsheetError("no_heading", rows=HEADING_ROWS)
    heading = _make_heading(*first[best][:2])
    return heading, itertools.chain(first[best + 1 :], filled)


def _make_heading(row: int, cells: dict[int, str]) -> _Heading:
    keys: dict[int, str] = {}
    ignored = []
    for place, text in cells.items():
        key = find_key(text)
        if key and key in keys.values():
            raise SpreadsheetError("double_column", column=text, row=row)
        if key:
            keys[place] = key
        elif normalise(text) not in IGNORED:
            ignored.append(text)
    missing = [c.key for c in COLUMNS if c.required and c.key not in keys.values()]
    if missing:
        raise SpreadsheetError("missing_columns", keys=missing, row=row)
    return _Heading(row, keys, ignored)


def _stage(rows: Iterator[RawRow], heading: _Heading) -> Iterator[StagedRow]:
    """Yield the rows that have something in the form's columns."""
    count = 0
    for number, cells, filled in rows:
        texts = {
            key: cells[place] for place, key in heading.keys.items() if place in cells
        }
        if not texts:
            continue
        for place, (text, first) in filled.items():
            key = heading.keys.get(place)
            if key and BY_KEY[key].fills_down and first > heading.row:
                texts[key] = text
        for key, text in texts.items():
            if len(text) > LONGEST_CELL:
                raise SpreadsheetError(
                    "long_cell", row=number, key=key, most=LONGEST_CELL
                )
        count += 1
        if count > MOST_ROWS:
            raise SpreadsheetError("too_many_rows", most=MOST_ROWS)
        yield StagedRow(number, texts)
    if not count:
        raise SpreadsheetError("no_rows")
