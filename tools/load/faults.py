"""What breaks while people work: processes, the database, the post."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable

from tools.environment.postgres import EmbeddedServer

#: seconds until everybody has met the processes and connections that died
RECOVERY = 8.0


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


def restart_database(server) -> str:
    """Crash PostgreSQL, and have it recover; a server of others is left alone."""
    embedded = EmbeddedServer()
    if not embedded.answers():
        return "the database server is not ours to restart"
    embedded._run(
        *("pg_ctl", "restart", "-D", embedded.data, "-m", "immediate", "-w"),
        *("-l", embedded.log),
    )
    return "crashed and restarted PostgreSQL"


class Trouble(threading.Thread):
    """Makes trouble at intervals until it is told to stop."""

    def __init__(
        self, server, every: float, kinds: tuple[Callable[[object], str], ...]
    ) -> None:
        super().__init__(daemon=True)
        self.server, self.every, self.kinds = server, every, kinds
        self.told: list[str] = []
        #: when each fault began and was over
        self.moments: list[tuple[float, float]] = []
        self.over = threading.Event()

    def run(self) -> None:
        """Make each kind of trouble in turn."""
        number = 0
        while not self.over.wait(self.every):
            kind = self.kinds[number % len(self.kinds)]
            number += 1
            start = time.monotonic()
            self.told.append(f"{time.strftime('%X')} {kind(self.server)}")
            self.moments.append((start, time.monotonic()))

    def explains(self, moment: float) -> bool:
        """Tell whether an error at that moment may come from a fault."""
        return any(start <= moment <= end + RECOVERY for start, end in self.moments)
