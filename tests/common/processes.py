"""Run a function in several real Odoo processes at once.

Each process opens the database by itself, waits until all are ready, calls the
function in a transaction of its own and commits. Only this shows what two users who
press a button at the same moment do to each other.

    def confirm(env, order_id):
        env["sale.order"].browse(order_id).action_confirm()
        return "confirmed"

    outcomes = run_together(database, confirm, [(1,), (2,), (3,)])
"""

import json
import os
import subprocess
import sys
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


class Worker:
    """One process with a registry of its own."""

    def __init__(self, database: str, function: Callable, **settings: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.common.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )
        name = f"{function.__module__}:{function.__qualname__}"
        self.send({"database": database, "function": name, **settings})

    def send(self, message: object) -> None:
        """Send one message to the process."""
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def receive(self) -> dict:
        """Return the process's next message; fails if it died."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a worker ended with {self.process.wait()}")
        return json.loads(line)

    def end(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


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
                Worker(database, function, user=user, retry=retry, hurry=hurry)
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


def run(database: str, function: Callable, *arguments: object, **settings: object):
    """Call `function(env, *arguments)` in one process and return its result."""
    (outcome,) = run_together(database, function, [arguments], **settings)
    if not outcome.succeeded:
        raise RuntimeError(f"{outcome.error}: {outcome.message}")
    return outcome.result
