"""However many confirm at once: a price concession is never overdrawn (SPEC C2)."""

import itertools
import os

import pytest

from tests.common import prepared
from tests.common.processes import press_again, run, run_together
from tests.concurrency import concessions

pytestmark = pytest.mark.processes
REPEATS = int(os.environ.get("ORDER_CONTROL_RACES", "4"))
#: enough for any serialization failure among a handful of rivals
HURRY = 0.9


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("concessions") as name:
        yield name


@pytest.fixture(scope="module")
def setting(database):
    return run(database, concessions.set_up)


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
        return run_together(database, concessions.act, meeting, hurry=HURRY)

    return act


def test_eight_orders_of_30_against_100(database, setting):
    """From four processes: exactly three are confirmed, the others are told."""
    concession = run(database, concessions.grant, setting)
    orders = run(database, concessions.create_orders, setting, concession, 8, 30)
    calls = [(order,) for order in orders]
    outcomes = run_together(
        database, concessions.confirm, calls, processes=4, hurry=HURRY
    )
    press_again(database, concessions.confirm, calls, outcomes)
    refused = [outcome for outcome in outcomes if not outcome.succeeded]
    assert len(refused) == 5, outcomes
    assert {outcome.error for outcome in refused} == {"UserError"}
    assert all("10.00 Units are left" in outcome.message for outcome in refused)
    assert run(database, concessions.facts, concession) == {
        "orders": 3,
        "confirmed": 90,
        "ledger": 90,
        "used": 90,
        "state": "active",
    }


def test_two_orders_for_the_last_of_it(database, setting, together):
    for _number in range(REPEATS):
        concession = run(database, concessions.grant, setting)
        orders = run(database, concessions.create_orders, setting, concession, 2, 60)
        outcomes = together(*(("confirm", order) for order in orders))
        assert sorted(outcome.error for outcome in outcomes) == ["", "UserError"]
        assert max(outcome.tries for outcome in outcomes) > 1, "they never met"
        facts = run(database, concessions.facts, concession)
        assert (facts["confirmed"], facts["ledger"]) == (60, 60)


def test_one_grows_while_another_is_confirmed(database, setting, together):
    for _number in range(REPEATS):
        concession = run(database, concessions.grant, setting)
        first, second = run(
            database, concessions.create_orders, setting, concession, 2, 50
        )
        run(database, concessions.confirm, first)
        outcomes = together(("set_quantity", first, 80), ("confirm", second))
        assert sorted(outcome.error for outcome in outcomes) == ["", "UserError"]
        facts = run(database, concessions.facts, concession)
        assert facts["confirmed"] == facts["ledger"] <= concessions.CAP


def test_what_is_given_back_counts_once(database, setting, together):
    """Cancelled twice at the same moment, it is given back once."""
    concession = run(database, concessions.grant, setting)
    first, second = run(database, concessions.create_orders, setting, concession, 2, 40)
    for order in (first, second):
        run(database, concessions.confirm, order)
    together(("cancel", first), ("cancel", first))
    facts = run(database, concessions.facts, concession)
    assert (facts["orders"], facts["confirmed"], facts["ledger"]) == (1, 40, 40)


def test_closed_while_an_order_is_confirmed(database, setting, together):
    """Either the order was first, or it is refused; never both by halves."""
    for _number in range(REPEATS):
        concession = run(database, concessions.grant, setting)
        (order,) = run(database, concessions.create_orders, setting, concession, 1, 40)
        closing, confirming = together(("close", concession), ("confirm", order))
        assert closing.succeeded, closing
        facts = run(database, concessions.facts, concession)
        assert facts["state"] == "closed"
        assert facts["confirmed"] == facts["ledger"]
        assert facts["ledger"] == (40 if confirming.succeeded else 0)
