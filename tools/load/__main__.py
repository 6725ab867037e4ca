"""Let many people work at once on a real server, and check what must hold afterwards.

    scripts/load                      half a minute, as the tests do it
    scripts/load --minutes 5          longer
    scripts/load --faults             with processes killed and the database crashing
    scripts/load --out FILE           what was found, in a file too

Ends with 1 when anything is wrong: an answer that is an error, a gate that let
something through, a promise that was broken, a figure that does not add up.
"""

import argparse
import platform
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.common import prepared
from tests.common.processes import run
from tests.common.server import serve
from tools import templates
from tools.environment.steps import say, step

from . import company, faults, invariants, report
from .person import Person
from .roles import ROLES

#: people of each role for every 30
PEOPLE = {
    "sellers": 8,
    "reviewers": 12,
    "keepers": 3,
    "accountants": 3,
    "customers": 6,
    "officers": 1,
}
#: seconds between two faults, and those the server gets to work off what is left
EVERY, REST = 12.0, 20.0


def main() -> int:
    """Set up, let them work, check."""
    options = _parse()
    templates.drop_abandoned()
    with prepared.with_addons("load") as database:
        with step("A company with its people"):
            setting = run(database, company.set_up)
        with serve(database, workers=options.workers, crons=1) as server:
            outcome = _let_work(server, database, setting, options)
        with step("Checking what must hold"):
            outcome.found = run(database, invariants.check, setting, outcome.promises)
    text = report.describe(outcome, options, _machine())
    print(text)
    if options.out:
        options.out.write_text(text)
    return 1 if outcome.wrong else 0


def _parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--workers", type=int, default=4, help="of Odoo")
    parser.add_argument("--faults", action="store_true", help="break things")
    parser.add_argument("--out", type=Path, help="a file for the report")
    return parser.parse_args()


def _machine() -> str:
    day = datetime.now(UTC).date()
    return f"{day}, Python {platform.python_version()}, {platform.machine()}"


def _let_work(server, database: str, setting: dict, options) -> "report.Outcome":
    """Start everybody, and trouble; return what came of it."""
    people = [
        ROLES[role](server.base, database, login, setting)
        for role, count in PEOPLE.items()
        for login in setting["people"][role][:count]
    ]
    trouble = None
    if options.faults:
        kinds = (faults.kill_worker, faults.restart_database)
        trouble = faults.Trouble(server, EVERY, kinds)
        trouble.start()
    start = time.monotonic()
    with step(f"{len(people)} people at work for {options.minutes:g} minutes"):
        _run_all(people, start + options.minutes * 60)
    seconds = time.monotonic() - start
    if trouble:
        trouble.over.set()
        trouble.join()
    say("   " + ", ".join(trouble.told if trouble else ["no faults"]))
    time.sleep(REST if options.faults else REST / 4)
    return report.gather(people, seconds, trouble, server.log)


def _run_all(people: list[Person], end: float) -> None:
    threads = [
        threading.Thread(target=person.work, args=(end,), daemon=True)
        for person in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
