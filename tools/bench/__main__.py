"""Measure the add-ons against Odoo without them; benchmarks/README.md explains it.

    scripts/bench                     every measurement
    scripts/bench NAME ...            those of tools/bench/measure_NAME.py
    scripts/bench all                 every one in a large database and in a tenth of
                                      it, written to docs/benchmarks.md
    scripts/bench all NAME ...        those; the rest of that page stays
    scripts/bench --repeat 5          each so often
    scripts/bench --out FILE          the table in a file too

Ends with 1 when a target is missed.

A measurement is a module with REPEAT, how often it is repeated by default, and
`take(repeat)`, which returns rows of the table.
"""

import argparse
import importlib
import sys
from pathlib import Path

from tools import templates

from .report import Row, missed, table

HERE = Path(__file__).parent
#: in place of names, or before them
ALL = "all"


def names() -> list[str]:
    """Return the names of all measurements."""
    return sorted(p.stem.removeprefix("measure_") for p in HERE.glob("measure_*.py"))


def _take(chosen: list[str], repeat: int | None) -> list[Row]:
    rows = []
    for name in chosen:
        module = importlib.import_module(f"tools.bench.measure_{name}")
        rows += module.take(repeat or module.REPEAT)
    return rows


def main() -> int:
    """Take the measurements and print them in one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    choices = names()
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{ALL}, {', '.join(choices)}"
    )
    parser.add_argument("--repeat", type=int, help="how often (at least 1)")
    parser.add_argument("--out", type=Path, help="a file for the table")
    options = parser.parse_args()
    is_all = options.names[:1] == [ALL]
    chosen = options.names[is_all:] or choices
    if unknown := {*chosen} - {*choices}:
        parser.error(f"no measurement {', '.join(unknown)}; {', '.join(choices)}")
    if options.repeat is not None and options.repeat < 1:
        parser.error("--repeat is at least 1")
    templates.drop_abandoned()
    if is_all:
        from . import everything  # needs Odoo, the names of measurements do not

        rows = everything.take(chosen, options.repeat)
    else:
        rows = _take(chosen, options.repeat)
    print(text := table(rows))
    if options.out:
        options.out.write_text(f"{text}\n")
    wrong = missed(rows)
    print("\n".join(wrong) or "All targets are met.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
