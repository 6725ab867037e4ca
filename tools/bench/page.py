"""The page of all measurements: sections, each with one table for two sizes."""

import re
from itertools import zip_longest

from .report import Row, aligned, missed

#: what the command writes of the page stands between these
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
EMPTY = f"# Benchmarks\n\n{BEGIN}\n{END}\n"
COLUMNS = (
    *("what", "variant", "ms, a tenth", "ms", "at work", "x Odoo", "queries, a tenth"),
    *("queries", "more than Odoo", "peak MB", "after", "target"),
)
TEXTS = (0, 1, 10, 11)


def with_section(page: str, name: str, lines: list[str]) -> str:
    """Return the page with one section new; the others, and what is around, stay."""
    before, _begin, rest = page.partition(BEGIN)
    body, _end, after = rest.partition(END)
    sections = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", body, re.M))
    sections[name] = "\n".join(["", *lines, "", ""])
    body = "".join(f"## {key}\n{value}" for key, value in sorted(sections.items()))
    return f"{before}{BEGIN}\n{body}{END}{after}"


def table(full: list[Row], tenth: list[Row]) -> list[str]:
    """Return the rows of the large database, with the times of a tenth beside them."""
    lines = []
    for row, small in zip_longest(full, tenth[: len(full)]):
        cells = row.cells()
        less = small.cells() if small and small.variant == row.variant else [""] * 11
        cells.pop(3)  # the least time
        cells.insert(2, less[2])
        cells.insert(6, less[6])
        lines.append(cells)
    return aligned(COLUMNS, lines, TEXTS)


def verdict(rows: list[Row]) -> list[str]:
    """Return in words which targets are missed."""
    wrong = missed(rows)
    if not any(row.targets for row in rows):
        return []
    if not wrong:
        return ["All targets are met."]
    return ["Missed:", "", *(f"- {text}" for text in wrong)]
