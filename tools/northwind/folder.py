"""Where the tables of Northwind are, if they are there at all."""

import os
from pathlib import Path

from tools.environment.paths import ROOT

VARIABLE = "ORDER_CONTROL_NORTHWIND"
BESIDE_THE_CHECKOUT = ROOT.parent / "shared" / "data" / "northwind"


def find_folder() -> Path | None:
    """Return the folder of the tables, or None where they are absent.

    The environment variable comes first; then a folder beside the checkout.
    """
    folder = Path(os.environ.get(VARIABLE) or BESIDE_THE_CHECKOUT)
    return folder if (folder / "order_details.csv").is_file() else None
