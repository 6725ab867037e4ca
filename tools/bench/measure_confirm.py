"""Confirming approved orders, computing findings, and "My approvals".

benchmarks/README.md says what is measured and the targets.
"""

import functools
import statistics

from tools.environment.steps import step

from . import large, shop
from .report import Row
from .variants import KINDS, Variant, opened, small

REPEAT = 30
ODOO, _OFF, ENFORCED, _PEER = KINDS
#: (what, orders at a time, lines of each)
CASES = (
    ("confirm 1 order, 3 lines", 1, 3),
    ("confirm 1 order, 20 lines", 1, 20),
    ("confirm 100 orders, 3 lines", 100, 3),
)
#: so many single orders are confirmed in turn
SINGLE_ORDERS = 3
#: a hundred at a time take long
LESS_OFTEN = 10
ROUNDS_TO_WARM_UP = 2
TIMES_ALONE = 3
FLOWS = (1, 10, 50)
LEVELS = (1, 3, 8)
SEATS = 10_000
DISCOUNT = 20

MOST_TIMES_ODOO = 1.25
MOST_QUERIES_MORE = 15
MOST_QUERIES_TO_LOOK = 30


def take(repeat: int, scale: float | None = None) -> list[Row]:
    """Measure everything, most of it `repeat` times.

    :param scale: in the large database, of this size
    """
    template = functools.partial(large.template, scale) if scale else small
    with opened(list(KINDS), template) as variants:
        for variant in variants:
            with step(f"People and goods: {variant.name}"):
                variant.setting = variant.call("shop:set_up", KINDS[variant.name])
        rows = []
        for case in CASES:
            with step(f"Measuring: {case[0]}"):
                rows += _confirm(variants, *case, repeat)
        ours = next(variant for variant in variants if variant.name == ENFORCED)
        with step("Measuring: flows, levels, findings"):
            rows += _confirm_by_number(ours, "flows", FLOWS)
            rows += _confirm_by_number(ours, "levels", LEVELS)
            rows += _find(ours)
        with step(f"Measuring: My approvals with {SEATS} open seats"):
            rows += _look(ours)
    return rows


def _confirm(
    variants: list[Variant], what: str, count: int, lines: int, repeat: int
) -> list[Row]:
    """Confirm in all variants in turn, so that all meet the same load."""
    sets = SINGLE_ORDERS if count == 1 else 1
    times = repeat if count == 1 else max(repeat // LESS_OFTEN, 1)
    orders = {
        variant.name: [_approved(variant, count, lines) for _ in range(sets)]
        for variant in variants
    }
    rows = {name: Row(what, name) for name in KINDS}
    outcomes = {}
    for number in range(-min(ROUNDS_TO_WARM_UP, sets), times):
        first = number % len(variants)
        for variant in variants[first:] + variants[:first]:
            chosen = orders[variant.name][number % sets]
            found = variant.call("shop:confirm", variant.setting, chosen)
            outcomes[variant.name] = found.pop("outcome")
            if number >= 0:
                rows[variant.name].add(found)
    for variant in variants:
        row = rows[variant.name]
        row.base = rows[ODOO]
        row.after = _after(variant, orders[variant.name])
        _aim_same(row, outcomes[variant.name], outcomes[ODOO])
    rows[ENFORCED].aim("x Odoo", round(rows[ENFORCED].ratio(), 2), MOST_TIMES_ODOO)
    if count == 1:
        rows[ENFORCED].aim("queries more", rows[ENFORCED].more(), MOST_QUERIES_MORE)
    return list(rows.values())


def _aim_same(row: Row, outcome: dict, wanted: dict) -> None:
    """Want what plain Odoo leaves behind; says nothing when it is so."""
    for thing, number in wanted.items():
        if outcome[thing] != number:
            row.aim(f"{thing} missing", abs(number - outcome[thing]), 0)


def _approved(variant: Variant, count: int, lines: int) -> list[int]:
    orders = variant.call("shop:create_orders", variant.setting, count, lines)
    variant.call("shop:approve", variant.setting, orders)
    return orders


def _after(variant: Variant, sets: list[list[int]]) -> str:
    """Confirm for good; return in words what that leaves to be done."""
    runs = [
        variant.call("shop:confirm_for_good", variant.setting, orders)
        for orders in sets
    ]
    median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    took = f"{median.pop('work'):.1f} ms, {median.pop('queries'):g} queries"
    del median["ms"]
    queued = [f"{number:g} {thing}" for thing, number in median.items() if number]
    return f"{took}, {' and '.join(queued) or 'nothing'} queued"


def _alone(variant: Variant, what: str, name: str, *arguments: object) -> Row:
    """Return a row of one variant alone, caches warm."""
    row = Row(what, variant.name)
    for number in range(ROUNDS_TO_WARM_UP + TIMES_ALONE):
        found = variant.call(name, variant.setting, *arguments)
        if number >= ROUNDS_TO_WARM_UP:
            row.add(found)
    return row


def _confirm_by_number(variant: Variant, things: str, numbers: tuple) -> list[Row]:
    """Confirm one order where there are more and more flows, or levels."""
    rows = []
    for number in numbers:
        counts = {"flows": 1, "levels": shop.USUAL_LEVELS, things: number}
        variant.call("shop:make_flows", counts["flows"], counts["levels"])
        orders = _approved(variant, 1, 3)
        what = f"confirm 1 order, {things}: {number}"
        rows.append(_alone(variant, what, "shop:confirm", orders))
    _aim_flat(rows)
    return rows


def _find(variant: Variant) -> list[Row]:
    """Compute the findings of few and of many orders."""
    variant.call("shop:limit_prices")
    rows = []
    for count in (10, 100):
        orders = variant.call("shop:create_orders", variant.setting, count, 3, DISCOUNT)
        what = f"findings of {count} orders"
        rows.append(_alone(variant, what, "shop:find", orders))
    _aim_flat(rows)
    return rows


def _aim_flat(rows: list[Row]) -> None:
    """Want no more queries than in the first row."""
    for row in rows[1:]:
        row.aim("queries", min(row.queries), min(rows[0].queries))


def _look(variant: Variant) -> list[Row]:
    """Look at many open seats in every way the views offer."""
    variant.setting = variant.call("inbox:fill", variant.setting, SEATS)
    what = f"{variant.setting['seats']} open seats:"
    views = _alone(variant, f"{what} the views", "inbox:open_views")
    rows = [views]
    for view, group in variant.call("inbox:ways_to_look", variant.setting):
        grouped = f" by {group}" if group else ""
        row = _alone(variant, f"{what} {view}{grouped}", "inbox:look", view, group)
        # the views are loaded when it is opened, not when it is grouped
        queries = min(row.queries) + (0 if group else min(views.queries))
        row.aim("queries", queries, MOST_QUERIES_TO_LOOK)
        rows.append(row)
    return rows
