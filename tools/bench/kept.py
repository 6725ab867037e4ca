"""Large databases that are kept for the next measurement, and processes in them."""

import contextlib
from collections.abc import Iterator, Sequence

from tests.common.processes import Worker
from tools import databases, templates
from tools.environment.steps import exclusive, step

from . import inside
from .variants import QUIET, Variant


def current(name: str, *, ours: bool = True) -> str:
    """Bring our add-ons up to date in a template, where they are what is measured."""
    if not ours:
        return name
    with exclusive(name):
        if _noted(name) != templates.addons_state():
            with step("Upgrading our add-ons in the database to measure in"):
                templates.install(name, templates.addons(), demo=False, update=True)
            note(name)
    return name


@contextlib.contextmanager
def working(database: str, options: Sequence[str] = (QUIET,)) -> Iterator[Variant]:
    """Yield a process in this database, ready to be called."""
    worker = Worker(
        database, inside.call, user=None, retry=False, options=list(options)
    )
    try:
        worker.receive()  # it is ready
        yield Variant(database, worker)
    finally:
        worker.end()


def note(database: str) -> None:
    """Keep with a database which state of our add-ons it has."""
    text = templates.addons_state()
    with databases.connection() as cursor:
        cursor.execute(f"COMMENT ON DATABASE \"{database}\" IS '{text}'")


def _noted(database: str) -> str | None:
    with databases.connection() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = %s",
            [database],
        )
        return cursor.fetchone()[0]
