"""However many do it at once: each handover once, received by one."""

import pytest

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.concurrency import handovers

pytestmark = pytest.mark.processes


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
