"""However many do it at once: each handover, signature and notice once."""

import os

import pytest

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.concurrency import handovers, repairs

pytestmark = pytest.mark.processes
REPEATS = int(os.environ.get("ORDER_CONTROL_RACES", "4"))
#: who answers one slip at the same moment
SIGNERS = {
    "two contacts": ("first contact", "second contact"),
    "contact and salesperson": ("first contact", "seller"),
    "one rejects": ("first contact", "second contact rejecting"),
    "contact and clock": ("first contact", "clock"),
    "contact and warehouse": ("first contact", "warehouse"),
}
SENT = {
    "notices": ["sent"],
    "files": 1,
    "messages": 1,
    "mails": [["shop@example.com"]],
}


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("handovers") as name:
        yield name


@pytest.fixture(scope="module")
def setting(database):
    return run(database, handovers.set_up)


@pytest.fixture
def order(database, setting):
    (order,) = run(database, handovers.confirm, setting, 1)
    run(database, handovers.run_job)
    return order


def test_two_receive_at_once(database, setting, order):
    users = setting["users"]
    outcomes = run_together(
        database,
        handovers.receive,
        [(users["keeper"], order), (users["second"], order)],
    )
    winners = [outcome for outcome in outcomes if outcome.succeeded]
    (told,) = [outcome for outcome in outcomes if not outcome.succeeded]
    assert len(winners) == 1, outcomes
    assert told.error == "UserError"
    assert "was received by" in told.message
    assert run(database, handovers.facts, [order]) == [["received"]]


def test_handed_over_again_twice_at_once(database, setting, order):
    users = setting["users"]
    run(database, handovers.refuse, users["keeper"], order)
    outcomes = run_together(
        database, handovers.hand_over_again, [(users["seller"], order)] * 2
    )
    assert [outcome.succeeded for outcome in outcomes].count(True) == 1, outcomes
    assert run(database, handovers.facts, [order]) == [["refused", "waiting"]]


def test_several_jobs_at_once_make_each_handover_once(database, setting):
    orders = run(database, handovers.confirm, setting, 8)
    outcomes = run_together(database, handovers.run_job, [(), (), ()], retry=False)
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    # what two of them wanted to write at the same moment is left to the next run
    run(database, handovers.run_job)
    assert run(database, handovers.facts, orders) == [["waiting"]] * 8


@pytest.fixture(scope="module")
def shop(database, setting):
    return run(database, handovers.set_up_deliveries, setting)


@pytest.fixture(scope="module")
def signatures(database, shop, tmp_path_factory):
    """Let two answer each slip at once; return {race: [(order, outcomes)]}."""
    folder = str(tmp_path_factory.mktemp("sign"))
    orders = run(database, handovers.ship, shop, REPEATS * len(SIGNERS), True)
    races = [race for race in SIGNERS for _number in range(REPEATS)]
    taken_back = orders[races.index("contact and warehouse") :]
    run(database, handovers.prepare_returns, taken_back)
    calls = [
        (shop, order, how, folder, f"slip{order}", role)
        for race, order in zip(races, orders, strict=True)
        for role, how in enumerate(SIGNERS[race])
    ]
    outcomes = run_together(database, handovers.sign, calls, processes=2, hurry=0.9)
    pairs = zip(outcomes[::2], outcomes[1::2], strict=True)
    found = {race: [] for race in SIGNERS}
    for race, order, pair in zip(races, orders, pairs, strict=True):
        found[race].append((order, pair))
    return found


@pytest.mark.parametrize("race", SIGNERS)
def test_two_answers_are_one_acceptance(database, signatures, race):
    """One is kept and moves the goods; who comes later is told who was first."""
    expected = []
    for _order, pair in signatures[race]:
        errors = [outcome.error for outcome in pair]
        assert sorted(errors) == ["", "UserError"], pair
        assert sum(outcome.tries for outcome in pair) > 2, "they never met"
        first, later = errors.index(""), errors.index("UserError")
        won, lost = SIGNERS[race][first], SIGNERS[race][later]
        assert _told(won, lost) in pair[later].message
        expected.append(_expected(won))
    orders = [order for order, _pair in signatures[race]]
    assert run(database, handovers.slip_facts, orders) == expected


def _told(won, lost):
    """Return what who comes later is told."""
    if won == "warehouse":
        return "is cancelled; there is nothing to sign"
    if lost == "warehouse":  # by Odoo: the signature has cancelled the return
        return "Nothing to check the availability for"
    return "has been signed already by"


def _expected(how):
    """Return the facts of a slip that was answered by this one alone."""
    if how == "warehouse":
        return {
            "state": "cancelled",
            "by": False,
            "accepted": 0,
            "out of waiting": [["done", "internal", handovers.SHIPPED]],
            "lies": {"internal": handovers.SHIPPED},
            "delivered": 0,
            "returns": 0,
            "notes": 0,
            "papers": [],
        }
    rejected = handovers.REJECTED if how.endswith("rejecting") else 0
    accepted = handovers.SHIPPED - rejected
    back = [["assigned", "internal", rejected]] if rejected else []
    return {
        "state": "signed",
        "by": "default" if how == "clock" else how.removesuffix(" rejecting"),
        "accepted": accepted,
        "out of waiting": [*back, ["done", "customer", accepted]],
        "lies": {"customer": accepted, **({"transit": rejected} if rejected else {})},
        "delivered": accepted,
        "returns": len(back),
        "notes": 1,
        "papers": ["scan.pdf"] if how == "seller" else [],
    }


def test_several_jobs_at_once_mail_each_notice_once(database, shop):
    orders = run(database, handovers.ship, shop, 12)
    outcomes = run_together(database, handovers.send_notices, [()] * 4, retry=False)
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    # what two of them wanted to write at the same moment is left to the next run
    run(database, handovers.send_notices)
    assert run(database, handovers.notice_facts, orders) == [SENT] * 12


def test_a_job_that_is_killed_leaves_nothing_and_is_repeated(database, shop):
    run(database, handovers.send_notices)  # what other deliveries have queued
    orders = run(database, handovers.ship, shop, 1)
    with pytest.raises(RuntimeError, match="ended without an answer"):
        run(database, handovers.die_while_sending)
    queued = {"notices": ["queued"], "files": 0, "messages": 0, "mails": []}
    assert run(database, handovers.notice_facts, orders) == [queued]
    run(database, handovers.send_notices)
    assert run(database, handovers.notice_facts, orders) == [SENT]


def test_two_finish_the_repairs_of_one_exception(tmp_path):
    """Whoever is second sees that nothing is open any more, and sends both back."""
    with prepared.with_addons("repairs") as database:
        setting = run(database, repairs.set_up)
        pairs = run(database, repairs.bring_back, setting, REPEATS)
        keepers = [setting["users"]["keeper"], setting["users"]["second"]]
        calls = [
            (keeper, repair, str(tmp_path), number, role)
            for number, pair in enumerate(pairs)
            for role, (keeper, repair) in enumerate(zip(keepers, pair, strict=True))
        ]
        outcomes = run_together(database, repairs.finish, calls, processes=2, hurry=0.9)
        assert all(outcome.succeeded for outcome in outcomes), outcomes
        assert sum(outcome.tries for outcome in outcomes) > len(calls), "they never met"
        sent = [run(database, repairs.sent_again, pair) for pair in pairs]
        assert [sum(quantities) for quantities in sent] == [2.0] * REPEATS
