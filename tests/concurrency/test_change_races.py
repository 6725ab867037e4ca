"""Two people at once: one order is changed once, and no shipped piece is lost."""

import itertools
import os

import pytest

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.concurrency import changes

pytestmark = pytest.mark.processes
REPEATS = int(os.environ.get("ORDER_CONTROL_RACES", "2"))
HURRY = 0.9


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("changes") as name:
        yield name


@pytest.fixture(scope="module")
def setting(database):
    return run(database, changes.set_up)


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
        return run_together(database, changes.act, meeting, hurry=HURRY)

    return act


def test_two_changes_of_one_order(database, setting, together):
    """The second one finds another order than it was made for, and says so."""
    for _number in range(REPEATS):
        order = run(database, changes.new_order, setting)
        pair = [
            run(database, changes.submitted, setting, order, quantity)
            for quantity in (12, 7)
        ]
        for change in pair:
            run(database, changes.agree, setting, change, "planner", "production")
        outcomes = together(
            ("agree", setting, pair[0], "accountant", "finance"),
            ("agree", setting, pair[1], "accountant_2", "finance"),
        )
        assert all(outcome.succeeded for outcome in outcomes), outcomes
        assert max(outcome.tries for outcome in outcomes) > 1, "they never met"
        facts = run(database, changes.facts, order)
        assert sorted(facts["changes"]) == ["applied", "failed"], facts
        ordered = (12, 7)[facts["changes"].index("applied")]
        assert (facts["ordered"], facts["demand"]) == (ordered, ordered)
        assert (facts["rounds"], facts["as approved"]) == (2, True)


def test_last_two_departments_at_once(database, setting, together):
    """Whoever is last, the change is applied once."""
    for _number in range(REPEATS):
        order = run(database, changes.new_order, setting)
        change = run(database, changes.submitted, setting, order, 15)
        outcomes = together(
            ("agree", setting, change, "accountant", "finance"),
            ("agree", setting, change, "planner", "production"),
        )
        assert all(outcome.succeeded for outcome in outcomes), outcomes
        facts = run(database, changes.facts, order)
        assert facts["changes"] == ["applied"]
        assert (facts["ordered"], facts["demand"], facts["rounds"]) == (15, 15, 2)


@pytest.mark.parametrize("quantity", [15, 6])
def test_changed_while_it_is_shipped(database, setting, together, quantity):
    """8 leave at that moment: what is left to ship fits what is ordered."""
    for _number in range(REPEATS):
        order = run(database, changes.new_order, setting)
        change = run(database, changes.submitted, setting, order, quantity)
        run(database, changes.agree, setting, change, "planner", "production")
        outcomes = together(
            ("agree", setting, change, "accountant", "finance"),
            ("ship", order, 8),
        )
        assert outcomes[0].succeeded, outcomes
        facts = run(database, changes.facts, order)
        if facts["changes"] == ["failed"]:
            assert (quantity, facts["ordered"]) == (6, 10), facts
        else:
            assert facts["ordered"] == quantity, facts
        if outcomes[1].succeeded:
            assert facts["delivered"] == 8, facts
        assert facts["demand"] == max(facts["ordered"] - facts["delivered"], 0), facts
        assert facts["as approved"], facts


@pytest.mark.parametrize("quantity", [15, 6])
def test_changed_while_it_is_picked(database, setting, together, quantity):
    """8 are taken from the shelf at that moment: what goes on is what is ordered."""
    for _number in range(REPEATS):
        order = run(database, changes.new_order, setting, 2)
        change = run(database, changes.submitted, setting, order, quantity)
        run(database, changes.agree, setting, change, "planner", "production")
        outcomes = together(
            ("agree", setting, change, "accountant", "finance"),
            ("pick", order, 8),
        )
        assert outcomes[0].succeeded, outcomes
        assert max(outcome.tries for outcome in outcomes) > 1, "they never met"
        facts = run(database, changes.facts, order)
        assert (facts["changes"], facts["ordered"]) == (["applied"], quantity), facts
        assert (facts["delivered"], facts["to come"]) == (0, quantity), facts
        assert facts["as approved"], facts


def test_cancelled_while_it_is_shipped(database, setting, together):
    """Either it is shipped and stays, or it is cancelled and nothing leaves."""
    for _number in range(REPEATS):
        order = run(database, changes.new_order, setting)
        change = run(database, changes.submitted, setting, order)
        run(database, changes.agree, setting, change, "planner", "production")
        outcomes = together(
            ("agree", setting, change, "accountant", "finance"),
            ("ship", order, 8),
        )
        assert outcomes[0].succeeded, outcomes
        facts = run(database, changes.facts, order)
        expected = {
            "failed": ("sale", 8, 2),
            "applied": ("cancel", 0, 0),
        }[facts["changes"][0]]
        assert (facts["state"], facts["delivered"], facts["demand"]) == expected, facts
