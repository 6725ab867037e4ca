"""Whatever two people do at the same moment, one of them comes second.

Every pair of actions is played both ways round: the later one must notice that its
picture of the order is an old one, and be rerun.
"""

import itertools

import pytest

from tests.common import prepared
from tests.common.processes import run
from tests.concurrency import interleavings

pytestmark = pytest.mark.processes

CHANGES = ("swap product", "change date", "add line", "delete line")
#: stage: (levels agreed, quantity), what decides about the order, what else happens
STAGES = {
    "draft": ((-1, 4), ("submit", "submit too"), (*CHANGES, "cancel", "sign")),
    "first level": (
        (0, 4),
        ("approve sales", "deputy approves", "deputy refuses", "withdraw"),
        (*CHANGES, "cancel"),
    ),
    "last level": (
        (2, 4),
        ("approve technical", "approve production", "refuse production", "withdraw"),
        (*CHANGES, "cancel"),
    ),
    "last seat": ((2, 4), ("approve production",), ("sign",)),
    "approved": (
        (3, 4),
        ("confirm", "confirm too", "write state"),
        (*CHANGES, "cancel", "sign"),
    ),
    "nothing to review": (
        (-1, 1),
        ("confirm", "confirm too", "write state"),
        (*CHANGES, "cancel", "sign"),
    ),
}
#: they do not concern each other: a level that goes on, a customer who signs
INDEPENDENT = {("approve production", "sign"), ("sign", "approve production")}


def pairs(deciding, other):
    """Return all ordered pairs of which at least one decides about the order."""
    everything = itertools.permutations((*deciding, *other), 2)
    return [pair for pair in everything if set(pair) & set(deciding)]


@pytest.fixture(scope="module")
def played():
    """Play all pairs; return {(stage, first, second): (outcomes, facts)}."""
    scenes = [(how, pairs(a, b)) for how, a, b in STAGES.values()]
    with prepared.with_addons("interleavings") as database:
        setting = run(database, interleavings.set_up)
        results = iter(run(database, interleavings.play_all, setting, scenes))
    return {
        (stage, *pair): next(results)[2:]
        for stage, (_how, deciding, other) in STAGES.items()
        for pair in pairs(deciding, other)
    }


def check_none(played, wrong):
    """Fail with the pairs that are ``wrong``, and what became of them."""
    found = [
        f"{stage}: {first}, then {second}: {result}"
        for (stage, first, second), result in played.items()
        if wrong((stage, first, second), *result)
    ]
    if found:
        pytest.fail("\n".join(found))


def test_who_comes_second_is_rerun(played):
    def unnoticed(pair, stale, _again, _fact):
        return stale != interleavings.FAILED_TO_SERIALIZE and (
            pair[1:] not in INDEPENDENT
        )

    check_none(played, unnoticed)
    assert len(played) > 100


def test_only_what_was_approved_is_confirmed_and_once(played):
    def wrong(pair, _stale, _again, fact):
        # whoever only writes the state gets no delivery, as in Odoo
        pickings = (0, 1) if "write state" in pair else (1,)
        return fact["state"] == "sale" and not (
            fact["approval"] == "approved"
            and fact["applied"]
            and fact["unchanged"]
            and fact["log"].count("apply") == 1
            and fact["pickings"] in pickings
        )

    check_none(played, wrong)
    assert any(fact["state"] == "sale" for *_outcomes, fact in played.values())


def test_a_round_ends_once(played):
    def wrong(_pair, _stale, _again, fact):
        ends = ("refuse", "withdraw", "supersede", "lapse")
        return (
            fact["rounds"].count("pending") > 1
            or fact["rounds"].count("approved") > 1
            or sum(fact["log"].count(end) for end in ends) > 1
            or len(fact["approvers"]) != fact["log"].count("approve")
        )

    check_none(played, wrong)


def test_what_counts_is_what_there_is(played):
    def wrong(_pair, _stale, _again, fact):
        counts = fact["approval"] in ("pending", "approved")
        return counts and fact["state"] != "cancel" and not fact["unchanged"]

    check_none(played, wrong)


def test_no_signed_and_approved_order_is_forgotten(played):
    def forgotten(_pair, _stale, _again, fact):
        return fact["parked"] and fact["approval"] == "approved"

    check_none(played, forgotten)


def test_second_one_is_told_in_words_or_goes_through(played):
    def wrong(_pair, _stale, again, _fact):
        return not (again == "done" or again.startswith("refused: "))

    check_none(played, wrong)
    refused = [
        pair for pair, (_s, again, _f) in played.items() if again.startswith("refused")
    ]
    assert ("approved", "swap product", "confirm") in refused
    assert ("first level", "approve sales", "deputy refuses") in refused
