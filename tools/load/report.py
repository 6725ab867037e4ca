"""What came of it: counts, waiting times, and everything that is wrong."""

import re
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from .person import Person

MOST_TOLD = 20
#: lines of the server's log that tell of something nobody should meet
_BAD = re.compile(r" (ERROR|CRITICAL) \S+ (\S+): (.*)")
#: two transactions met; one of them was run again
_RERUN = re.compile(r"could not serialize access|deadlock detected|lock_not_available")
#: what an unreachable database or a killed process leaves in the log
_EXPECTED = re.compile(
    r"terminating connection|server closed the connection|the database system is"
    r"|could not connect|cursor already closed|connection already closed"
    r"|Connection refused|connection to server|SSL connection"
    r"|Worker \(\d+\) |No such file or directory"
)


@dataclass
class Outcome:
    """What all people together did."""

    people: int
    seconds: float
    done: dict[str, int]
    refused: dict[str, int]
    times: dict[str, list[float]]
    errors: list[str]
    violations: list[str]
    missed: int
    #: errors people met because of a fault
    struck: int
    faults: list[str]
    promises: list[list]
    logged: list[str]
    #: transactions that met a rival and were run again
    reruns: int
    #: what the checks say, by their names
    found: dict[str, list[str]] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """Return everything that should not be, in words."""
        checks = [f"{name}: {told}" for name, told in self.found.items() if told]
        return [*self.violations, *self.errors, *checks, *self.logged]


def gather(people: list[Person], seconds: float, trouble, log: Path) -> Outcome:
    """Put together what everybody did.

    :param trouble: the :class:`.faults.Trouble` there was, or None
    """
    told = trouble.told if trouble else []
    logged, reruns = _read_log(log, told)
    outcome = Outcome(
        *(len(people), seconds, {}, {}, {}, [], [], 0, 0, told, [], logged, reruns)
    )
    for record in (person.record for person in people):
        for what, count in record.done.items():
            outcome.done[what] = outcome.done.get(what, 0) + count
        for what, count in record.refused.items():
            outcome.refused[what] = outcome.refused.get(what, 0) + count
        for what, taken in record.times:
            outcome.times.setdefault(what, []).append(taken)
        for moment, error in record.errors:
            if trouble and trouble.explains(moment):
                outcome.struck += 1
            else:
                outcome.errors.append(error)
        outcome.violations += record.violations
        outcome.missed += record.missed
        outcome.promises += record.promises
    return outcome


def _read_log(log: Path, faults: list[str]) -> tuple[list[str], int]:
    """Return the errors the server wrote, but those that the faults explain.

    And how many transactions met a rival; Odoo logs them as errors and runs them again.
    """
    found, reruns = [], 0
    text = log.read_text(errors="replace")
    for entry in re.split(r"\n(?=\d{4}-\d\d-\d\d \d\d:)", text):
        match = _BAD.search(entry)
        if not match:
            continue
        if _RERUN.search(entry):
            reruns += 1
        elif not (faults and _EXPECTED.search(entry)):
            last = entry.strip().splitlines()[-1]
            found.append(f"log: {match[2]}: {match[3][:200]} {last[:200]}")
    return found, reruns


def describe(outcome: Outcome, options, machine: str) -> str:
    """Return the report as text with a table."""
    calls = sum(map(len, outcome.times.values()))
    lines = [
        f"{outcome.people} people, {options.workers} processes, "
        f"{outcome.seconds:.0f} s ({machine}): {calls} calls, "
        f"{calls / outcome.seconds:.1f} a second, {outcome.missed} met a server that "
        f"was away, {outcome.struck} an error because of a fault, "
        f"{outcome.reruns} reruns after meeting a rival, "
        f"{len(outcome.promises)} results promised",
        "",
        "| what | done | refused | median ms | 95 % below ms |",
        "|---|---:|---:|---:|---:|",
    ]
    for what in sorted({*outcome.done, *outcome.refused}):
        times = sorted(outcome.times.get(what, [0.0]))
        lines.append(
            f"| {what} | {outcome.done.get(what, 0)} | {outcome.refused.get(what, 0)} "
            f"| {statistics.median(times) * 1000:.0f} "
            f"| {times[int(len(times) * 0.95)] * 1000:.0f} |"
        )
    lines += ["", *(f"- fault: {told}" for told in outcome.faults), ""]
    lines += [
        f"- {name}: {'; '.join(told) or 'none'}" for name, told in outcome.found.items()
    ]
    wrong = outcome.wrong
    lines += ["", *(f"- WRONG: {told}" for told in wrong[:MOST_TOLD])]
    if len(wrong) > MOST_TOLD:
        lines.append(f"- WRONG: ... {len(wrong)} in all")
    lines.append(
        "Nothing is wrong." if not wrong else f"{len(wrong)} things are wrong."
    )
    return "\n".join(lines) + "\n"
