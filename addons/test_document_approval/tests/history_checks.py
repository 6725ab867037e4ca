"""What must hold after every step of a history: the database against the log."""

from dataclasses import dataclass, field
from datetime import timedelta

from .history_facts import checksum
from .history_model import RoundModel, fits

#: seats whose departments look at only a part: {code: part of a snapshot}
CLAIMS = {
    "sales": lambda snapshot: (
        snapshot["company"],
        snapshot["header"]["partner_id"],
        sorted(line["name"] for line in snapshot["lines"]),
    ),
    "operations": lambda snapshot: (
        snapshot["company"],
        snapshot["header"]["total"],
        sorted(tuple(sorted(line.items())) for line in snapshot["lines"]),
    ),
}


@dataclass
class Rules:
    """How the company of a history works."""

    same_person: bool = False
    threshold: float = 0.0
    validity: int = 0
    claims: bool = False
    fallback: int = 0
    releaser: int = 0


@dataclass
class Owner:
    """To whom a document belongs, as the steps of the history made it."""

    creator: int
    salesperson: int
    last_editor: int | None = None
    editors: set = field(default_factory=set)
    followers: set = field(default_factory=set)

    def excluded(self, salesperson=None):
        """Return who may not decide; with another salesperson by now."""
        people = {self.creator, salesperson or self.salesperson, self.last_editor}
        return (people | self.editors) - {None}


def replay(facts):
    """Return {round id: RoundModel}, made from the log and what was frozen."""
    result, origins = {}, {}
    for document_id in facts.documents:
        for row in facts.rounds_of(document_id):
            entries = facts.entries.get(row["id"], [])
            model = RoundModel(facts.frozen_seats(row["id"]), facts.world, origins)
            result[row["id"]] = model.replay(entries)
            origins |= {entry.id: entry for entry in entries}
    return result


