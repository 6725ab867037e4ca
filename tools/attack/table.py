"""The outcome of all routes as a section of a page."""

from .outcome import Outcome
from .route import Route

TITLES = {
    "approval": "Approval",
    "credit": "Customer credit",
    "goods": "Shipping and acceptance",
}
INTRODUCTION = """\
## Ways around control

`scripts/attack` has people try to get around what is controlled: over HTTP, as users
with the usual rights of their work, each way on a document of its own. What counts is
what the records say afterwards, and that a refused call left the order as it was.

- **these add-ons**: every order is decided on at two levels; limits and the release of
  deliveries are enforced.
- **OCA**: `sale_tier_validation` with two reviews of every order, one after the other,
  each by a group and by four eyes; `sale_financial_risk` with everything counted and
  nothing overdue allowed, for new customers too. Its shipping check,
  `stock_financial_risk`, had no release for 19.0.
- **Odoo alone**: its own limit, which warns.

Approval, credit and shipping are switched on one at a time, so that each row says what
holds by itself. A limit is 1,000.00. "Not available": nobody does this there. What a
payment provider reports is told to Odoo inside; no real one took part.
"""


def describe(routes: list[Route], names: list[str], rows: list[list[Outcome]]) -> str:
    """Return the tables, one per area, each row with what happened in each stack."""
    parts = []
    for area, title in TITLES.items():
        found = [
            (route, row)
            for route, row in zip(routes, rows, strict=True)
            if route.area == area
        ]
        if not found:
            continue
        lines = [
            f"### {title}",
            "",
            _counts(names, [row for _route, row in found]),
            "",
            "| " + " | ".join(["way", *names]) + " |",
            "|---" * (len(names) + 1) + "|",
        ]
        lines += [
            "| " + " | ".join([route.words, *map(str, row)]) + " |"
            for route, row in found
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _counts(names: list[str], rows: list[list[Outcome]]) -> str:
    """Return how many ways are open in each stack, in words."""
    told = []
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        tried = [outcome for outcome in column if outcome.kind != "missing"]
        if tried:
            count = sum(outcome.kind in ("through", "warned") for outcome in tried)
            meant = sum(outcome.kind == "meant" for outcome in tried)
            more = f", and {meant} as meant" if meant else ""
            told.append(f"{name}: {count} of {len(tried)}{more}")
    return "Open ways: " + "; ".join(told) + "."
