"""However many processes do it: one letter, one mail, each task once."""

import pytest

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.concurrency import letters

pytestmark = pytest.mark.processes

SENT = {
    "state": "sale",
    "letters": ["sent"],
    "messages": 1,
    "mails to the customer": 1,
    "tasks": ["open"],
}


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("letters") as name:
        yield name


@pytest.fixture(scope="module")
def setting(database):
    return run(database, letters.set_up)


def test_several_jobs_at_once_mail_each_letter_once(database, setting):
    orders = run(database, letters.confirm, setting, 12)
    outcomes = run_together(database, letters.run_job, [(), (), (), ()], retry=False)
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    # what two of them wanted to write at the same moment is left to the next run
    run(database, letters.run_job)
    assert run(database, letters.facts, orders) == [SENT] * 12


def test_a_job_that_dies_leaves_nothing_and_is_repeated(database, setting):
    orders = run(database, letters.confirm, setting, 1)
    run(database, letters.die_before_the_end)
    (found,) = run(database, letters.facts, orders)
    assert (found["letters"], found["messages"]) == (["queued"], 0)
    run(database, letters.run_job)
    assert run(database, letters.facts, orders) == [SENT]


def test_an_order_cancelled_meanwhile(database, setting):
    orders = run(database, letters.confirm, setting, 6)
    calls = [(order,) for order in orders]
    outcomes = run_together(database, cancel_or_work, [(0,), *calls])
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    run(database, letters.run_job)
    for found in run(database, letters.facts, orders):
        assert found["state"] == "cancel"
        assert found["letters"] == ["superseded"]
        assert found["messages"] == found["mails to the customer"] <= 1, found
        assert "open" not in found["tasks"]


def cancel_or_work(env, order_id):
    """Run the job, or cancel the order when one is named."""
    return letters.cancel(env, order_id) if order_id else letters.run_job(env)
