"""Measure the add-ons against Odoo without them; benchmarks/README.md explains it.

    scripts/bench                     every measurement
    scripts/bench NAME ...            those of tools/bench/measure_NAME.py
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


def names() -> list[str]:
    """Return the names of all measurements."""
    return sorted(p.stem.removeprefix("measure_") for p in HERE.glob("measure_*.py"))


def main() -> int:
    """Take the measurements and print them in one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    choices = names()
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(choices))
    parser.add_argument("--repeat", type=int, help="how often (at least 1)")
    parser.add_argument("--out", type=Path, help="a file for the table")
    options = parser.parse_args()
    if unknown := {*options.names} - {*choices}:
        parser.error(f"no measurement {', '.join(unknown)}; {', '.join(choices)}")
    if options.repeat is not None and options.repeat < 1:
        parser.error("--repeat is at least 1")
    templates.drop_abandoned()
    rows: list[Row] = []
    for name in options.names or choices:
        module = importlib.import_module(f"tools.bench.measure_{name}")
        rows += module.take(options.repeat or module.REPEAT)
    print(text := table(rows))
    if options.out:
        options.out.write_text(f"{text}\n")
    wrong = missed(rows)
    print("\n".join(wrong) or "All targets are met.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
