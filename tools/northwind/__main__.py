"""Load Northwind's orders, or generated ones, into a database as draft orders.

scripts/python -m tools.northwind --database NAME [--folder DIR | --generate N]
    [--spreadsheet]
"""

import argparse
import sys
import tempfile
from pathlib import Path

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from tools.northwind import find_folder, load
from tools.northwind.generate import generate


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.northwind", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--database", required=True, metavar="NAME")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--folder", type=Path, help="the tables as CSV files")
    source.add_argument("--generate", type=int, metavar="N", help="make N orders")
    parser.add_argument(
        "--spreadsheet", action="store_true", help="through the import of spreadsheets"
    )
    return parser.parse_args()


def main() -> None:
    """Load the tables and say what came of it."""
    options = parse_options()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or find_folder()
        if options.generate:
            folder = generate(Path(scratch), options.generate)
        if not folder:
            sys.exit("There are no tables here: name their --folder, or --generate N.")
        odoo.tools.config.parse_config(
            ["--database", options.database, "--no-http", "--log-level=warn"],
            setup_logging=True,
        )
        with Registry(options.database).cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            loaded = load(env, folder, as_spreadsheet=options.spreadsheet)
            print(f"{len(loaded.orders)} draft orders in {options.database}")


if __name__ == "__main__":
    main()
