"""How a random history is played: each step is a request, checked afterwards."""

from copy import deepcopy
from datetime import datetime, timedelta

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from odoo.exceptions import UserError

from . import history_facts
from .history_checks import Checks, Owner, Rules

START = datetime(2031, 3, 3, 8)
PEOPLE = (
    "requester",
    "colleague",
    "supervisor",
    "accountant",
    "accountant_2",
    "operator",
    "technician",
    "producer",
    "manager",
    "releaser",
)
DEPARTMENTS = (
    "sales",
    "finance",
    "operations",
    "technical",
    "production",
    "management",
)

person = st.sampled_from(PEOPLE)
#: somebody by name, or one of those who are asked to decide
who = st.integers(0, 5) | person
pick = st.integers(0, 11)


def action(weight, when=None, **arguments):
    """Declare something that may happen in a history.

    :param int weight: how often, compared with the others
    :param when: function of the history that tells whether it is possible now
    :param arguments: strategies
    """

    def mark(method):
        method.action = (weight, when, st.fixed_dictionaries(arguments))
        return method

    return mark


class History(RuleBasedStateMachine):
    """One history: documents, people and what they do, each step a request."""

    case = None
    clock = None
    seen = None

    def __init__(self):
        super().__init__()
        # as in a request: who changes what is tracked, and followers are added
        self.env = self.case.env(context={})
        self.env.registry.clear_all_caches()
        self.savepoint = self.env.cr.savepoint()
        self.clock.move_to(START)
        self.people = {name: getattr(self.case, name) for name in PEOPLE}
        self.rules = Rules(
            fallback=self.case.management.id, releaser=self.case.releaser.id
        )
        self.documents = self.env["test.approval.document"]
        self.owners, self.facts, self.checks, self.chances = {}, None, None, []

    def teardown(self):
        """Leave nothing of the history in the database."""
        if self.facts:
            self.seen.update({row["state"] for row in self.facts.documents.values()})
        self.savepoint.close(rollback=True)
        self.env.transaction.reset()
        self.env.registry.reset_changes()

    # How it begins ----------------------------------------------------------------

    @initialize(
        same_person=st.booleans(),
        threshold=st.sampled_from((0, 90, 0, 150)),
        validity=st.sampled_from((0, 2)),
        claims=st.booleans(),
        limits=st.sampled_from((True, True, False)),
        finance=st.sampled_from(("one", "all", "quorum")),
        is_optional=st.booleans(),
        is_special=st.booleans(),
        fallback=st.sampled_from((None, "management", "operations")),
        members=st.lists(st.tuples(st.sampled_from(DEPARTMENTS), person), max_size=4),
        count=st.sampled_from((1, 1, 2)),
    )
    def begin(self, count, is_special, members, **how):
        """Set the company up and create documents, one of them submitted."""
        self.rules.same_person = how["same_person"]
        self.rules.threshold = how["threshold"]
        self.rules.validity, self.rules.claims = how["validity"], how["claims"]
        self.case.set_up_company(how, members)
        for _number in range(count):
            document = self.case._new_document(is_special=is_special)
            self.documents |= document.with_env(self.env)
        self.env.flush_all()
        self.facts = self._read()
        for document_id, row in self.facts.documents.items():
            self.owners[document_id] = Owner(
                creator=row["create_uid"],
                salesperson=row["user_id"],
                last_editor=row["approval_editor_id"],
                editors=set(self.facts.editors[document_id]),
                followers={p for (p,) in self.facts.followers[document_id]},
            )
        self._check(None)
        self.submit(0, "requester")

    @rule(data=st.data())
    def act(self, data):
        """Let one of the possible actions happen."""
        possible = [
            name
            for name, method in vars(type(self).__mro__[1]).items()
            if hasattr(method, "action")
            for when in (method.action[1],)
            if not when or when(self)
            for _time in range(method.action[0])
        ]
        method = getattr(self, data.draw(st.sampled_from(possible)))
        method(**data.draw(method.action[2]))

    # One step -------------------------------------------------------------------------

    def _read(self):
        return history_facts.read(self.env, self.documents, self.rules.same_person)

    def _do(self, what, action, edits=None, expected=None, whole=True):
        """Do something as a request would, and check everything afterwards.

        :param edits: (document, user) when it changes what is approved
        :param expected: whether it has to succeed; None when either is right
        :param bool whole: roll everything back when it is refused
        :return: whether it succeeded
        """
        self.clock.tick(timedelta(seconds=1))
        self.env.flush_all()
        self.env.transaction.reset()  # nothing is known from earlier requests
        try:
            if whole:
                with self.env.cr.savepoint():
                    action()
            else:
                action()
                self.env.flush_all()
        except UserError as error:
            outcome = f"{type(error).__name__}: {error}"
            self.env.registry.reset_changes()
        else:
            outcome = ""
        self.seen["steps"] += 1
        self.seen["refusals"] += bool(outcome)
        note(f"{datetime.now():%d %H:%M:%S} {what}: {outcome or 'done'}")
        if expected is not None and expected == bool(outcome):
            self.case.fail(f"{what}: {outcome or 'done'}, but {expected=}")
        self._check(edits if not outcome else None)
        return not outcome

    def _check(self, edits):
        before, owned = self.facts if self.checks else None, deepcopy(self.owners)
        self.env.invalidate_all()
        self.facts = self._read()
        for document_id, row in self.facts.documents.items():
            self.owners[document_id].salesperson = row["user_id"]
        if edits:
            document, user = edits
            self.owners[document.id].last_editor = user.id
            self.owners[document.id].editors.add(user.id)
        checks = Checks(self.case, self.facts, before, self.owners, owned, self.rules)
        for entry in checks.new_entries():
            model = checks.models[entry.round_id]
            agreed = any(v.state == "approved" for v in model.seats.values())
            if model.approved == entry.date and agreed and not model.is_emergency:
                row = self.facts.rounds[entry.round_id]
                self.owners[row["res_id"]].editors = set()
            self.seen[entry.kind] += 1
            self.seen["for somebody"] += bool(entry.kind == "approve" and entry.absent)
        self.checks = checks.run()
        self.chances = self._get_chances()

    def _document(self, number):
        return self.documents[number % len(self.documents)]

    def _current(self, document):
        """Return the latest round's row and model, or None."""
        rounds = self.facts.rounds_of(document.id)
        return (rounds[-1], self.checks.models[rounds[-1]["id"]]) if rounds else None

    def _user(self, who):
        """Return the user with this name, or with this number among who is asked."""
        if isinstance(who, str):
            return self.people[who]
        asked = sorted(
            user
            for model in self.checks.models.values()
            for view in model.seats.values()
            if view.state == "open"
            for user in view.candidates
        )
        return self.env["res.users"].browse(
            asked[who % len(asked)] if asked else self.people["requester"].id
        )

    def _is_here(self, user):
        return user.id in self.facts.world.present

    def _get_chances(self):
        """Return [(view, model, user id, his principals)] of who may decide now."""
        found = []
        for round_id, model in self.checks.models.items():
            excluded = self.checks.get_excluded(self.facts.rounds[round_id])
            for view in model.seats.values():
                for user in sorted(view.candidates | view.deputies):
                    principals = model.principals(view, user, datetime.now(), excluded)
                    if principals:
                        found.append((view, model, user, principals))
        return found

    def _is_valid(self, document):
        """Tell whether an unused approval covers the document as it is."""
        row, model = self._current(document) or (None, None)
        if not row or model.state != "approved" or model.is_applied:
            return False
        days = self.rules.validity
        if days and row["date_approved"] + timedelta(days=days) < datetime.now():
            return False
        return row["snapshot"] == self.facts.snapshot(document.id)

    def _stages(self):
        """Return the states of the documents' rounds, "draft" where one may begin."""
        return {
            "pending" if row["approval_state"] == "pending" else "draft"
            for row in self.facts.documents.values()
            if row["state"] in ("draft", "sent")
        }

    def _is_open(self, document):
        return self.facts.documents[document.id]["state"] in ("draft", "sent")
