"""Databases of a test's own: copies of prepared ones, dropped afterwards."""

import contextlib
from collections.abc import Iterator

from tests.common import processes
from tools import databases, templates


@contextlib.contextmanager
def copy_of(template: str, name: str) -> Iterator[str]:
    """Yield a database that is a copy of `template`."""
    database = templates.scratch(name)
    databases.clone(template, database)
    try:
        yield database
    finally:
        processes.forget(database)
        databases.drop(database)


@contextlib.contextmanager
def with_addons(name: str) -> Iterator[str]:
    """Yield a database with Odoo's apps and all our add-ons, without demo data."""
    with copy_of(templates.ensure(with_addons=True), name) as database:
        yield database


@contextlib.contextmanager
def with_apps(name: str) -> Iterator[str]:
    """Yield a database with Odoo's apps and none of our add-ons."""
    with copy_of(templates.ensure(with_addons=False), name) as database:
        yield database
