"""Scarce stock: sharing it out, moving it between regions; an order's timeline.

benchmarks/README.md says what is measured and the targets.
"""

import statistics

from tests.common import prepared
from tests.common.processes import Worker
from tools.environment.steps import say, step

from . import inside
from .report import Row
from .variants import QUIET, Variant

REPEAT = 9
OURS = "our add-ons"
FLOOR = "plain SQL"
NATIVE = "Odoo's own reservation"
CHANGES = 1000
#: reserving takes long
LESS_OFTEN = 3
MOST_QUERIES = 25
MOST_TIMES_FLOOR = 3.0
MOST_TIMES_NATIVE = 1.0
MOST_QUERIES_TIMELINE = 30


def take(repeat: int) -> list[Row]:
    """Measure everything, the proposal `repeat` times."""
    with prepared.with_addons("bench_stock") as database:
        worker = Worker(database, inside.call, user=None, retry=False, options=[QUIET])
        try:
            worker.receive()  # it is ready
            variant = Variant(database, worker)
            with step("Making the deliveries (about two minutes)"):
                variant.call("stock_data:make")
            size = variant.call("stock:count")
            say(
                "   " + ", ".join(f"{number:,} {what}" for what, number in size.items())
            )
            with step("Measuring: the proposal"):
                rows = _propose(variant, repeat)
            with step(f"Measuring: applying {CHANGES} changes"):
                rows += _apply(variant, max(repeat // LESS_OFTEN, 1))
            variant.call("stock_transfer:give")
            with step("Measuring: the transfers between regions, the timeline"):
                rows += _transfer(variant, repeat)
                rows += _look(variant, repeat)
        finally:
            worker.end()
    return rows


def _in_turn(variant, what, calls, repeat):
    """Make the calls one after the other, again and again; the first warms up."""
    rows = {name: Row(what, name) for name in calls}
    for number in range(-1, repeat):
        for name, call in calls.items():
            found = variant.call(*call)
            rows[name].answer = found.pop("answers")
            if number >= 0:
                rows[name].add(found)
    return rows


def _times(row: Row, other: Row) -> float:
    pairs = zip(row.work, other.work, strict=True)
    return round(statistics.median(own / its for own, its in pairs), 2)


def _propose(variant, repeat: int) -> list[Row]:
    calls = {FLOOR: ("stock:propose", "floor"), OURS: ("stock:propose", "ours")}
    return _beside_floor(variant, "propose an allocation", calls, repeat)


def _transfer(variant, repeat: int) -> list[Row]:
    ways = {FLOOR: "floor", OURS: "ours"}
    calls = {name: ("stock_transfer:plan", way) for name, way in ways.items()}
    return _beside_floor(variant, "propose transfers", calls, repeat)


def _look(variant, repeat: int) -> list[Row]:
    calls = {OURS: ("stock_transfer:timeline",)}
    rows = _in_turn(variant, "timeline of an order", calls, repeat)
    rows[OURS].aim("queries", max(rows[OURS].queries), MOST_QUERIES_TIMELINE)
    return list(rows.values())


def _beside_floor(variant, what: str, calls, repeat: int) -> list[Row]:
    rows = _in_turn(variant, what, calls, repeat)
    ours, floor = rows[OURS], rows[FLOOR]
    if ours.answer != floor.answer:
        raise RuntimeError(f"not the same: {ours.answer} and {floor.answer}")
    ours.aim("x plain SQL", _times(ours, floor), MOST_TIMES_FLOOR)
    ours.aim("queries", min(ours.queries), MOST_QUERIES)
    return list(rows.values())


def _apply(variant, repeat: int) -> list[Row]:
    calls = {
        NATIVE: ("stock:apply", "native", CHANGES),
        OURS: ("stock:apply", "ours", CHANGES),
    }
    rows = _in_turn(variant, f"apply {CHANGES} changed moves", calls, repeat)
    ours, native = rows[OURS], rows[NATIVE]
    if ours.answer != native.answer:
        raise RuntimeError(f"not the same: {ours.answer} and {native.answer}")
    ours.aim("x Odoo", _times(ours, native), MOST_TIMES_NATIVE)
    return list(rows.values())
