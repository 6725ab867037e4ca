"""However many confirm at once: orders never exceed their framework (SPEC E1)."""

import itertools
import os

import pytest

from tests.common import prepared
from tests.common.processes import press_again, run, run_together
from tests.concurrency import contracts

pytestmark = pytest.mark.processes
REPEATS = int(os.environ.get("ORDER_CONTROL_RACES", "4"))
#: enough for any serialization failure among a handful of rivals
HURRY = 0.9


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("contracts") as name:
        yield name


@pytest.fixture(scope="module")
def setting(database):
    return run(database, contracts.set_up)


@pytest.fixture
def together(database, setting, tmp_path):
    """Let orders be confirmed at the same moment; return what each reported."""
    numbers = itertools.count()

    def act(*orders):
        number = next(numbers)
        meeting = [
            (setting, order, str(tmp_path), number, role, len(orders))
            for role, order in enumerate(orders)
        ]
        return run_together(database, contracts.confirm, meeting, hurry=HURRY)

    return act


def test_eight_orders_of_80_against_250(database, setting):
    """From four processes: exactly three are confirmed, the others are told."""
    contract = run(database, contracts.framework, setting)
    orders = run(database, contracts.create_orders, setting, contract, 8, 8)
    calls = [(setting, order) for order in orders]
    outcomes = run_together(
        database, contracts.confirm, calls, processes=4, hurry=HURRY
    )
    press_again(database, contracts.confirm, calls, outcomes)
    refused = [outcome for outcome in outcomes if not outcome.succeeded]
    assert len(refused) == 5, outcomes
    assert {outcome.error for outcome in refused} == {"UserError"}, refused
    assert all("come to more than the contract" in o.message for o in refused), refused
    assert run(database, contracts.facts, contract) == {
        "orders": 3,
        "confirmed": 240,
        "state": "signed",
    }


def test_two_orders_for_the_last_of_it(database, setting, together):
    """Both saw room for themselves; the later one is run again and refused."""
    for _number in range(REPEATS):
        contract = run(database, contracts.framework, setting)
        orders = run(database, contracts.create_orders, setting, contract, 2, 15)
        outcomes = together(*orders)
        assert sorted(outcome.error for outcome in outcomes) == ["", "UserError"]
        assert max(outcome.tries for outcome in outcomes) > 1, "they never met"
        facts = run(database, contracts.facts, contract)
        assert (facts["orders"], facts["confirmed"]) == (1, 150)


def test_an_order_is_confirmed_while_another_one_grows(database, setting, tmp_path):
    """Both saw room for themselves; together they do not fit."""
    for number in range(REPEATS):
        contract = run(database, contracts.framework, setting)
        grown, new = (
            run(database, contracts.create_orders, setting, contract, 1, 10)[0]
            for _order in range(2)
        )
        run(database, contracts.confirm, setting, grown)
        outcomes = run_together(
            database,
            contracts.confirm_or_order_more,
            [
                (setting, grown, 20, str(tmp_path), number, 0, 2),
                (setting, new, 0, str(tmp_path), number, 1, 2),
            ],
            hurry=HURRY,
        )
        assert sorted(outcome.error for outcome in outcomes) == ["", "UserError"]
        assert max(outcome.tries for outcome in outcomes) > 1, "they never met"
        assert run(database, contracts.facts, contract)["confirmed"] == 200


def test_two_orders_that_both_fit(database, setting, together):
    """They wait for each other and are both confirmed, to the last cent of it."""
    for _number in range(REPEATS):
        contract = run(database, contracts.framework, setting)
        first, second = (
            run(database, contracts.create_orders, setting, contract, 1, quantity)[0]
            for quantity in (15, 10)
        )
        outcomes = together(first, second)
        assert all(outcome.succeeded for outcome in outcomes), outcomes
        facts = run(database, contracts.facts, contract)
        assert (facts["orders"], facts["confirmed"]) == (2, 250)


def test_orders_of_two_frameworks_do_not_wait(database, setting, together):
    """What one customer agreed to is nobody else's business (DESIGN 7)."""
    pairs = [run(database, contracts.framework, setting) for _number in range(2)]
    orders = [
        run(database, contracts.create_orders, setting, contract, 1, 20)[0]
        for contract in pairs
    ]
    outcomes = together(*orders)
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    for contract in pairs:
        assert run(database, contracts.facts, contract)["confirmed"] == 200
