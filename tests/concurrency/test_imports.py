"""Whoever imports the same spreadsheet at the same time: every order is made once."""

import pytest

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.concurrency import imports

pytestmark = pytest.mark.processes
ROWS = imports.ORDERS * imports.LINES


@pytest.fixture
def database():
    with prepared.with_addons("imports") as name:
        yield name


def check(found):
    """Every order exists once, and no row is lost."""
    assert found["orders"] == found["numbers"] == imports.ORDERS
    assert found["lines"] == ROWS
    assert sum(found["done"]) == ROWS


def test_two_people_import_the_same_file_at_once(database):
    setting = run(database, imports.set_up)
    calls = [(job,) for job in setting["jobs"]]
    outcomes = run_together(database, imports.press, calls, user=setting["seller"])
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    found = run(database, imports.facts, setting["jobs"])
    check(found)
    assert sorted(found["exists"]) == [0, ROWS]
    assert found["states"] == ["done", "done"]


def test_scheduled_jobs_share_files_with_the_same_orders(database):
    setting = run(database, imports.set_up)
    run(database, imports.queue, setting["jobs"])
    calls = [(pause,) for pause in (0, 0, 0.3)]
    outcomes = run_together(database, imports.work, calls, retry=False)
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    run(database, imports.work, 0)  # what was left to the next time
    found = run(database, imports.facts, setting["jobs"])
    check(found)
    assert sum(found["exists"]) == ROWS
    assert found["states"] == ["done", "done"]
