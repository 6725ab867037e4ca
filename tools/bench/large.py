"""The large database, plain and with our add-ons, kept for the next measurement."""

import functools
from collections.abc import Sequence
from pathlib import Path

from tools import databases, templates
from tools.environment.steps import step

from . import kept, large_data
from .variants import QUIET

#: sizes; 1 is a million invoice lines
FULL, TENTH = 1.0, 0.1
#: what its size is told by
COUNTS = {
    "journal items": "SELECT COUNT(*) FROM account_move_line",
    "invoices": "SELECT COUNT(*) FROM account_move WHERE move_type = 'out_invoice'",
    "customers": "SELECT COUNT(*) FROM res_partner WHERE customer_rank > 0",
    "confirmed orders": "SELECT COUNT(*) FROM sale_order WHERE state = 'sale'",
    "open stock moves": "SELECT COUNT(*) FROM stock_move WHERE state"
    " IN ('confirmed', 'waiting', 'partially_available', 'assigned')",
}


def template(scale: float, *, ours: bool) -> str:
    """Return the name of the template of this size, with our add-ons or without."""
    return with_ours(scale) if ours else plain(scale)


def plain(scale: float) -> str:
    """Return the name of the template with Odoo's apps alone."""
    fill = functools.partial(_load, scale=scale)
    return templates.ensure_filled(f"large_{_size(scale)}", key(scale), fill)


def with_ours(scale: float) -> str:
    """Return the name of that with all our add-ons, as they are now."""
    name = f"large_{_size(scale)}_ours"
    fill = functools.partial(_add_ours, scale=scale)
    return kept.current(templates.ensure_filled(name, key(scale), fill))


def key(scale: float) -> str:
    """Return what decides what is in the database."""
    return f"{scale}\n{Path(large_data.__file__).read_text()}"


def _size(scale: float) -> str:
    return f"{round(large_data.PARTNERS * scale)}"


def _load(database: str, *, scale: float) -> None:
    databases.clone(templates.ensure(with_addons=False), database)
    lines = large_data.PARTNERS * large_data.INVOICES_EACH * large_data.LINES
    with step(f"Loading {round(lines * scale):,} invoice lines (some minutes, once)"):
        with kept.working(database) as variant:
            variant.call("large_data:make", scale)


def _add_ours(database: str, *, scale: float) -> None:
    databases.clone(plain(scale), database)
    with step("Installing our add-ons in the large database"):
        install(database, templates.addons())
    kept.note(database)


def install(
    database: str, modules: Sequence[str], options: Sequence[str] = (QUIET,)
) -> None:
    """Install add-ons, as an administrator does; PostgreSQL then knows the tables."""
    templates.install(database, modules, demo=False, options=options)
    with databases.connection(database) as cursor:
        cursor.execute("ANALYZE")
