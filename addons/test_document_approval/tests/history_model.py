"""What rounds must look like, worked out from their log alone.

Plain Python, written from the rules (SPEC B1 to B6) and not from the engine's code, so
that a mistake there is not repeated here. People, seats and rounds are ids.
"""

from dataclasses import dataclass, field
from datetime import datetime

#: {state of a round: {kind of entry: state after it}}; None is before the first one
STEPS = {
    None: {
        "submit": "pending",
        "no_review": "approved",
        "emergency": "approved",
    },
    "pending": {
        **dict.fromkeys(
            ("approve", "carry_over", "ask", "add_seat", "delegate"), "pending"
        ),
        **dict.fromkeys(("replace", "escalate"), "pending"),
        "refuse": "refused",
        "no_review": "approved",
        "emergency": "approved",
        "supersede": "superseded",
        "withdraw": "withdrawn",
        "lapse": "lapsed",
    },
    "approved": {"apply": "approved", "supersede": "superseded", "lapse": "lapsed"},
}


class Contradiction(AssertionError):
    """The log tells something that must not happen."""


@dataclass(frozen=True)
class Entry:
    """A line of the log."""

    id: int
    round_id: int
    seat_id: int
    kind: str
    user: int
    absent: int
    origin: int
    date: datetime
    words: str
    people: frozenset


@dataclass(frozen=True)
class Seat:
    """What was frozen of a seat, and which department it is."""

    id: int
    round_id: int
    level: int
    department: int
    needed: int
    is_required: bool
    is_added: bool
    added_by: int
    candidates: frozenset


@dataclass(frozen=True)
class Delegation:
    """A window of time in which somebody stands in."""

    absent: int
    deputy: int
    start: datetime
    end: datetime
    departments: frozenset


@dataclass
class World:
    """What is not in the log but counts for who may decide."""

    present: frozenset
    delegations: list
    same_person: bool

    def deputies_of(self, person, when, department, without=frozenset()):
        """Return who stands in for a person then, over other absent people too.

        :param without: people whom the document concerns: no way leads through them
        """
        found, todo = set(), {person}
        while todo:
            todo = (
                {
                    window.deputy
                    for window in self.delegations
                    if window.absent in todo
                    and window.start <= when < window.end
                    and (not window.departments or department in window.departments)
                }
                - found
                - {person}
                - set(without)
            )
            found |= todo
        return found


@dataclass
class SeatState:
    """What the log makes of a seat."""

    seat: Seat
    state: str = "waiting"
    candidates: set = field(default_factory=set)
    deputies: set = field(default_factory=set)
    agreements: list = field(default_factory=list)
    opened: datetime | None = None
    closed: datetime | None = None

    @property
    def missing(self):
        """How many have still to agree."""
        return self.seat.needed - len(self.agreements)

    def close(self, state, date):
        """End the seat."""
        self.state, self.closed = state, date


