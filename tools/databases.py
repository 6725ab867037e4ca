"""Databases: list, clone, drop, and prepared ones to start from in seconds.

python -m tools.databases list
python -m tools.databases new NAME           with Odoo's apps, without ours
python -m tools.databases new NAME --addons  with our add-ons too
python -m tools.databases clone FROM TO
python -m tools.databases drop NAME
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from psycopg2 import sql

from tools.environment.paths import DATA_DIR


@contextlib.contextmanager
def connection(database: str = "postgres") -> Iterator:
    """Open a connection in autocommit; PG* variables say to which server."""
    link = psycopg2.connect(dbname=database)
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            yield cursor
    finally:
        link.close()


def names() -> list[str]:
    """Return the names of all databases that are not PostgreSQL's own."""
    with connection() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE NOT datistemplate"
            " AND datname NOT IN ('postgres', current_user) ORDER BY datname"
        )
        return [name for (name,) in cursor.fetchall()]


def exists(name: str) -> bool:
    """Tell whether the database is there."""
    return name in names()


def drop(name: str) -> None:
    """Drop the database with its files, ending sessions that use it."""
    with connection() as cursor:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        cursor.execute(statement.format(sql.Identifier(name)))
    shutil.rmtree(filestore(name), ignore_errors=True)


def create(name: str) -> None:
    """Create an empty database, the way Odoo would."""
    with connection() as cursor:
        statement = sql.SQL(
            "CREATE DATABASE {} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0"
        )
        cursor.execute(statement.format(sql.Identifier(name)))


def clone(source: str, target: str) -> None:
    """Make `target` a copy of `source`, files included; replaces `target`."""
    drop(target)
    with connection() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s",
            [source],
        )
        # Since PostgreSQL 15 there is a choice, and large copies are faster so.
        newer = cursor.connection.server_version >= 150000
        statement = sql.SQL(
            "CREATE DATABASE {} TEMPLATE {}" + " STRATEGY file_copy" * newer
        )
        cursor.execute(statement.format(sql.Identifier(target), sql.Identifier(source)))
    if filestore(source).is_dir():
        # Files are named by their content and never changed: links will do.
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link)


def keep_from_vacuum(name: str) -> None:
    """Have PostgreSQL not look after the tables of this database by itself.

    Where tests roll all they did back, it finds tables of many pages and no row, and
    plans as if none would ever come: a query of Odoo then takes a minute.
    """
    with connection(name) as cursor:
        cursor.execute(
            "SELECT string_agg(format('ALTER TABLE %I SET (autovacuum_enabled = off)',"
            " relname), ';') FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        cursor.execute(cursor.fetchone()[0])


def rename(source: str, target: str) -> None:
    """Rename a database and its files."""
    drop(target)
    with connection() as cursor:
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        cursor.execute(statement.format(sql.Identifier(source), sql.Identifier(target)))
    if filestore(source).is_dir():
        filestore(source).rename(filestore(target))


def filestore(name: str) -> Path:
    """Return the folder of the database's attachments."""
    return DATA_DIR / "filestore" / name


def odoo(*arguments: str, log: Path) -> subprocess.CompletedProcess:
    """Run Odoo's command line to its end, with what it says in `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        return subprocess.run(
            [sys.executable, "-m", "odoo", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def main() -> None:
    """Carry out one command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    new = commands.add_parser("new")
    new.add_argument("name")
    new.add_argument("--addons", action="store_true", help="with our add-ons")
    copy = commands.add_parser("clone")
    copy.add_argument("source")
    copy.add_argument("target")
    commands.add_parser("drop").add_argument("name")
    arguments = parser.parse_args()
    if arguments.command == "list":
        print("\n".join(names()))
    elif arguments.command == "new":
        from tools import templates

        clone(templates.ensure(with_addons=arguments.addons), arguments.name)
    elif arguments.command == "clone":
        clone(arguments.source, arguments.target)
    else:
        drop(arguments.name)


if __name__ == "__main__":
    main()
