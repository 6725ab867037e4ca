"""Installing, upgrading and uninstalling our add-ons in the large database.

benchmarks/README.md says what is measured and the targets.
"""

import time

from tests.common import prepared
from tools import databases, dependencies, templates
from tools.environment.steps import step

from . import kept, large, papers
from .report import Row

REPEAT = 1
OURS = "all our add-ons"


def take(repeat: int, scale: float = large.FULL) -> list[Row]:
    """Do it `repeat` times, each time in another copy."""
    ways = {"install": _install, "upgrade": _upgrade, "uninstall": _uninstall}
    rows = {what: Row(f"{what} at this size", OURS) for what in ways}
    template = large.plain(scale)
    changed, left = {what: set() for what in ways}, set()
    for _number in range(repeat):
        with prepared.copy_of(template, "bench_lifecycle") as database:
            _install_apps(database)
            columns = papers.columns(database)
            before = papers.sums(database, columns)
            for what, way in ways.items():
                with step(f"Measuring: {what} in the large database"):
                    rows[what].add(_timed(way, database))
                changed[what] |= {*papers.changed(database, columns, before)}
            left |= papers.columns(database) - columns
    for what, found in changed.items():
        _aim(rows[what], "columns of Odoo's changed", found)
    _aim(rows["uninstall"], "columns left behind", left)
    return list(rows.values())


def _aim(row: Row, what: str, found: set) -> None:
    row.aim(what, len(found), 0)
    if found:
        row.after = ", ".join(".".join(name) for name in sorted(found)[:5])


def _timed(way, database: str) -> dict:
    start = time.perf_counter()
    way(database)
    ms = 1000 * (time.perf_counter() - start)
    return {"ms": ms, "work": ms}


def _install_apps(database: str) -> None:
    """Install what our add-ons need of Odoo: that stays when they go."""
    needed = {
        name for addon in templates.addons() for name in dependencies.of_odoo(addon)
    }
    with databases.connection(database) as cursor:
        cursor.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
        missing = needed - {name for (name,) in cursor.fetchall()}
    if missing:
        with step(f"Installing {', '.join(sorted(missing))}"):
            templates.install(database, sorted(missing), demo=False)


def _install(database: str) -> None:
    templates.install(database, templates.addons(), demo=False)


def _upgrade(database: str) -> None:
    templates.install(database, templates.addons(), demo=False, update=True)


def _uninstall(database: str) -> None:
    with kept.working(database) as variant:
        variant.call("papers:uninstall", templates.addons())
    with databases.connection(database) as cursor:
        cursor.execute(
            "SELECT name FROM ir_module_module WHERE state <> 'uninstalled'"
            " AND name = ANY(%s)",
            [templates.addons()],
        )
        if stayed := cursor.fetchall():
            raise RuntimeError(f"not uninstalled: {stayed}")
