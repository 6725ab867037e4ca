"""Save a picture of a screen as a user sees it.

    scripts/python tools/screenshot.py --login admin --password admin \
        --url /odoo/sales --out sales.png
"""

import argparse
from pathlib import Path

from tools.browser import open_page
from tools.rpc import Session


def set_language(options: argparse.Namespace) -> None:
    """Switch the user's own language; it has to be active in the database."""
    session = Session(options.base, options.database, options.login, options.password)
    session.call("res.users", "write", [session.uid], {"lang": options.lang})


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8069")
    parser.add_argument("--database", help="needed when several are served")
    parser.add_argument("--login", help="without one, the public sees the page")
    parser.add_argument("--password", default="")
    parser.add_argument("--url", default="/odoo")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", help="switches the user's language, such as zh_CN")
    parser.add_argument("--width", type=int, default=1366)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument(
        "--click", action="append", default=[], help="CSS selector; may be repeated"
    )
    parser.add_argument("--full", action="store_true", help="the whole page")
    options = parser.parse_args()
    if options.lang and not options.database:
        parser.error("--lang needs --database")
    return options


def main() -> None:
    """Log in, go there, click what is asked for, save the picture."""
    options = parse_options()
    if options.lang:
        set_language(options)
    with open_page(options.width, options.height) as page:
        if options.database:
            page.go(f"{options.base}/web/login?db={options.database}")
        if options.login:
            page.log_in(options.base, options.login, options.password)
        page.go(options.base + options.url)
        for selector in options.click:
            page.click(selector)
        page.screenshot(options.out, options.full)
        for line in page.console:
            print(f"console: {line}")
    print(options.out)


if __name__ == "__main__":
    main()
