"""Measure the add-ons against Odoo without them.

    scripts/bench                     every measurement
    scripts/bench NAME ...            those of tools/bench/measure_NAME.py
    scripts/bench --repeat 5          each so often; the median counts

A measurement is a module with `measure(env)`, which runs inside Odoo in a database of
its own and returns {what: number}. It is rolled back.
"""

import argparse
import importlib
import statistics
from pathlib import Path

from tests.common import prepared
from tests.common.processes import run
from tools import templates

HERE = Path(__file__).parent
VARIANTS = {"Odoo": prepared.with_apps, "with the add-ons": prepared.with_addons}


def names() -> list[str]:
    """Return the names of all measurements."""
    return sorted(p.stem.removeprefix("measure_") for p in HERE.glob("measure_*.py"))


def take(name: str, database: str, repeat: int) -> dict[str, float]:
    """Return the median of each number of one measurement."""
    module = importlib.import_module(f"tools.bench.measure_{name}")
    runs = [run(database, module.measure, retry=False) for _ in range(repeat)]
    return {what: statistics.median(one[what] for one in runs) for what in runs[0]}


def main() -> None:
    """Take the measurements and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    templates.drop_abandoned()
    results: dict[tuple[str, str], dict[str, float]] = {}
    for variant, prepare in VARIANTS.items():
        with prepare("bench") as database:
            for name in options.names or names():
                for what, number in take(name, database, options.repeat).items():
                    results.setdefault((name, what), {})[variant] = number
    print(f"{'':50}" + "".join(f"{variant:>20}" for variant in VARIANTS))
    for (name, what), numbers in results.items():
        cells = "".join(f"{numbers[variant]:20.3f}" for variant in VARIANTS)
        print(f"{name + ': ' + what:50}{cells}")


if __name__ == "__main__":
    main()
