"""Databases with a million journal items, kept for the next measurement."""

import contextlib
import functools
from collections.abc import Iterator
from pathlib import Path

from tests.common import prepared
from tools import databases, templates
from tools.environment.paths import ADDONS
from tools.environment.steps import step

from . import credit_data, kept, multiply, peers
from .variants import QUIET, Variant

PEER = "sale_financial_risk"
#: what decides what is in the databases
LOADERS = (credit_data, multiply)


@contextlib.contextmanager
def opened(scale: float, *, peer: bool = False) -> Iterator[Variant | None]:
    """Yield a process in a copy of the database of this size.

    :param scale: 1 for a million journal items
    :param peer: with OCA's add-on; None is yielded when it cannot be had
    """
    options = [QUIET]
    if peer:
        addons = peers.ensure(PEER)
        if not addons:
            yield None
            return
        options.append(f"--addons-path={ADDONS},{addons}")
    template = _ensure(scale, options, peer)
    name = f"bench_credit_{_copies(scale)}{'_peer' if peer else ''}"
    with prepared.copy_of(template, name) as database:
        with kept.working(database, options) as variant:
            yield variant


def _copies(scale: float) -> int:
    return max(round(credit_data.COPIES * scale), 1)


def _ensure(scale: float, options: list[str], peer: bool) -> str:
    """Return the template; as our add-ons are now, whenever it was loaded."""
    copies = _copies(scale)
    kind = f"credit_{copies}{'_peer' if peer else ''}"
    fill = functools.partial(_copy, copies=copies, options=options, peer=peer)
    return kept.current(templates.ensure_filled(kind, _key(), fill), ours=not peer)


def _key() -> str:
    return "\n".join(Path(module.__file__).read_text() for module in LOADERS)


def _copy(database: str, *, copies: int, options: list[str], peer: bool) -> None:
    made = kept.current(templates.ensure_filled("credit_made", _key(), _make))
    databases.clone(made, database)
    kept.note(database)
    if peer:
        with step(f"Installing {PEER}"):
            templates.install(database, [PEER], demo=False, options=options)
    with step(f"Copying the customers {copies} times (some minutes, once)"):
        with kept.working(database, options) as variant:
            variant.call("credit_data:copy", copies)


def _make(database: str) -> None:
    databases.clone(templates.ensure(with_addons=True), database)
    kept.note(database)
    with step(f"Making {credit_data.CUSTOMERS} customers with all they have"):
        with kept.working(database, [QUIET]) as variant:
            variant.call("credit_data:make")
