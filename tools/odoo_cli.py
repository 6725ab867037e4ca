"""Odoo's command line with this checkout's configuration."""

import os
import sys


def main() -> None:
    """Become Odoo; ODOO_RC already names the configuration."""
    os.execv(sys.executable, [sys.executable, "-m", "odoo", *sys.argv[1:]])


if __name__ == "__main__":
    main()
