"""Let many people work at once on a real server, and check what must hold afterwards.

    scripts/load                      half a minute, as the tests do it
    scripts/load --minutes 5          longer
    scripts/load --faults             with everything that can break here
    scripts/load --faults kill,mail   with some of: kill, database, mail, disk, midnight
    scripts/load --out FILE           what was found, in a file too
    scripts/load --page               and in docs/reliability.md

The faults strike in turn: a process of Odoo is killed, PostgreSQL crashes, the mail
server refuses connections, the disk of Odoo's files is full. With `midnight` a month
ends while everybody works, for Odoo and for a PostgreSQL of the run's own.

Ends with 1 when anything is wrong: an answer that is an error, a gate that let
something through, a promise that was broken, a figure that does not add up.
"""

import argparse
import contextlib
import platform
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.common import prepared
from tests.common.processes import run
from tests.common.server import serve
from tools import templates
from tools.environment.paths import ROOT
from tools.environment.postgres import EmbeddedServer
from tools.environment.steps import say, step
from tools.pages import put_into

from . import clock, company, disk, faults, invariants, periods, report
from .aftermath import Aftermath
from .clock import Clock
from .disk import Disk
from .person import Person
from .post import Post
from .roles import ROLES

PAGE = ROOT / "docs" / "reliability.md"
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
#: seconds of work before midnight, at most
BEFORE_MIDNIGHT = 40.0


@dataclass
class Place:
    """Where everybody works, and what can break there."""

    database: str
    post: Post
    faults: list[str]
    disk: Disk | None = None
    clock: Clock | None = None
    #: what was left out, and why
    notes: list[str] = field(default_factory=list)


def main() -> int:
    """Set up, let them work, check."""
    options = _parse()
    templates.drop_abandoned()
    chosen, notes = _choose(options.faults)
    with contextlib.ExitStack() as stack:
        place = Place("", stack.enter_context(Post()), chosen, notes=notes)
        if "midnight" in chosen:
            place.clock = Clock(clock.find_library(), company.ZONE)
            database = clock.with_addons(place.clock, "load")
        else:
            database = prepared.with_addons("load")
        place.database = stack.enter_context(database)
        outcome = _set_up_and_work(place, options)
    text = report.describe(outcome, options, _machine())
    print(text)
    if options.out:
        options.out.write_text(text)
    if options.page:
        put_into(PAGE, "load with faults" if chosen else "load", text)
    return 1 if outcome.wrong else 0


def _parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--workers", type=int, default=4, help="of Odoo")
    parser.add_argument(
        "--faults",
        nargs="?",
        const="",
        help=f"what is to break, of {', '.join(faults.NAMES)}; all without a name",
    )
    parser.add_argument("--out", type=Path, help="a file for the report")
    parser.add_argument("--page", action="store_true", help="write it into the docs")
    options = parser.parse_args()
    if unknown := {*(options.faults or "").split(",")} - {"", *faults.NAMES}:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    return options


def _choose(wanted: str | None) -> tuple[list[str], list[str]]:
    """Return the faults that are wanted and possible, and what is not, in words."""
    if wanted is None:
        return [], []
    names = [name for name in wanted.split(",") if name] or [*faults.NAMES]
    notes = []
    if "disk" in names and not disk.may_mount():
        names.remove("disk")
        notes.append("disk: left out, file systems cannot be mounted here")
    if "midnight" in names and not clock.find_library():
        names.remove("midnight")
        notes.append("midnight: left out, libfaketime is not there (package faketime)")
    for note in notes:
        say(f"   {note}")
    return names, notes


def _machine() -> str:
    day = datetime.now(UTC).date()
    return f"{day}, Python {platform.python_version()}, {platform.machine()}"


def _set_up_and_work(place: Place, options) -> "report.Outcome":
    database = place.database
    faults.keep_what_was_said(database)
    midnight = place.clock and f"{place.clock.midnight:%Y-%m-%d %H:%M:%S}"
    with step("A company with its people"):
        setting = run(database, company.set_up, place.post.port)
        if midnight:
            run(database, company.wait_for_midnight, midnight)
    with contextlib.ExitStack() as stack:
        # a slow machine is no fault
        more = ["--limit-time-real-cron", "900"]
        if "disk" in place.faults:
            place.disk = stack.enter_context(disk.small(database))
            more += ["--data-dir", str(place.disk.folder)]
        if place.clock:
            lead = min(BEFORE_MIDNIGHT, options.minutes * 30)
            place.clock.go_on(database, lead + clock.STARTING)
        with serve(database, workers=options.workers, crons=1, options=more) as server:
            server.log_in("admin", "admin")  # says under which address it answers
            if place.clock:
                place.clock.wait_until(lead)
            outcome = _let_work(server, place, setting, options)
            with step("Having tried again what failed"):
                outcome.faults.append(f"afterwards {Aftermath(server).settle()}")
            report.read_log(outcome, server.log)
    with step("Checking what must hold"):
        outcome.found = run(
            database, invariants.check, setting, outcome.promises, place.post.taken
        )
    if midnight:
        told = run(database, periods.count_around, midnight)
        outcome.faults.append(f"before midnight and after: {told}")
    return outcome


def _let_work(server, place: Place, setting: dict, options) -> "report.Outcome":
    """Start everybody, and trouble; return what came of it."""
    people = [
        ROLES[role](server.base, place.database, login, setting)
        for role, count in PEOPLE.items()
        for login in setting["people"][role][:count]
    ]
    embedded = place.clock.embedded if place.clock else EmbeddedServer()
    kinds = faults.make(place.faults, embedded, place.post, place.disk)
    trouble = faults.Trouble(server, EVERY, kinds)
    trouble.start()
    start = time.monotonic()
    with step(f"{len(people)} people at work for {options.minutes:g} minutes"):
        _run_all(people, start + options.minutes * 60)
    seconds = time.monotonic() - start
    trouble.over.set()
    trouble.join()
    told = place.notes + trouble.told
    if place.clock:
        told.append(
            f"midnight: the month ended at {place.clock.midnight} ({place.clock.zone})"
        )
    say("   " + ", ".join(told or ["no faults"]))
    time.sleep(REST if kinds else REST / 4)
    return report.gather(people, seconds, trouble, told)


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
