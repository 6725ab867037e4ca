"""A clock that is ahead, for Odoo and a PostgreSQL of its own, so that a month ends.

The library libfaketime shifts the clock of the processes we start, all by the same
seconds: Odoo's, those that check, and PostgreSQL's. Both have to go the same way: Odoo
writes dates by its own clock and by `now()` of the database.
"""

import configparser
import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.common import processes
from tools import databases, templates
from tools.environment.postgres import MEMORY, PORT, ROLE, EmbeddedServer
from tools.environment.steps import step

#: seconds before midnight at which a company is set up
EARLY = 1800.0
#: seconds a server may take to start
STARTING = 45.0
_PLACES = (
    *("/usr/lib/*/faketime", "/usr/lib/faketime"),
    *("/usr/lib64/faketime", "/usr/local/lib/faketime"),
)


def find_library() -> Path | None:
    """Return where libfaketime is, or None."""
    for place in _PLACES:
        for found in sorted(Path("/").glob(f"{place[1:]}/libfaketime.so.1")):
            return found
    return None


def month_end(zone: str, now: datetime | None = None) -> datetime:
    """Return the next midnight in `zone` at which a month begins."""
    local = (now or datetime.now(UTC)).astimezone(ZoneInfo(zone))
    later = (local.replace(day=1) + timedelta(days=32)).replace(day=1)
    midnight = datetime(later.year, later.month, 1, tzinfo=ZoneInfo(zone))
    return midnight.astimezone(UTC)


class _OwnServer(EmbeddedServer):
    """A PostgreSQL of this run, in a folder that goes with it."""

    def __init__(self, folder: Path) -> None:
        usual = EmbeddedServer()
        super().__init__()
        self._usual = usual
        self.home = folder
        self.data = folder / "server" / "data"
        self.log = folder / "server.log"
        self.sockets = folder / "s"

    def _programs(self) -> Path:
        return self._usual._programs()


class Clock:
    """Shifts the clock of every process that is started from now on."""

    def __init__(self, library: Path, zone: str) -> None:
        self.midnight = month_end(zone)
        self.zone = zone
        self._library = library
        self.embedded: EmbeddedServer | None = None

    def shift(self, before: float) -> None:
        """Have it be so many seconds before midnight now."""
        ahead = self.midnight.timestamp() - time.time() - before
        os.environ |= {
            "LD_PRELOAD": str(self._library),
            "FAKETIME": f"{ahead:+.3f}",
            # waits are measured by it, and not all of them would be shifted
            "DONT_FAKE_MONOTONIC": "1",
        }
        self._ahead = ahead

    def go_on(self, database: str, before: float) -> None:
        """Shift the clock once more, that of the database too."""
        processes.forget(database)
        self.embedded._run("pg_ctl", "stop", "-D", self.embedded.data, "-m", "fast")
        self.shift(before)
        self.embedded._start()

    def wait_until(self, before: float) -> None:
        """Sleep until it is so many seconds before midnight."""
        now = time.time() + self._ahead
        time.sleep(max(0.0, self.midnight.timestamp() - before - now))


@contextlib.contextmanager
def with_addons(clock: Clock, name: str) -> Iterator[str]:
    """Yield a database with our add-ons on a server of its own, half an hour early."""
    template = templates.ensure(with_addons=True)
    database = templates.scratch(name)
    before = dict(os.environ)
    memory = EmbeddedServer().is_in_memory
    # a socket's path is short
    folder = Path(tempfile.mkdtemp(prefix="oc", dir=MEMORY if memory else None))
    folder.chmod(0o711)
    try:
        with step("A PostgreSQL whose clock is ahead"):
            _dump(template, folder / "dump")
            clock.shift(EARLY)
            clock.embedded = _OwnServer(folder)
            clock.embedded._start()
            _use(clock.embedded, folder)
            _print_by_usual_clock(folder / "bin")
            databases.create(database)
            _call("pg_restore", "-j", "2", "-d", database, str(folder / "dump"))
            shutil.rmtree(folder / "dump")
        files = databases.filestore(template)
        if files.is_dir():
            target = databases.filestore(database)
            shutil.copytree(files, target, copy_function=os.link)
        yield database
    finally:
        processes.forget(database)
        if clock.embedded and clock.embedded.answers():
            clock.embedded._run("pg_ctl", "stop", "-D", clock.embedded.data)
        os.environ.clear()
        os.environ |= before
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(databases.filestore(database), ignore_errors=True)


def _dump(database: str, folder: Path) -> None:
    _call("pg_dump", "-Fd", "-Z0", "-j", "2", "-f", str(folder), database)


def _call(program: str, *arguments: str) -> None:
    """Run a client of PostgreSQL; PG* variables say to which server."""
    path = EmbeddedServer()._programs() / program
    subprocess.run([str(path), *arguments], check=True, stdin=subprocess.DEVNULL)


def _use(server: EmbeddedServer, folder: Path) -> None:
    """Have the processes that are started use that server."""
    config = configparser.RawConfigParser()
    config.read(os.environ["ODOO_RC"])
    address = {"db_host": str(server.sockets), "db_port": str(PORT), "db_user": ROLE}
    config["options"].update(address)
    config["options"].pop("db_password", None)
    own = folder / "odoo.conf"
    with own.open("w") as file:
        config.write(file)
    os.environ |= {
        "ODOO_RC": str(own),
        "PGHOST": str(server.sockets),
        "PGPORT": str(PORT),
        "PGUSER": ROLE,
    }
    os.environ.pop("PGPASSWORD", None)


def _print_by_usual_clock(folder: Path) -> None:
    """Keep the library from the program that prints, which dies of it now and then."""
    if program := shutil.which("wkhtmltopdf"):
        folder.mkdir()
        own = folder / "wkhtmltopdf"
        own.write_text(f'#!/bin/sh\nunset LD_PRELOAD FAKETIME\nexec "{program}" "$@"\n')
        own.chmod(0o755)
        os.environ["PATH"] = os.pathsep.join([str(folder), os.environ["PATH"]])
