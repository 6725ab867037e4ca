"""Databases with a million invoice lines, kept for the next measurement."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.common import prepared
from tools import databases, templates
from tools.environment.paths import ADDONS
from tools.environment.steps import step

from . import kept, large, peers, rebate_data
from .variants import QUIET, Variant

#: OCA's add-ons: what measures them, and in which share of the data at most
PEERS = {"agreement_rebate": ("rebate_peer", 1.0)}
# it goes through all invoices when it is installed
PEERS["account_commission_oca"] = ("commission_peer", 0.1)


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
def opened_peer(scale: float, peer: str) -> Iterator[Variant | None]:
    """Yield a process in such a copy with OCA's add-on; None when it is not to be had.

    Ours stay installed, it has nothing to do with them.
    """
    addons = peers.ensure(peer)
    if not addons:
        yield None
        return
    options = [QUIET, f"--addons-path={ADDONS},{addons}"]
    with prepared.copy_of(_ensure(scale), f"bench_{peer}_{scale:g}") as database:
        with step(f"Installing {peer}"):
            templates.install(database, [peer], demo=False, options=options)
        with kept.working(database, options) as variant:
            yield variant


def _ensure(scale: float) -> str:
    """Return the template; as our add-ons are now, whenever it was loaded."""
    text = Path(rebate_data.__file__).read_text()

    def fill(database: str) -> None:
        databases.clone(large.with_ours(scale), database)
        kept.note(database)
        with step("Putting rebate programmes in force for all customers"):
            with kept.working(database) as variant:
                variant.call("rebate_data:make")

    name = f"rebate_{scale:g}".replace(".", "_")
    key = f"{large.key(scale)}\n{text}"
    return kept.current(templates.ensure_filled(name, key, fill))
