"""Who would review a document: plain data, and the matching of people to seats."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class PlannedSeat:
    """A seat as it would be frozen; ``findings`` are indexes into the plan's.

    ``record`` is the flow's seat, ``checks`` its checklist; none for one made up for
    a fallback.
    """

    department: Any
    rule: str
    quorum: int
    is_required: bool
    deadline_days: float
    pools: list
    record: Any = None
    checks: Any = ()
    candidates: Any = None
    needed: int = 1
    findings: list = field(default_factory=list)


@dataclass
class PlannedLevel:
    """A level as it would be frozen, with its seats side by side.

    ``record`` is the flow's level; empty for one made up for a fallback.
    """

    record: Any
    name: str
    seats: list


@dataclass
class Plan:
    """What a submission now would lead to.

    ``problems`` says in words why it cannot be submitted although nothing blocks:
    nobody may decide. ``reason`` says in words why no review is needed.
    """

    flow: Any
    findings: list
    levels: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    reason: str = ""

    @property
    def blocking(self):
        """Findings that keep the document from being submitted."""
        return [f for f in self.findings if f["severity"] == "block"]

    @property
    def needs_review(self):
        """Whether anybody has to look at the document."""
        return bool(self.levels)


def match_people(wants):
    """Give every seat as many different people as it needs, nobody twice.

    :param wants: sequence of (set of people, number needed)
    :return: list of sets of people, one per seat, as many as could be found
    """
    wants = list(wants)
    holder = {}

    def find(seat, seen):
        """Find a person for ``seat``, moving others along an augmenting path."""
        for person in sorted(wants[seat][0] - seen):
            seen.add(person)
            if person not in holder or find(holder[person], seen):
                holder[person] = seat
                return True
        return False

    for seat, (people, needed) in enumerate(wants):
        for _place in range(max(min(needed, len(people)), 0)):
            find(seat, set())
    found = [set() for _want in wants]
    for person, seat in holder.items():
        found[seat].add(person)
    return found


def can_all_be_filled(wants):
    """Tell whether different people exist for all needed places."""
    wants = list(wants)
    return all(
        len(found) >= needed
        for found, (_people, needed) in zip(match_people(wants), wants, strict=True)
    )


def as_id(value):
    """Return what a caller gave as an id; 0, which no record has, if it is none."""
    return value if type(value) is int and 0 < value < 2**31 else 0
