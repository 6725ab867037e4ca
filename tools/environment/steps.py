"""Progress on the screen, and failures that say which step, why, and what to do."""

import contextlib
import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from .paths import CACHE, LOGS

LOG_LINES_SHOWN = 15
REPORT_EVERY = 20


class StepError(Exception):
    """A step that cannot go on: what failed, and what the reader can do."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.advice = advice


def say(message: str) -> None:
    """Tell the user something, beside whatever goes to standard output."""
    print(message, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Name what is being done, and how long it took or why it failed."""
    start = time.monotonic()
    say(f"-- {title} ...")
    try:
        yield
    except StepError as error:
        say(f"\nFAILED: {title}\nWhy:    {error}")
        if error.advice:
            say(f"To do:  {error.advice}")
        say("Running the same command again continues where it stopped.")
        raise SystemExit(1) from None
    say(f"   done in {time.monotonic() - start:.0f} s")


def run(
    command: Sequence[str | Path],
    *,
    log: str,
    advice: str = "",
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> str:
    """Run `command` with its output in logs/<log>.log and return that output.

    Raises StepError with the last lines of the output if it fails.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log_file = LOGS / f"{log}.log"
    command = [str(part) for part in command]
    try:
        with log_file.open("w") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=env,
            )
            _wait(process)
    except FileNotFoundError:
        raise StepError(
            f"the program '{command[0]}' is not installed", advice
        ) from None
    text = log_file.read_text(errors="replace")
    if process.returncode:
        tail = "\n        ".join(text.splitlines()[-LOG_LINES_SHOWN:])
        raise StepError(
            f"'{Path(command[0]).name}' ended with {process.returncode}"
            f" (whole output: {log_file}):\n        {tail}",
            advice,
        )
    return text


def _wait(process: subprocess.Popen) -> None:
    """Wait for the process; show now and then that it still works."""
    start = time.monotonic()
    while True:
        try:
            process.wait(REPORT_EVERY)
        except subprocess.TimeoutExpired:
            say(f"   still working ({time.monotonic() - start:.0f} s)")
        except BaseException:
            process.terminate()
            raise
        else:
            return


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Let one process at a time work on the part `name` of the set-up."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f".{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"-- waiting for another process that sets up {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
