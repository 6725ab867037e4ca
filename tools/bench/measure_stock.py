"""Scarce stock: sharing it out, moving it between regions; an order's timeline.

benchmarks/README.md says what is measured and the targets.
"""

import contextlib
import statistics

from tools.environment.steps import say, step

from . import stock_databases
from .report import Row
from .variants import Variant

REPEAT = 9
#: sizes; 1 is 2,000 products
SCALE = 1.0
OURS = "our add-ons"
FLOOR = "plain SQL"
NATIVE = "Odoo's own reservation"
PEER = f"OCA {stock_databases.PEER}"
CHANGES = 1000
#: transfers that are released, and their products
DOCUMENTS = 10
PRODUCTS = 20
#: reserving takes long
LESS_OFTEN = 3
MOST_QUERIES = 25
MOST_TIMES_FLOOR = 3.0
MOST_TIMES_NATIVE = 1.0
MOST_QUERIES_TIMELINE = 30


def take(repeat: int, scale: float = SCALE) -> list[Row]:
    """Measure everything, the proposal `repeat` times."""
    changes = max(round(CHANGES * scale), 1)
    with contextlib.ExitStack() as stack:
        variant = stack.enter_context(stock_databases.opened(scale))
        peer = stack.enter_context(stock_databases.opened_peer(scale))
        size = variant.call("stock:count")
        say("   " + ", ".join(f"{number:,} {what}" for what, number in size.items()))
        with step("Measuring: the proposal"):
            rows = _propose(variant, repeat)
        with step(f"Measuring: applying {changes} changes"):
            rows += _apply(variant, changes, max(repeat // LESS_OFTEN, 1))
        variant.call("stock_transfer:give")
        with step("Measuring: the transfers between regions, the timeline"):
            rows += _transfer(variant, repeat)
            rows += _look(variant, repeat)
        with step("Measuring: releasing transfers"):
            rows += _release(variant, peer, max(repeat // LESS_OFTEN, 1))
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


def _apply(variant, changes: int, repeat: int) -> list[Row]:
    calls = {
        NATIVE: ("stock:apply", "native", changes),
        OURS: ("stock:apply", "ours", changes),
    }
    rows = _in_turn(variant, f"apply {changes} changed moves", calls, repeat)
    ours, native = rows[OURS], rows[NATIVE]
    if ours.answer != native.answer:
        raise RuntimeError(f"not the same: {ours.answer} and {native.answer}")
    ours.aim("x Odoo", _times(ours, native), MOST_TIMES_NATIVE)
    return list(rows.values())


def _release(ours: Variant, peer: Variant | None, repeat: int) -> list[Row]:
    """Enter and release the same transfers, by us and by OCA's add-on."""
    wanted = ours.call("stock_release:documents", DOCUMENTS, PRODUCTS)
    what = f"enter and release {len(wanted)} transfers"
    calls = {
        OURS: (ours, "stock_release:ours", wanted),
        PEER: (peer, "stock_release:peer", wanted),
    }
    rows = {name: Row(what, name) for name in calls}
    if peer:
        peer.call("stock_transfer:give")
    for number in range(-1, repeat):
        for name, (variant, *call) in calls.items():
            if variant:
                found = variant.call(*call)
                rows[name].answer = found.pop("answers")
                if number >= 0:
                    rows[name].add(found)
    mine, its = rows[OURS], rows[PEER]
    if peer and mine.answer != its.answer:
        raise RuntimeError(f"not the same: {mine.answer} and {its.answer}")
    for row in rows.values():
        if row.times:
            row.after = f"{statistics.median(row.work) / len(wanted):.1f} ms each"
    if its.times:
        mine.after += f", {_times(mine, its):g} x OCA's work"
    return list(rows.values())