class Checks:
    """Holds what the database says against what the log says.

    :param case: the test case, for its assertions
    :param before: the facts before the step, or None
    :param owners: {document id: Owner}, as the step leaves them
    :param owned: the same, as they were before the step
    """

    def __init__(self, case, facts, before, owners, owned, rules):
        self.case, self.facts, self.before = case, facts, before
        self.owners, self.owned, self.rules = owners, owned, rules
        self.models = replay(facts)

    def run(self):
        """Make all checks; fails on the first that does not hold."""
        if self.before:
            self.check_log_only_grows()
        for document_id, document in self.facts.documents.items():
            self.check_document(document)
            self.check_protected(document)
            self.check_activities(document_id)
        for round_id, model in self.models.items():
            self.check_round(self.facts.rounds[round_id], model)
            self.check_voices(model)
            for seat in self.facts.seats_of(round_id):
                self.check_seat(seat, model)
        for entry in self.new_entries():
            self.check_new_entry(entry)
        return self

    def same(self, stored, derived, what):
        """Fail unless the stored value is the one derived from the log."""
        if stored != derived:
            self.case.fail(f"{what}: stored {stored!r}, from the log {derived!r}")

    def new_entries(self):
        """Return the entries of this step."""
        old = self.before.log if self.before else {}
        return [
            entry for key, (_row, entry) in self.facts.log.items() if key not in old
        ]

    # State ----------------------------------------------------------------------------

    def check_document(self, document):
        """The document shows its latest round; only one may be pending."""
        rounds = self.facts.rounds_of(document["id"])
        numbers = [row["number"] for row in rounds]
        self.same(numbers, list(range(1, len(rounds) + 1)), "numbers of rounds")
        latest = rounds[-1]["id"] if rounds else None
        self.same(document["approval_round_id"], latest, "latest round")
        derived = self.models[latest].state if rounds else "none"
        self.same(document["approval_state"], derived, "state of the document")
        live = [r["id"] for r in rounds if self.models[r["id"]].state == "pending"]
        self.same(live, [latest] if derived == "pending" else [], "pending rounds")
        if derived == "pending":
            self.same(
                self.facts.snapshot(document["id"]),
                rounds[-1]["snapshot"],
                "what is in review",
            )
        followers = {row[0] for row in self.facts.followers[document["id"]]}
        owner = self.owners[document["id"]]
        self.same(followers - owner.followers, set(), "new followers")
        self.same(self.facts.editors[document["id"]], owner.editors, "editors")
        self.same(document["approval_editor_id"], owner.last_editor, "last editor")

    def check_protected(self, document):
        """A confirmed document is what its latest round approved, and only it."""
        rounds = self.facts.rounds_of(document["id"])
        snapshot = self.facts.snapshot(document["id"])
        applied = [r for r in rounds if r["is_applied"] and r["state"] == "approved"]
        if document["state"] != "done":
            self.same(applied, [], "confirmed rounds of an unconfirmed document")
            return
        self.same([r["id"] for r in applied], [rounds[-1]["id"]], "confirmed round")
        self.same(rounds[-1]["snapshot"], snapshot, "approved values")
        self.same(rounds[-1]["fingerprint"], checksum(snapshot), "fingerprint")

    def check_round(self, row, model):
        """A round is in the state its log says."""
        number = f"round {row['number']}"
        self.same(row["state"], model.state, f"state of {number}")
        self.same(bool(row["is_applied"]), model.is_applied, f"{number} confirmed")
        self.same(bool(row["is_emergency"]), model.is_emergency, f"{number} released")
        self.same(row["date_approved"], model.approved, f"{number} approved on")
        self.same(row["date_closed"], model.ended, f"{number} closed on")
        self.same(row["fingerprint"], checksum(row["snapshot"]), "frozen values")
        self.same(
            {seat["id"] for seat in self.facts.seats_of(row["id"])},
            set(model.seats),
            f"seats of {number}",
        )

    def check_seat(self, row, model):
        """A seat is in the state its log says, with the people its log names."""
        view = model.seats[row["id"]]
        name = f"seat {self.facts.departments[row['department_id']]['code']}"
        self.same(row["state"], view.state, f"state of {name}")
        self.same(row["date_open"], view.opened, f"{name} opened on")
        self.same(row["date_closed"], view.closed, f"{name} closed on")
        candidates = self.facts.candidates.get(row["id"], set())
        self.same(candidates, view.candidates, f"candidates of {name}")
        deputies = self.facts.deputies.get(row["id"], set())
        self.same(deputies, view.deputies, f"deputies of {name}")
        if view.state == "approved":
            people = {e.absent or e.user for e in view.agreements}
            self.same(len(people) >= view.seat.needed, True, f"agreements of {name}")
        if view.state != "open":
            self.same(row["activity_id"], None, f"activity of {name}")

    def check_voices(self, model):
        """Nobody speaks twice where one person may fill only one seat."""
        spoken = [
            (person, None if not model.world.same_person else model.frozen[seat].level)
            for person, seat in model.voices
        ]
        self.same(len(spoken), len(set(spoken)), "voices and people")

    def check_activities(self, document_id):
        """Reviewers have one activity per open seat, and none for anything else."""
        open_seats = [
            seat
            for seat in self.facts.seats.values()
            if seat["state"] == "open"
            and self.facts.rounds[seat["round_id"]]["res_id"] == document_id
        ]
        reviews = [activity for activity, _user in self.facts.reviews[document_id]]
        known = [seat["activity_id"] for seat in open_seats]
        self.same(sorted(reviews), sorted(set(known) & set(reviews)), "activities")

    # The log ----------------------------------------------------------------------

    def check_log_only_grows(self):
        """Whatever was written stays as it was."""
        for key, (row, _entry) in self.before.log.items():
            now = self.facts.log.get(key, (None,))[0]
            self.same(now, row, "an old entry of the log")
        for key, frozen in self.before.frozen.items():
            self.same(self.facts.frozen.get(key), frozen, f"what was frozen: {key}")
        for round_id in self.before.rounds:
            before = {s.id: s.candidates for s in self.before.frozen_seats(round_id)}
            now = {s.id: s.candidates for s in self.facts.frozen_seats(round_id)}
            self.same({k: now.get(k) for k in before}, before, "frozen candidates")

    def check_new_entry(self, entry):
        """An entry was made by, and calls, only people who may be concerned."""
        row = self.facts.rounds[entry.round_id]
        owner = self.owned[row["res_id"]]
        excluded = owner.excluded() | {row["requester_id"]}
        speakers = {entry.user, entry.absent}
        if entry.kind in ("approve", "refuse", "add_seat", "ask"):
            self.same(speakers & excluded, set(), f"{entry.kind} by who is concerned")
            if entry.kind in ("approve", "refuse") and entry.absent:
                deputies = self.facts.world.deputies_of(
                    entry.absent,
                    entry.date,
                    self.facts.seats[entry.seat_id]["department_id"],
                    excluded,
                )
                self.same(entry.user in deputies, True, "deputy by others' choice")
        if entry.kind == "emergency":
            self.same(entry.user, self.rules.releaser, "released by")
            self.same(
                speakers & owner.excluded(), set(), "released by who is concerned"
            )
        if entry.kind in ("replace", "escalate", "add_seat"):
            now = self.facts.documents[row["res_id"]]["user_id"]
            concerned = owner.excluded(now) | {row["requester_id"]}
            self.same(entry.people & concerned, set(), "called, but concerned")
            self.same(entry.people - self.facts.world.present, set(), "absent people")
        if entry.kind == "carry_over":
            self.check_carried(entry, row, excluded)
        if entry.kind == "no_review":
            self.check_no_review(row)
        if entry.kind == "apply":
            self.check_applied(entry, row)

    def check_carried(self, entry, row, excluded):
        """An agreement is carried over from the last round, to the same values."""
        rounds = self.facts.rounds_of(row["res_id"])
        last = rounds[rounds.index(row) - 1]
        states = ("refused", "superseded", "withdrawn")
        self.same(last["state"] in states, True, "carried over from a round that ended")
        department = self.facts.seats[entry.seat_id]["department_id"]
        agreed = [
            (e.origin or e.id)
            for view in self.models[last["id"]].seats.values()
            for e in view.agreements
            if view.state == "approved" and view.seat.department == department
        ]
        self.same(entry.origin in agreed, True, "carried over from the last round")
        level = next(
            view.seat.level
            for view in self.models[last["id"]].seats.values()
            if any(entry.origin in (e.origin, e.id) for e in view.agreements)
        )
        beside = {
            view.state
            for view in self.models[last["id"]].seats.values()
            if view.seat.is_added and view.seat.level == level
        }
        self.same(beside - {"approved"}, set(), "seats added beside what was carried")
        origin = self.facts.log[entry.origin][1]
        people = {origin.user, origin.absent}
        self.same(people & excluded, set(), "carried over from who is concerned")
        code = self.facts.departments[department]["code"]
        part = CLAIMS.get(code) if self.rules.claims else None
        part = part or (lambda snapshot: snapshot)
        self.same(
            part(row["snapshot"]), part(last["snapshot"]), f"what {code} agreed to"
        )
        if self.rules.validity:
            oldest = row["date_submitted"] - timedelta(days=self.rules.validity)
            self.same(origin.date >= oldest, True, "carried over in time")

    def check_no_review(self, row):
        """Only what nobody has to look at passes without a review."""
        snapshot = row["snapshot"]
        prices = [line["price"] for line in snapshot["lines"]]
        needed = not self.rules.threshold or (
            snapshot["header"]["total"] >= self.rules.threshold
        )
        self.same(needed or any(price < 5 for price in prices), False, "review needed")

    def check_applied(self, entry, row):
        """What has lapsed by then is not confirmed."""
        if self.rules.validity:
            limit = row["date_approved"] + timedelta(days=self.rules.validity)
            self.same(entry.date <= limit, True, "confirmed in time")

    # After the scheduled job ----------------------------------------------------

    def check_followed_up(self, now):
        """Nothing that is due is left, and no seat waits for nobody unnoticed."""
        for round_id, model in self.models.items():
            if model.state != "pending":
                continue
            row = self.facts.rounds[round_id]
            excluded = self.get_excluded(row)
            waiting = []
            for view in model.seats.values():
                if view.state == "open":
                    self.check_open_seat(view, model, excluded, now)
                    if not self.facts.seats[view.seat.id]["is_orphaned"]:
                        waiting.append((model.able(view, excluded), view.missing))
            self.same(fits(waiting), True, "people for all open seats")

    def check_open_seat(self, view, model, excluded, now):
        """An open seat has people, deputies and one activity, or is reported."""
        row = self.facts.seats[view.seat.id]
        able = model.able(view, excluded)
        name = f"seat {self.facts.departments[view.seat.department]['code']}"
        others = self.get_pools(view)
        helpers = (others[0] | others[1]) & self.facts.world.present
        helpers -= excluded | view.candidates | model.spent(view)
        if len(able) < view.missing:
            self.same(bool(row["is_orphaned"]), True, f"{name} reported as orphaned")
            self.same(helpers, set(), f"{name}: people who were not asked")
        else:
            self.same(bool(row["is_orphaned"]), False, f"{name} reported as orphaned")
        due = row["date_escalation"]
        self.same(bool(due and due <= now), False, f"{name} due to escalate")
        called = view.deputies | view.candidates
        for absent in view.candidates & self.facts.world.present:
            there = model.world.deputies_of(absent, now, view.seat.department, excluded)
            there &= self.facts.world.present
            self.same(there - called, set(), f"{name}: deputies who were not called")
        may = {user for user in called if model.principals(view, user, now, excluded)}
        activities = dict(
            self.facts.reviews[self.facts.rounds[row["round_id"]]["res_id"]]
        )
        self.same(
            not may or activities.get(row["activity_id"]) in may,
            True,
            f"{name}: activity of somebody who may decide",
        )

    def get_excluded(self, row):
        """Return who may not decide in a round, by its row."""
        return self.owners[row["res_id"]].excluded() | {row["requester_id"]}

    def get_pools(self, view):
        """Return the members of a seat's department, and of all its fallbacks."""
        departments = self.facts.departments
        own, others = departments[view.seat.department], set()
        following = own["fallback_id"]
        while following:
            others |= departments[following]["members"]
            following = departments[following]["fallback_id"]
        return own["members"], others | departments[self.rules.fallback]["members"]
