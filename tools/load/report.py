"""What came of it: counts, waiting times, and everything that is wrong."""

import re
import statistics
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .person import Person

MOST_TOLD = 20
#: lines of the server's log that tell of something nobody should meet
_BAD = re.compile(r" (ERROR|CRITICAL) \S+ (\S+): (.*)")
#: two transactions met; one of them was run again
_RERUN = re.compile(r"could not serialize access|deadlock detected|lock_not_available")
#: somebody connected and asked nothing, as programs that print do; or Odoo's job for
#: the mail queue met a mail that whoever wrote it has sent meanwhile, and leaves the
#: rest of its batch to its next run. That no mail is lost is checked for itself.
_HARMLESS = re.compile(
    r"Request timed out: TimeoutError"
    r"|Failed processing mail queue.*MissingError: [^\n]*\n\(Record: mail\.mail\(",
    re.DOTALL,
)


@dataclass
class Outcome:
    """What all people together did."""

    people: dict[str, int]
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
    #: the :class:`.faults.Trouble` there was
    trouble: object
    #: what the checks say, by their names
    found: dict[str, list[str]] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """Return everything that should not be, in words."""
        checks = [f"{name}: {told}" for name, told in self.found.items() if told]
        return [*self.violations, *self.errors, *checks, *self.logged]


def gather(people: list[Person], seconds: float, trouble, told: list[str]) -> Outcome:
    """Put together what everybody did.

    :param trouble: the :class:`.faults.Trouble` there was
    :param told: what it did, and what was left out, in words
    """
    roles = Counter(type(person).__name__.lower() for person in people)
    outcome = Outcome(
        *(dict(roles), seconds, {}, {}, {}, [], [], 0, 0, told, [], [], 0, trouble)
    )
    for record in (person.record for person in people):
        for what, count in record.done.items():
            outcome.done[what] = outcome.done.get(what, 0) + count
        for what, count in record.refused.items():
            outcome.refused[what] = outcome.refused.get(what, 0) + count
        for what, taken in record.times:
            outcome.times.setdefault(what, []).append(taken)
        for moment, error in record.errors:
            if trouble.explains(moment, error):
                outcome.struck += 1
            else:
                outcome.errors.append(error)
        outcome.violations += record.violations
        outcome.missed += record.missed
        outcome.promises += record.promises
    return outcome


def read_log(outcome: Outcome, log: Path) -> None:
    """Note the errors the server wrote, but those that the faults explain.

    And how many transactions met a rival; Odoo logs them as errors and runs them again.
    """
    text = log.read_text(errors="replace")
    for entry in re.split(r"\n(?=\d{4}-\d\d-\d\d \d\d:)", text):
        match = _BAD.search(entry)
        if not match or _HARMLESS.search(entry):
            continue
        if _RERUN.search(entry):
            outcome.reruns += 1
        elif not outcome.trouble.expects(entry):
            last = entry.strip().splitlines()[-1]
            outcome.logged.append(f"log: {match[2]}: {match[3][:200]} {last[:200]}")


def _percentiles(times: list[float]) -> tuple[float, float]:
    """Return the milliseconds below which half and 95 % lie."""
    times = sorted(times) or [0.0]
    return statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000


def describe(outcome: Outcome, options, machine: str) -> str:
    """Return the report as text with a table."""
    every = [taken for times in outcome.times.values() for taken in times]
    half, most = _percentiles(every)
    roles = ", ".join(f"{count} {role}s" for role, count in outcome.people.items())
    lines = [
        f"{sum(outcome.people.values())} people ({roles}), {options.workers} processes "
        f"and one for scheduled jobs, {outcome.seconds:.0f} s ({machine}): "
        f"{len(every)} calls, {len(every) / outcome.seconds:.1f} a second, half "
        f"of them below {half:.0f} ms, 95 % below {most:.0f} ms; {outcome.missed} met "
        f"a server that was away, {outcome.struck} an error because of a fault, "
        f"{outcome.reruns} reruns after meeting a rival, "
        f"{len(outcome.promises)} results promised",
        "",
        "| what | done | refused | median ms | 95 % below ms |",
        "|---|---:|---:|---:|---:|",
    ]
    for what in sorted({*outcome.done, *outcome.refused}):
        half, most = _percentiles(outcome.times.get(what, []))
        lines.append(
            f"| {what} | {outcome.done.get(what, 0)} | {outcome.refused.get(what, 0)} "
            f"| {half:.0f} | {most:.0f} |"
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
