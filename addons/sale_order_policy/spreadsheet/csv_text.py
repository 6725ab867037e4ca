"""Reading csv: which encoding, which delimiter."""

import codecs
import csv
import io
import itertools
from collections.abc import Callable, Iterator

import chardet

from .errors import SpreadsheetError

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",;\t"
LEGACY = ("gb18030", "big5", "cp1252")
DETECTED = {
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
}
SAMPLE_LINES = 10
SAMPLE_BYTES = 50_000

Score = Callable[[list[list[str]]], int]


def read_rows(
    data: bytes, score: Score, encoding: str | None = None
) -> tuple[str, Iterator[tuple[int, dict[int, str], dict]]]:
    """Return the encoding and the rows: number in the file, texts by column.

    :param score: says how much the first rows look like the form; what suits it best
        is how the file is read
    :param encoding: what the user chose; found out without
    :raise SpreadsheetError: "encoding" or "damaged"
    """
    encoding = encoding or _find_encoding(data, score)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise SpreadsheetError("encoding", encoding=encoding, row=row) from None
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if "\0" in text:
        raise SpreadsheetError("damaged")
    delimiter = max(DELIMITERS, key=lambda sign: score(_sample(text, sign)))
    return encoding, _read(text, delimiter)


def _find_encoding(data: bytes, score: Score) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return encoding
    if data[:200].count(0) > 20:  # UTF-16 without its mark
        return "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _find_legacy(data, score)
    return "utf-8"


def _find_legacy(data: bytes, score: Score) -> str:
    """Return the encoding in which the most headings are known words."""
    found = {}
    for encoding in LEGACY:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        found[encoding] = max(score(_sample(text, sign)) for sign in DELIMITERS)
    if not found:
        raise SpreadsheetError("encoding_unknown")
    best = [encoding for encoding in found if found[encoding] == max(found.values())]
    guess = (chardet.detect(data[:SAMPLE_BYTES])["encoding"] or "").lower()
    guess = DETECTED.get(guess, "")
    return guess if guess in best else best[0]


def _sample(text: str, delimiter: str) -> list[list[str]]:
    rows = (list(cells.values()) for _number, cells, _filled in _read(text, delimiter))
    try:
        return list(itertools.islice(rows, SAMPLE_LINES))
    except SpreadsheetError:
        return []


def _read(text: str, delimiter: str) -> Iterator[tuple[int, dict[int, str], dict]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in lines:
            yield (
                lines.line_num,
                {
                    place: cell.strip()
                    for place, cell in enumerate(cells)
                    if cell.strip()
                },
                {},
            )
    except csv.Error:
        raise SpreadsheetError("damaged") from None
