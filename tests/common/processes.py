"""Run a function in several real Odoo processes at once.

Each process opens the database by itself, waits until all are ready, calls the
function in a transaction of its own and commits. Only this shows what two users who
press a button at the same moment do to each other. The registry is loaded once, and the
processes are forks of the one that did, as those of Odoo's own server are.

    def confirm(env, order_id):
        env["sale.order"].browse(order_id).action_confirm()
        return "confirmed"

    outcomes = run_together(database, confirm, [(1,), (2,), (3,)])
"""

import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.environment.paths import ROOT


@dataclass(frozen=True)
class Outcome:
    """What one process reported."""

    result: object = None
    error: str = ""
    message: str = ""
    tries: int = 0
    seconds: float = 0.0

    @property
    def succeeded(self) -> bool:
        """Tell whether the function returned and its transaction was committed."""
        return not self.error


def _start(settings: dict) -> subprocess.Popen:
    """Start a process of `tests.common.worker`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.common.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    _send(process.stdin, settings)
    return process


def _send(stream, message: object) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


def _receive(stream) -> dict:
    line = stream.readline()
    if not line:
        raise RuntimeError("a worker ended without an answer")
    return json.loads(line)


def _end(process: subprocess.Popen) -> None:
    process.stdin.close()
    process.stdout.close()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Worker:
    """One process that has loaded a registry of its own."""

    def __init__(self, database: str, function: Callable, **settings: object) -> None:
        self.process = _start(
            {"database": database, "function": _name(function), **settings}
        )

    def send(self, message: object) -> None:
        """Send one message to the process."""
        _send(self.process.stdin, message)

    def receive(self) -> dict:
        """Return the process's next message; fails if it died."""
        return _receive(self.process.stdout)

    def end(self) -> None:
        """End the process."""
        _end(self.process)


class _Fork:
    """One process that began with the registry another one had loaded.

    It has what :class:`Worker` has; a server with several workers starts them so.
    """

    #: of the process, once it is ready
    pid = 0

    def __init__(self, database: str, function: Callable, **settings: object) -> None:
        path = _loaded(database)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.answers = self.socket.makefile("r")
        self.questions = self.socket.makefile("w")
        self.send({"function": _name(function), **settings})

    def send(self, message: object) -> None:
        _send(self.questions, message)

    def receive(self) -> dict:
        answer = _receive(self.answers)
        if isinstance(answer, dict):
            self.pid = answer["pid"]
        return answer

    def end(self) -> None:
        """End the process, and its connections with it."""
        with contextlib.suppress(OSError):  # it is gone already
            self.socket.shutdown(socket.SHUT_WR)
        self.socket.settimeout(20)
        try:
            while self.socket.recv(4096):
                pass
        except TimeoutError:
            if self.pid:
                os.kill(self.pid, signal.SIGKILL)
        except ConnectionError:
            pass
        for stream in (self.questions, self.answers, self.socket):
            stream.close()


#: database: the process that has loaded its registry, and where it listens
_LOADED: dict[str, tuple[subprocess.Popen, str]] = {}


def _loaded(database: str) -> str:
    """Return where to ask for a process with the registry of `database`."""
    if database not in _LOADED:
        path = os.path.join(tempfile.mkdtemp(prefix="order_control_"), "door")
        process = _start({"database": database, "socket": path})
        _LOADED[database] = process, path
        _receive(process.stdout)
    return _LOADED[database][1]


def forget(database: str) -> None:
    """End the process that has loaded the registry of `database`, if there is one."""
    if database in _LOADED:
        process, path = _LOADED.pop(database)
        _end(process)
        shutil.rmtree(os.path.dirname(path), ignore_errors=True)


@atexit.register
def _forget_all() -> None:
    for database in list(_LOADED):
        forget(database)


def _name(function: Callable) -> str:
    return f"{function.__module__}:{function.__qualname__}"


def run_together(
    database: str,
    function: Callable,
    arguments: Sequence[Sequence],
    *,
    user: int | None = None,
    retry: bool = True,
    hurry: bool | float = False,
    processes: int | None = None,
) -> list[Outcome]:
    """Call `function(env, *arguments[i])` for each i at the same time.

    :param function: a function at the top of an importable module; what it returns
        must be fit for JSON
    :param user: id of the user to act as; the superuser by default
    :param retry: rerun after a serialization failure, as Odoo does for a request
    :param hurry: rerun at once; for two rivals, of which one gets through. A number:
        the share of Odoo's wait that is left out
    :param processes: how many processes share the calls; one per call by default
    """
    count = min(processes or len(arguments), len(arguments))
    workers = []
    try:
        for _ in range(count):
            workers.append(
                _Fork(database, function, user=user, retry=retry, hurry=hurry)
            )
        for worker in workers:
            worker.receive()  # it is ready
        shares = [list(range(first, len(arguments), count)) for first in range(count)]
        for worker, share in zip(workers, shares, strict=True):
            worker.send([list(arguments[number]) for number in share])
        outcomes: dict[int, Outcome] = {}
        for worker, share in zip(workers, shares, strict=True):
            answers = worker.receive()
            for number, answer in zip(share, answers, strict=True):
                outcomes[number] = Outcome(**answer)
    finally:
        for worker in workers:
            worker.end()
    return [outcomes[number] for number in range(len(arguments))]


def press_again(
    database: str,
    function: Callable,
    arguments: Sequence[Sequence],
    outcomes: list[Outcome],
) -> None:
    """Let those who met rivals too often do it again, one after the other.

    Odoo reruns a request five times and then says that others were quicker, which on a
    busy machine happens to some of many rivals.
    """
    for number, outcome in enumerate(outcomes):
        if outcome.error == "SerializationFailure":
            (outcomes[number],) = run_together(database, function, [arguments[number]])


def run(database: str, function: Callable, *arguments: object, **settings: object):
    """Call `function(env, *arguments)` in one process and return its result."""
    (outcome,) = run_together(database, function, [arguments], **settings)
    if not outcome.succeeded:
        raise RuntimeError(f"{outcome.error}: {outcome.message}")
    return outcome.result
