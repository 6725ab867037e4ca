"""Databases with scarce stock, kept for the next measurement."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.common import prepared
from tools import databases, templates
from tools.environment.steps import step

from . import kept, large, multiply, peers, stock_data
from .variants import QUIET, Variant

PEER = "stock_interwarehouse_transfer"
#: what decides what is in the databases
LOADERS = (stock_data, multiply)


@contextlib.contextmanager
def opened(scale: float) -> Iterator[Variant]:
    """Yield a process in a copy of the database of this size.

    :param scale: 1 for 2,000 products
    """
    with prepared.copy_of(template(scale), f"bench_stock_{scale:g}") as database:
        with kept.working(database) as variant:
            yield variant


@contextlib.contextmanager
def opened_peer(scale: float) -> Iterator[Variant | None]:
    """Yield a process where OCA's add-on has the same stock, and ours are not.

    None when it is not to be had.
    """
    addons = peers.ensure(PEER)
    if not addons:
        yield None
        return
    options = [QUIET, f"--addons-path={addons}"]
    template = _ensure_peer(scale, options)
    with prepared.copy_of(template, f"bench_stock_{scale:g}_peer") as database:
        with kept.working(database, options) as variant:
            yield variant


def _products(scale: float) -> int:
    """Return how many: a multiple of what one order of each half takes."""
    orders = max(round(stock_data.PRODUCTS * scale / stock_data.LINES / 2), 1)
    return orders * stock_data.LINES * 2


def _key(scale: float) -> str:
    texts = [Path(module.__file__).read_text() for module in LOADERS]
    return "\n".join([large.key(scale), *texts])


def template(scale: float) -> str:
    """Return the template; as our add-ons are now, whenever it was loaded.

    The large database of this size, with the scarce stock on top.
    """
    products = _products(scale)

    def fill(database: str) -> None:
        databases.clone(large.with_ours(scale), database)
        kept.note(database)
        with step(f"Making deliveries of {products:,} products (minutes, once)"):
            with kept.working(database) as variant:
                variant.call("stock_data:make", products)

    return kept.current(templates.ensure_filled(f"stock_{products}", _key(scale), fill))


def _ensure_peer(scale: float, options: list[str]) -> str:
    """Return the template with OCA's add-on instead of ours."""

    def fill(database: str) -> None:
        databases.clone(template(scale), database)
        with step("Uninstalling our add-ons, to measure without them"):
            with kept.working(database) as variant:
                variant.call("stock_data:uninstall", templates.addons_for_tests())
                variant.call("stock_data:uninstall", templates.addons())
        with step(f"Installing {PEER}"):
            templates.install(database, [PEER], demo=False, options=options)

    name = f"stock_{_products(scale)}_peer"
    return templates.ensure_filled(name, _key(scale), fill)