class RoundModel:
    """A round as its log tells it, entry by entry."""

    def __init__(self, seats, world, origins):
        """Start a round before its first entry.

        :param seats: the round's frozen seats, added ones included
        :param origins: {id of an entry of earlier rounds: the entry}
        """
        self.frozen = {seat.id: seat for seat in seats}
        self.seats = {
            seat.id: SeatState(seat, candidates=set(seat.candidates))
            for seat in seats
            if not seat.is_added
        }
        self.world, self.origins = world, origins
        self.state = None
        self.is_applied = self.is_emergency = False
        self.approved = self.ended = None
        self.voices = []  # (person, seat id)

    def replay(self, entries):
        """Take all entries; what is carried over counts before anybody is asked."""
        for number, entry in enumerate(entries):
            self._take(entry)
            following = entries[number + 1 : number + 2]
            if not following or following[0].kind != "carry_over":
                self._settle(entry.date)
        return self

    def _take(self, entry):
        after = STEPS.get(self.state, {}).get(entry.kind)
        self.require(after, entry, f"in a round that is {self.state}")
        self.require(
            not self.is_applied or entry.kind == "lapse", entry, "after confirmation"
        )
        if entry.kind in TAKERS:
            TAKERS[entry.kind](self, entry)
        self.is_emergency |= entry.kind == "emergency"
        self._move(after, entry.date)

    def _move(self, state, date):
        if state == self.state:
            return
        self.state = state
        if state == "pending":
            return
        self.ended = date
        if state == "approved":
            self.approved = date
        for view in self.seats.values():
            if view.state in ("waiting", "open"):
                view.close("closed", date)

    def _settle(self, date):
        """Open the first level that is not through, or approve the round."""
        if self.state != "pending" or not self.seats:
            return
        levels = [
            view.seat.level
            for view in self.seats.values()
            if view.seat.is_required and view.state != "approved"
        ]
        if not levels:
            self._move("approved", date)
            return
        for view in self.seats.values():
            if view.seat.level < min(levels) and view.state in ("waiting", "open"):
                view.close("closed", date)
            if view.seat.level == min(levels) and view.state == "waiting":
                view.state, view.opened = "open", date

    # What entries do ------------------------------------------------------------------

    def _take_approve(self, entry):
        view = self._take_voice(entry)
        view.agreements.append(entry)
        if not view.missing:
            view.close("approved", entry.date)

    def _take_refuse(self, entry):
        self.require(entry.words, entry, "without a reason")
        self._take_voice(entry).close("refused", entry.date)

    def _take_voice(self, entry):
        """Count a voice after seeing that it was allowed to speak."""
        view = self._open_seat(entry)
        if entry.absent:
            stands_in = self.world.deputies_of(
                entry.absent, entry.date, view.seat.department
            )
            self.require(entry.user in stands_in, entry, "by somebody else's deputy")
            self.require(entry.user in view.deputies, entry, "by a deputy not called")
            self.require(entry.absent in view.candidates, entry, "for no candidate")
        else:
            self.require(entry.user in view.candidates, entry, "by a stranger")
        self._spend({entry.user, entry.absent} - {0}, view, entry)
        return view

    def _take_carry_over(self, entry):
        view = self.seats[entry.seat_id]
        origin = self.origins.get(entry.origin)
        self.require(origin and origin.kind == "approve", entry, "without an agreement")
        self.require(view.state == "waiting", entry, "on a seat that was asked")
        principal = origin.absent or origin.user
        self.require(principal in view.candidates, entry, "of no candidate")
        self.require(entry.absent == principal, entry, "in another name")
        self._spend({origin.user, origin.absent} - {0}, view, entry)
        view.agreements.append(entry)
        if not view.missing:
            view.close("approved", entry.date)

    def _take_add_seat(self, entry):
        seat = self.frozen[entry.seat_id]
        self.require(seat.is_added and seat.id not in self.seats, entry, "twice")
        self.require(seat.candidates == entry.people, entry, "with other people")
        self.require(seat.needed == 1 and seat.is_required, entry, "not required")
        self.require(seat.added_by == entry.user, entry, "by another person")
        beside = [
            view
            for view in self.seats.values()
            if view.seat.level == seat.level and view.state == "open"
        ]
        self.require(
            any(entry.user in view.candidates | view.deputies for view in beside),
            entry,
            "by somebody who does not sit there",
        )
        self.require(
            seat.department not in {view.seat.department for view in beside},
            entry,
            "for a department that sits there",
        )
        self.seats[seat.id] = SeatState(seat, candidates=set(entry.people))

    def _take_call(self, entry):
        view = self._open_seat(entry)
        self.require(not entry.people & view.candidates, entry, "of candidates")
        self.require(
            not entry.people & self.spent(view), entry, "of people who have spoken"
        )
        view.candidates |= entry.people

    def _take_delegate(self, entry):
        view = self._open_seat(entry)
        self.require(entry.absent in view.candidates, entry, "for no candidate")
        stands_in = self.world.deputies_of(
            entry.absent, entry.date, view.seat.department
        )
        self.require(entry.people <= stands_in, entry, "to strangers")
        view.deputies |= entry.people

    def _take_ask(self, entry):
        view = self._open_seat(entry)
        self.require(
            entry.user in view.candidates | view.deputies, entry, "by a stranger"
        )

    def _take_apply(self, _entry):
        self.is_applied = True

    def _open_seat(self, entry):
        view = self.seats.get(entry.seat_id)
        self.require(view and view.state == "open", entry, "on a seat not open")
        return view

    # Who may speak --------------------------------------------------------------------

    def _spend(self, people, view, entry):
        self.require(not people & self.spent(view), entry, "by who has spoken already")
        self.voices += [(person, view.seat.id) for person in people]

    def rivals(self, view):
        """Return the seats of which one person may fill only one."""
        return [
            other
            for other in self.seats.values()
            if not self.world.same_person or other.seat.level == view.seat.level
        ]

    def spent(self, view):
        """Return who has spoken already on this seat or one beside it."""
        seats = {other.seat.id for other in self.rivals(view)}
        return {person for person, seat_id in self.voices if seat_id in seats}

    def able(self, view, excluded):
        """Return the candidates who could still decide in their own right."""
        return (view.candidates & self.world.present) - excluded - self.spent(view)

    def principals(self, view, user, when, excluded):
        """Return in whose places ``user`` may decide on the seat now, if any."""
        if self.state != "pending" or view.state != "open":
            return set()
        if user not in self.world.present - excluded - self.spent(view):
            return set()
        if user in view.candidates:
            return {user}
        if user not in view.deputies:
            return set()
        return {
            absent
            for absent in self.able(view, excluded)
            if user
            in self.world.deputies_of(absent, when, view.seat.department, excluded)
        }

    def leaves_others_filled(self, view, user, principal):
        """Tell whether an agreement leaves enough people for the seats beside it."""
        asked = [v for v in self.rivals(view) if v.state in ("waiting", "open")]
        taken = self.spent(view)
        there = [v.candidates & self.world.present for v in asked]
        now = [(p - taken, v.missing) for p, v in zip(there, asked, strict=True)]
        after = [
            (p - taken - {user, principal}, v.missing - (v is view))
            for p, v in zip(there, asked, strict=True)
        ]
        return fits(after) or not fits(now)

    def require(self, condition, entry, what):
        """Refuse an entry that may not be there.

        :raise Contradiction: in words
        """
        if not condition:
            raise Contradiction(f"{entry.kind} {what}: {entry}")


TAKERS = {
    "approve": RoundModel._take_approve,
    "refuse": RoundModel._take_refuse,
    "carry_over": RoundModel._take_carry_over,
    "add_seat": RoundModel._take_add_seat,
    "replace": RoundModel._take_call,
    "escalate": RoundModel._take_call,
    "delegate": RoundModel._take_delegate,
    "ask": RoundModel._take_ask,
    "apply": RoundModel._take_apply,
}


def fits(wants):
    """Tell whether different people exist for all places, by trying them all.

    :param wants: list of (people, number needed)
    """
    places = [people for people, needed in wants for _place in range(needed)]
    everybody = sorted(set().union(*places)) if places else []
    if any(not people for people in places) or len(everybody) < len(places):
        return False
    return _seat(places, set())


def _seat(places, used):
    if not places:
        return True
    return any(_seat(places[1:], used | {person}) for person in places[0] - used)
