"""However many do it at once: each rebate is released once, and never too much."""

import itertools
import os

import pytest

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.concurrency import rebates

pytestmark = pytest.mark.processes
REPEATS = int(os.environ.get("ORDER_CONTROL_RACES", "4"))
#: enough for any serialization failure among a handful of rivals
HURRY = 0.9


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("rebates") as name:
        yield name


@pytest.fixture(scope="module")
def setting(database):
    return run(database, rebates.set_up)


@pytest.fixture
def together(database, tmp_path):
    """Let rivals do something at the same moment; return what each reported."""
    numbers = itertools.count()

    def act(*calls):
        number = next(numbers)
        meeting = [
            (*call, str(tmp_path), number, role, len(calls))
            for role, call in enumerate(calls)
        ]
        return run_together(database, rebates.act, meeting, hurry=HURRY)

    return act


def _check(database, setting, plan, expected):
    """The figures are as expected, and nothing else is wrong."""
    assert run(database, rebates.problems, setting, plan) == []
    assert run(database, rebates.figures, plan) == expected


def test_two_settlements_of_one_customer(database, setting, together):
    """Filled in at once, one has the lines; the other one has none to submit."""
    plan = run(database, rebates.prepare, setting, 3)
    pair = [run(database, rebates.new_settlement, setting, plan) for _ in range(2)]
    outcomes = together(*(("fill", setting, settlement) for settlement in pair))
    assert sorted(outcome.result for outcome in outcomes) == [0, 3], outcomes
    assert max(outcome.tries for outcome in outcomes) > 1, "they never met"
    outcomes = together(*(("submit", setting, settlement) for settlement in pair))
    assert sorted(outcome.error for outcome in outcomes) == ["", "UserError"]
    winner = pair[[outcome.error for outcome in outcomes].index("")]
    for _level in range(2):
        run(database, rebates.approve, winner)
    assert run(database, rebates.settlement_facts, winner) == {
        "state": "done",
        "lines": ["posted"] * 3,
        "notes": 3,
        "customers": 3,
        "amount": 150,
    }
    _check(database, setting, plan, [[50, 50, 50]] * 3)


def test_one_settlement_approved_twice_at_once(database, setting, together):
    for _number in range(REPEATS):
        plan = run(database, rebates.prepare, setting, 2)
        settlement = run(database, rebates.submitted, setting, plan, 1)
        outcomes = together(("approve", settlement), ("approve", settlement))
        assert sum(outcome.succeeded for outcome in outcomes) == 1, outcomes
        assert {outcome.error for outcome in outcomes} < {
            "",
            "UserError",
            "AccessError",
        }
        facts = run(database, rebates.settlement_facts, settlement)
        assert (facts["state"], facts["notes"], facts["amount"]) == ("done", 2, 100)
        _check(database, setting, plan, [[50, 50, 50]] * 2)


def test_filled_in_while_it_is_submitted(database, setting, together):
    """What is approved is what was seen by who submitted it, or it is refused."""
    plan = run(database, rebates.prepare, setting, 1)
    settlement = run(database, rebates.new_settlement, setting, plan)
    run(database, rebates.fill, setting, settlement)
    run(database, rebates.invoice, plan["partners"][0], 1000)
    together(("fill", setting, settlement), ("submit", setting, settlement))
    for _level in range(2):
        run(database, rebates.approve, settlement)
    facts = run(database, rebates.settlement_facts, settlement)
    assert facts["state"] == "done"
    assert facts["amount"] in (50, 100)
    _check(database, setting, plan, [[100, 100, facts["amount"]]])


def test_books_go_on_while_a_settlement_is_released(database, setting, together):
    """Invoices, returns and payments at the same moment count in the next one."""
    for _number in range(REPEATS):
        plan = run(database, rebates.prepare, setting, 1)
        (partner,), (move,) = plan["partners"], plan["moves"]
        settlement = run(database, rebates.submitted, setting, plan, 1)
        outcomes = together(
            ("approve", settlement),
            ("invoice", partner, 400),
            ("credit", partner, 200),
            ("pay", move),
        )
        assert all(outcome.succeeded for outcome in outcomes), outcomes
        assert run(database, rebates.settlement_facts, settlement)["notes"] == 1
        # 1,000 + 400 - 200, at 5 %; what was released is what was due by then
        assert run(database, rebates.problems, setting, plan) == []
        ((earned, releasable, released),) = run(database, rebates.figures, plan)
        assert (earned, releasable) == (60, 60)
        assert released in (40, 50)


def test_payments_release_while_a_settlement_is_filled_in(database, setting, together):
    plan = run(database, rebates.prepare, setting, 2, 1000.0, "pro_rata")
    settlement = run(database, rebates.new_settlement, setting, plan)
    outcomes = together(
        ("fill", setting, settlement), *(("pay", move) for move in plan["moves"])
    )
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    run(database, rebates.drain)
    _check(database, setting, plan, [[50, 50, 0]] * 2)


def test_several_jobs_at_once(database, setting):
    """Two drain, two release, one books the provision: once each, in the end."""
    plan = run(database, rebates.prepare, setting, 6)
    settlement = run(database, rebates.submitted, setting, plan, 1)
    run(database, rebates.approve_for_the_job, settlement)
    for partner in plan["partners"]:
        run(database, rebates.invoice, partner, 100)
    outcomes = run_together(
        database,
        rebates.act,
        [("drain",), ("drain",), ("release",), ("release",), ("accrue",)],
        retry=False,
    )
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    # what two of them wanted to write at the same moment is left to the next run
    run(database, rebates.release)
    facts = run(database, rebates.settlement_facts, settlement)
    assert (facts["state"], facts["notes"], facts["customers"]) == ("done", 6, 6)
    _check(database, setting, plan, [[55, 55, 50]] * 6)


def test_a_job_that_is_killed_goes_on_where_it_was(database, setting):
    plan = run(database, rebates.prepare, setting, 5)
    settlement = run(database, rebates.submitted, setting, plan, 1)
    run(database, rebates.approve_for_the_job, settlement)
    with pytest.raises(RuntimeError, match="ended without an answer"):
        run(database, rebates.die_while_releasing)
    facts = run(database, rebates.settlement_facts, settlement)
    assert facts["state"] == "posting"
    assert facts["lines"] == ["open"] * 3 + ["posted"] * 2
    assert facts["notes"] == 2
    run(database, rebates.release)
    assert run(database, rebates.settlement_facts, settlement) == {
        "state": "done",
        "lines": ["posted"] * 5,
        "notes": 5,
        "customers": 5,
        "amount": 250,
    }
    _check(database, setting, plan, [[50, 50, 50]] * 5)


def test_a_rate_that_changes_while_it_is_submitted(database, setting, together):
    """What comes into force is what was approved."""
    for _number in range(REPEATS):
        plan = run(database, rebates.prepare, setting, 1)
        version = run(database, rebates.new_version, setting, plan)
        outcomes = together(
            ("change_rate", setting, version, 50), ("submit_version", setting, version)
        )
        assert outcomes[1].succeeded, outcomes
        assert outcomes[0].error in ("", "UserError")
        facts = run(database, rebates.version_facts, version)
        assert facts == {"state": "draft", "approval": "pending", "as approved": True}
