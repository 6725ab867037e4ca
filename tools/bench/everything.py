"""All measurements, in a large database and in a tenth of it, as one page."""

import importlib
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from odoo import release

from tools import databases
from tools.environment.paths import ROOT, write_atomically
from tools.environment.steps import say

from . import large, page, stock_databases
from .report import Row

PAGE = ROOT / "docs" / "benchmarks.md"
SCALES = (large.FULL, large.TENTH)


def take(names: Iterable[str], repeat: int | None) -> list[Row]:
    """Take these measurements at both sizes; write each into the page.

    :return: all rows of the large size
    """
    found = []
    for name in names:
        module = importlib.import_module(f"tools.bench.measure_{name}")
        full, tenth = (module.take(repeat or module.REPEAT, scale) for scale in SCALES)
        _write(name, [_when(), "", *page.table(full, tenth), "", *page.verdict(full)])
        say(f"   {name} is in {PAGE.relative_to(ROOT)}")
        found += full
        if name == "stock":
            _write("Data", _data())
    return found


def _when() -> str:
    return (
        f"{datetime.now(UTC).date()}, {_machine()}; "
        f"Odoo {release.version}, {_postgres()}, "
        f"Python {platform.python_version()}."
    )


def _data() -> list[str]:
    """Tell how large the large database is, the scarce stock on top."""
    lines = []
    for scale in SCALES:
        size = _size(stock_databases.template(scale))
        told = ", ".join(f"{number:,} {what}" for what, number in size.items())
        lines.append(f"- {scale:g}: {told}.")
    return lines


def _size(database: str) -> dict[str, int]:
    with databases.connection(database) as cursor:
        counts = {}
        for what, statement in large.COUNTS.items():
            cursor.execute(statement)
            counts[what] = cursor.fetchone()[0]
    return counts


def _machine() -> str:
    cores = os.cpu_count()
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{cores} cores of {model}, {pages / 2**30:.0f} GiB"


def _postgres() -> str:
    with databases.connection() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def _write(name: str, lines: list[str]) -> None:
    text = PAGE.read_text() if PAGE.exists() else page.EMPTY
    write_atomically(PAGE, page.with_section(text, name, lines))
