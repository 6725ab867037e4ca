"""A real Odoo server on a free port, for tests over HTTP."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.browser import free_port
from tools.environment.paths import LOGS, ROOT
from tools.rpc import Session


@dataclass(frozen=True)
class OdooServer:
    """A server that answers under `base`."""

    base: str
    database: str
    log: Path
    #: of the first process, which starts the others
    pid: int

    def log_in(self, login: str, password: str) -> Session:
        """Return a session of that user."""
        return Session(self.base, self.database, login, password)

    def doings(self, lines: int = 200) -> str:
        """Have Odoo log where each of its threads is; return the end of its log."""
        os.kill(self.pid, signal.SIGQUIT)
        time.sleep(1)
        return "\n".join(self.log.read_text().splitlines()[-lines:])


@contextlib.contextmanager
def serve(
    database: str, *, workers: int = 0, crons: int = 0, options: Sequence[str] = ()
) -> Iterator[OdooServer]:
    """Serve `database` until the block ends.

    :param workers: number of processes; 0 means threads in one process
    :param crons: how many processes or threads do scheduled jobs
    :param options: more of Odoo's command line
    """
    port = free_port()
    log = LOGS / f"server-{database}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [
        *(sys.executable, "-m", "tests.common.odoo_cli"),
        *("--database", database, "--db-filter", f"^{database}$"),
        *("--http-port", str(port), "--gevent-port", str(free_port())),
        *("--workers", str(workers), "--max-cron-threads", str(crons)),
        *("--http-interface", "127.0.0.1"),
        *options,
    ]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
        )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(base, process, log)
        yield OdooServer(base, database, log, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(base: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{base}/web/health", timeout=5).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"the server did not start, see {log}")
