"""Customers' exposure where there are a million journal items.

benchmarks/README.md says what is measured and the targets.
"""

import contextlib
import statistics

from tools.environment.steps import say, step

from . import credit_databases
from .report import Row
from .variants import Variant

REPEAT = 15
#: sizes; 1 is a million journal items
SCALE = 1.0
SMALLER = 0.1
OURS = "our add-ons"
FLOOR = "plain SQL"
FIRST = f"{OURS}, first of a request"
PEER = f"OCA {credit_databases.PEER}"
ROUNDS_TO_WARM_UP = 3
#: finding all takes long
LESS_OFTEN = 3
#: (orders at a time, lines of each)
CONFIRMED = ((1, 3), (20, 3))
MODES = ("off", "enforce")

MOST_TIMES_FLOOR = 3.0
MOST_TIMES_FLOOR_OF_ALL = 1.5
LEAST_TIMES_FASTER = 5.0
MOST_TIMES_OFF = 1.10
#: what a tenfold of others' documents may cost: nothing but noise
MOST_TIMES_SMALLER = 1.25


def take(repeat: int, scale: float = SCALE) -> list[Row]:
    """Measure everything, most of it `repeat` times."""
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        ours = enter(credit_databases.opened(scale))
        smaller = enter(credit_databases.opened(scale * SMALLER))
        peer = enter(credit_databases.opened(scale, peer=True))
        if peer:
            peer.call("credit:allow_peer")
        size = ours.call("credit_data:count")
        text = ", ".join(f"{number:,} {what}" for what, number in size.items())
        say(f"   {text}")
        ways = [(FLOOR, ours, "floor"), (OURS, ours, "ours"), (PEER, peer, "peer")]
        with step("Measuring: the exposure of one customer"):
            rows = _one(ways, smaller, repeat)
        with step("Measuring: customers over their limit"):
            rows += _over(ways, max(repeat // LESS_OFTEN, 1))
        with step("Measuring: the check of a confirmation"):
            for count, lines in CONFIRMED:
                rows += _confirm(ours, count, lines, repeat)
    return rows


def _in_turn(
    calls: dict[str, tuple], repeat: int, what: str, warm_up: int = ROUNDS_TO_WARM_UP
) -> dict[str, Row]:
    """Make the calls one after the other, again and again; the first ones warm up.

    :param calls: {variant: (process or None, function, arguments...)}
    """
    rows = {name: Row(what, name) for name in calls}
    for number in range(-warm_up, repeat):
        for name, (variant, *call) in calls.items():
            if variant:
                found = variant.call(*call)
                rows[name].answer = found.pop("answers", None)
                if number >= 0:
                    rows[name].add(found)
    return rows


def _one(ways: list[tuple], smaller: Variant, repeat: int) -> list[Row]:
    calls = {name: (variant, "credit:one", way) for name, variant, way in ways}
    tenth = f"{OURS}, {SMALLER:g} of the data"
    calls[tenth] = (smaller, "credit:one", "ours")
    calls[FIRST] = (ways[1][1], "credit:one", "ours", True)
    rows = _in_turn(calls, repeat, "exposure of 1 customer")
    _aim(rows, MOST_TIMES_FLOOR)
    grown = _times(rows[OURS], rows[tenth])
    rows[OURS].aim("x with a tenth of the data", grown, MOST_TIMES_SMALLER)
    return list(rows.values())


def _over(ways: list[tuple], repeat: int) -> list[Row]:
    calls = {name: (variant, "credit:over", way) for name, variant, way in ways}
    rows = _in_turn(calls, repeat, "all customers over their limit", warm_up=1)
    _aim(rows, MOST_TIMES_FLOOR_OF_ALL)
    return list(rows.values())


def _aim(rows: dict[str, Row], most_times_floor: float) -> None:
    """Hold ours against the floor and the peer; all must say the same."""
    ours, floor, peer = rows[OURS], rows[FLOOR], rows[PEER]
    if ours.answer != floor.answer:
        raise RuntimeError(f"not the same: {ours.answer} and {floor.answer}")
    ours.aim("x plain SQL", _times(ours, floor), most_times_floor)
    if peer.times:
        faster = _times(peer, ours)
        ours.aim_at_least("x faster than OCA", faster, LEAST_TIMES_FASTER)


def _times(row: Row, other: Row) -> float:
    """Return the work beside another's: the median over runs side by side."""
    pairs = zip(row.work, other.work, strict=True)
    return round(statistics.median(own / its for own, its in pairs), 2)


def _confirm(ours: Variant, count: int, lines: int, repeat: int) -> list[Row]:
    """Confirm with credit control off and enforced, in turn."""
    setting = ours.call("credit:prepare_orders", count, lines)
    calls = {
        f"credit control: {mode}": (ours, "credit:confirm_with", setting, mode, count)
        for mode in MODES
    }
    plural = "order" if count == 1 else "orders"
    rows = _in_turn(calls, repeat, f"confirm {count} {plural}, {lines} lines")
    off, enforced = rows.values()
    enforced.aim("x off", _times(enforced, off), MOST_TIMES_OFF)
    more = min(enforced.queries) - min(off.queries)
    enforced.after = f"{more:+d} queries beside off"
    return list(rows.values())
