"""Fill a database with demonstration data and start Odoo on it.

scripts/demo                   http://localhost:8069
scripts/demo --port 8070       on another port
scripts/demo --reset           begin anew
scripts/demo --no-serve        prepare only
scripts/demo --database NAME   under another name than 'demo'
"""

import argparse
import os
import socket
import sys

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from tools import databases, templates
from tools.demo.logins import LOGINS
from tools.demo.populate import populate
from tools.environment.paths import read_stamp, write_stamp
from tools.environment.steps import StepError, say, step

# Beside our add-ons: the chart of accounts of the company's country.
LOCALIZATION = ("l10n_cn",)


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--database", default="demo", metavar="NAME")
    parser.add_argument("--port", type=int, default=8069)
    parser.add_argument("--reset", action="store_true", help="begin anew")
    parser.add_argument("--no-serve", action="store_true", help="prepare only")
    return parser.parse_args()


def check_port(port: int) -> None:
    """End with advice if somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(
                f"Port {port} cannot be used ({error.strerror}): perhaps a"
                " demonstration runs already.\nStop what uses it, or choose another:"
                f" scripts/demo --port {port + 1}"
            )


def prepare(database: str, reset: bool) -> None:
    """Make the database if it is not there, update it if the add-ons changed."""
    state = templates.addons_state()
    if reset:
        databases.drop(database)
    if databases.exists(database):
        if read_stamp(f"demo-{database}") == state:
            return
        with step(f"Database '{database}': updating the add-ons, which changed"):
            templates.install(database, addons(), demo=False)
            templates.install(database, addons(), demo=False, update=True)
    else:
        base = templates.ensure(with_addons=False)
        unfinished = f"{database}_new"
        with step(f"Database '{database}': our add-ons"):
            databases.clone(base, unfinished)
            modules = [*LOCALIZATION, *addons()]
            templates.install(unfinished, modules, demo=False)
        with step(f"Database '{database}': a company with its people and orders"):
            fill(unfinished)
            databases.rename(unfinished, database)
    write_stamp(f"demo-{database}", state)


def addons() -> list[str]:
    """Return our add-ons without those that only serve tests."""
    return [name for name in templates.addons() if not name.startswith("test_")]


def fill(database: str) -> None:
    """Run `populate` in the database."""
    odoo.tools.config.parse_config(
        ["--database", database, "--no-http", "--log-level=error"], setup_logging=True
    )
    try:
        with Registry(database).cursor() as cursor:
            populate(api.Environment(cursor, SUPERUSER_ID, {}))
    except Exception as error:
        raise StepError(
            f"tools/demo/populate.py: {type(error).__name__}: {error}",
            "mend it; the database is made anew with the next call",
        ) from error
    finally:
        odoo.sql_db.close_db(database)


def tell_address(database: str, port: int) -> None:
    """Tell Odoo where it is found: what it prints is laid out from there."""
    with databases.connection(database) as cursor:
        cursor.execute(
            "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'",
            [f"http://localhost:{port}"],
        )


def show_logins() -> None:
    """Print who can log in, in columns."""
    rows = [("login", "password", "role", "try this"), *LOGINS]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row[:3], widths, strict=True)]
        print("   ", "  ".join([*cells, row[3]]))


def main() -> None:
    """Prepare the database, say how to get in, become Odoo."""
    options = parse_options()
    if not options.no_serve:
        check_port(options.port)
    prepare(options.database, options.reset)
    print(f"\nhttp://localhost:{options.port}/odoo\n")
    show_logins()
    sys.stdout.flush()
    if options.no_serve:
        return
    tell_address(options.database, options.port)
    say("\nOdoo is starting; Ctrl+C ends it.")
    command = [sys.executable, "-m", "odoo", "--database", options.database]
    command += ["--db-filter", f"^{options.database}$"]
    command += ["--http-port", str(options.port), "--log-level", "warn"]
    command += ["--log-handler", "py.warnings:ERROR"]
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
