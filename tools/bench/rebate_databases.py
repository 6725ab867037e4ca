"""Databases with a million invoice lines, kept for the next measurement."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.common import prepared
from tools import databases, templates
from tools.environment.paths import ADDONS
from tools.environment.steps import step

from . import kept, peers, rebate_data
from .variants import QUIET, Variant

PEER = "agreement_rebate"


@contextlib.contextmanager
def opened(scale: float) -> Iterator[Variant]:
    """Yield a process in a copy of the database of this size.

    :param scale: 1 for a million invoice lines
    """
    with prepared.copy_of(_ensure(scale), f"bench_rebate_{scale:g}") as database:
        with kept.working(database) as variant:
            yield variant


@contextlib.contextmanager
def opened_without(scale: float) -> Iterator[Variant]:
    """Yield a process in such a copy that `channel_rebate` was taken out of."""
    with prepared.copy_of(_ensure(scale), f"bench_rebate_{scale:g}_0") as database:
        with step("Uninstalling channel_rebate, to measure without it"):
            with kept.working(database) as variant:
                variant.call("rebate_data:uninstall")
        with kept.working(database) as variant:
            yield variant


@contextlib.contextmanager
def opened_peer(scale: float) -> Iterator[Variant | None]:
    """Yield a process in such a copy with OCA's add-on; None when it is not to be had.

    Ours stay installed, it has nothing to do with them.
    """
    addons = peers.ensure(PEER)
    if not addons:
        yield None
        return
    options = [QUIET, f"--addons-path={ADDONS},{addons}"]
    with prepared.copy_of(_ensure(scale), f"bench_rebate_{scale:g}_peer") as database:
        with step(f"Installing {PEER}"):
            templates.install(database, [PEER], demo=False, options=options)
        with kept.working(database, options) as variant:
            yield variant


def _ensure(scale: float) -> str:
    """Return the template; as our add-ons are now, whenever it was loaded."""
    lines = round(1_000_000 * scale)
    key = f"{lines}\n{Path(rebate_data.__file__).read_text()}"

    def fill(database: str) -> None:
        databases.clone(templates.ensure(with_addons=True), database)
        kept.note(database)
        with step(f"Loading {lines:,} invoice lines (some minutes, once)"):
            with kept.working(database) as variant:
                variant.call("rebate_data:make", scale)

    return kept.current(templates.ensure_filled(f"rebate_{lines}", key, fill))
