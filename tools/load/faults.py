"""What breaks while people work: processes, the database, the post, the disk."""

import os
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from psycopg2 import sql

from tools import databases
from tools.environment.postgres import EmbeddedServer

#: seconds until everybody has met the processes and connections that died
RECOVERY = 8.0
#: what there is to choose from; the last one is a time to work at
NAMES = ("kill", "database", "mail", "disk", "midnight")
#: an unreachable database or a killed process: anything may break off
_ANYTHING = re.compile("")
_NOTHING = re.compile(r"(?!)")
#: what somebody may meet when nothing can be stored, the session neither
_NO_ROOM = re.compile(r"No space left|Errno 28|could not be stored|HTTP 500")
#: lines that a killed process or an unreachable database leave in the log
_BROKEN_OFF = re.compile(
    r"terminating connection|server closed the connection|the database system is"
    r"|could not connect|cursor already closed|connection already closed"
    r"|Connection refused|connection to server|SSL connection"
    r"|Worker \(\d+\) |No such file or directory"
)


@dataclass(frozen=True)
class Fault:
    """One kind of trouble."""

    name: str
    #: makes it, with the server; returns what was done when it is over
    strike: Callable[[object], str]
    #: errors that people may meet because of it, and lines of the log
    excuses: re.Pattern
    logs: re.Pattern


def children(pid: int) -> list[int]:
    """Return the processes a process has started."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(text) for text in found.stdout.split()]


def kill_worker(server) -> str:
    """Kill one of Odoo's processes, whatever it is doing."""
    workers = children(server.pid)
    if not workers:
        return "no worker to kill"
    victim = random.choice(workers)
    os.kill(victim, signal.SIGKILL)
    return f"killed worker {victim}"


def restart_database(embedded: EmbeddedServer) -> str:
    """Crash PostgreSQL, and have it recover; a server of others is left alone."""
    if not embedded.answers():
        return "the database server is not ours to restart"
    embedded._run(
        *("pg_ctl", "restart", "-D", embedded.data, "-m", "immediate", "-w"),
        *("-l", embedded.log),
    )
    return "crashed and restarted PostgreSQL"


def keep_what_was_said(database: str) -> None:
    """Have PostgreSQL write before it answers, as it does where nobody set it to wait.

    The embedded server is quicker than that: what it said in the last moments before a
    crash may be gone.
    """
    with databases.connection() as cursor:
        statement = "ALTER DATABASE {} SET synchronous_commit TO on"
        cursor.execute(sql.SQL(statement).format(sql.Identifier(database)))


def make(names: list[str], embedded: EmbeddedServer, post, disk) -> list[Fault]:
    """Return the faults that are to strike in turn.

    :param post: the :class:`.post.Post` mails go to
    :param disk: the :class:`.disk.Disk` Odoo's files are on, if that is to be filled
    """
    known = {
        "kill": (kill_worker, _ANYTHING, _BROKEN_OFF),
        "database": (
            lambda _server: restart_database(embedded),
            *(_ANYTHING, _BROKEN_OFF),
        ),
        # nobody's work is to fail because of a mail
        "mail": (post.be_away, _NOTHING, _NOTHING),
        "disk": (disk and disk.be_full, _NO_ROOM, _NO_ROOM),
    }
    return [Fault(name, *known[name]) for name in names if name in known]


class Trouble(threading.Thread):
    """Makes trouble at intervals until it is told to stop."""

    def __init__(self, server, every: float, faults: list[Fault]) -> None:
        super().__init__(daemon=True)
        self.server, self.every, self.faults = server, every, faults
        self.told: list[str] = []
        #: when each fault began and was over
        self.moments: list[tuple[float, float, Fault]] = []
        self.over = threading.Event()

    def run(self) -> None:
        """Make each kind of trouble in turn."""
        number = 0
        while self.faults and not self.over.wait(self.every):
            fault = self.faults[number % len(self.faults)]
            number += 1
            start, clock = time.monotonic(), time.strftime("%X")
            told = fault.strike(self.server)
            self.moments.append((start, time.monotonic(), fault))
            self.told.append(f"{clock} {fault.name}: {told}")

    def explains(self, moment: float, error: str) -> bool:
        """Tell whether an error at that moment may come from a fault."""
        return any(
            start <= moment <= end + RECOVERY and fault.excuses.search(error)
            for start, end, fault in self.moments
        )

    def expects(self, entry: str) -> bool:
        """Tell whether an entry of the log may come from a fault there was."""
        return any(fault.logs.search(entry) for _start, _end, fault in self.moments)
