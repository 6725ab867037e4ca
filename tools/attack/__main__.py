"""Try the ways around approval, customer credit and acceptance, in several stacks.

    scripts/attack                          our add-ons, OCA's, Odoo alone
    scripts/attack --stacks ours            only one of them
    scripts/attack --routes write_state     only some routes
    scripts/attack --out docs/FILE.md       the table in a page, too

Ends with 1 when our add-ons let anything through that they should not, or when any
answer is an error.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from odoo import release

from tools import templates
from tools.environment.steps import say, step
from tools.pages import put_into

from . import accepting, changing, confirming, granting, reviewing, shopping, table
from .oca import Oca
from .ours import Ours
from .outcome import Outcome, try_route
from .plain import Plain
from .route import Route
from .stack import Stack

HEADING = "# Reliability\n"
STACKS = {"ours": Ours, "oca": Oca, "plain": Plain}
ROUTES = [
    *(*confirming.ROUTES, *shopping.ROUTES, *reviewing.ROUTES, *changing.ROUTES),
    *(*granting.ROUTES, *accepting.ROUTES),
]


def main() -> int:
    """Try all routes in all stacks; write down what happened."""
    options = _parse()
    templates.drop_abandoned()
    routes = [route for route in ROUTES if _is_wanted(route, options)]
    columns = {}
    for name in options.stacks:
        stack = STACKS[name]()
        if outcomes := _try_all(stack, routes):
            columns[stack.name] = outcomes
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    section = table.describe(routes, list(columns), rows)
    print(section)
    if options.out:
        put_into(options.out, "attack", f"{_introduce()}\n{section}", heading=HEADING)
    wrong = _find_wrong(routes, columns)
    print("\n".join(wrong) or "Nothing is wrong.")
    return 1 if wrong else 0


def _parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stacks", nargs="*", choices=STACKS, default=list(STACKS))
    parser.add_argument("--routes", nargs="*", help="names, or parts of them")
    parser.add_argument("--area", choices=table.TITLES, help="only routes of this")
    parser.add_argument("--out", type=Path, help="a page to put the table into")
    return parser.parse_args()


def _is_wanted(route: Route, options) -> bool:
    if options.area not in (None, route.area):
        return False
    return not options.routes or any(part in route.name for part in options.routes)


def _try_all(stack: Stack, routes: list[Route]) -> list[Outcome]:
    """Return what became of each route; nothing when the stack cannot be had."""
    outcomes = []
    with stack.opened() as world:
        if not world:
            return []
        with step(f"{len(routes)} routes in {stack.name}"):
            for route in routes:
                if route.area != world.area:
                    world.control(route.area)
                outcomes.append(try_route(world, route))
                say(f"   {route.name}: {outcomes[-1]}")
    return outcomes


def _find_wrong(routes: list[Route], columns: dict[str, list[Outcome]]) -> list[str]:
    """Return in words what our add-ons let through, and every fault."""
    found = []
    for name, outcomes in columns.items():
        for route, outcome in zip(routes, outcomes, strict=True):
            if name == Ours.name:
                found += [f"WRONG: {name}: {fault}" for fault in outcome.faults]
            elif outcome.kind == "error":
                found.append(f"WRONG: {name}: {route.name}: {outcome.words}")
            if name == Ours.name and outcome.kind in ("through", "warned"):
                found.append(f"WRONG: {name}: {route.area} {route.name}: {outcome}")
    return found


def _introduce() -> str:
    """Return what the table is about."""
    day = datetime.now(UTC).date()
    names = ", ".join(f"`{name}` {number}" for name, number in Oca.versions().items())
    return (
        f"{table.INTRODUCTION}\n"
        f"Measured on {day} with Odoo {release.version};\n{names or 'no OCA'}.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
