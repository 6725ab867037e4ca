"""Several people take the same scarce goods at once: never more than there are.

On committed data, in processes of their own (DESIGN 3, SPEC G2).
"""

import os

import pytest

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.concurrency import stock

pytestmark = pytest.mark.processes
REPEATS = int(os.environ.get("ORDER_CONTROL_RACES", "10"))
PROCESSES = 4
HURRY = 0.9
REFUSED = "UserError"


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("stock_races") as name:
        yield name


@pytest.fixture(scope="module")
def setting(database):
    return run(database, stock.set_up)


@pytest.fixture(scope="module")
def plan(database, setting):
    return run(database, stock.prepare, setting, REPEATS)


def test_twenty_deliveries_of_one_against_ten(
    database, setting, plan, tmp_path_factory
):
    """20 users reserve 1 each of 10: exactly 10 are reserved, on one quant."""
    folder = str(tmp_path_factory.mktemp("reserve"))
    calls = []
    for number, (_product, moves) in enumerate(plan["reserve"]):
        for place, move in enumerate(moves):
            meeting = (folder, f"reserve{number}", place, PROCESSES)
            calls.append((move, setting, *(meeting if place < PROCESSES else ())))
    outcomes = run_together(
        database, stock.reserve, calls, processes=PROCESSES, hurry=HURRY
    )
    for place, outcome in enumerate(outcomes):  # who waited too long presses again
        if outcome.error == "SerializationFailure":
            again = run_together(database, stock.reserve, [calls[place][:2]])
            outcomes[place] = again[0]
    assert {outcome.error for outcome in outcomes} <= {"", REFUSED}
    assert any(outcome.tries > 1 for outcome in outcomes), "nobody ever met a rival"
    products = [product for product, _moves in plan["reserve"]]
    found = run(database, stock.figures, products)
    for number, product in enumerate(products):
        own = outcomes[number * 20 : number * 20 + 20]
        assert sum(outcome.result or 0 for outcome in own) == 10
        assert found[str(product)] == [1, 10, 10, 10]


@pytest.fixture(scope="module")
def pairs(database, setting, plan, tmp_path_factory):
    """Let two apply one proposal, and two proposals for the same goods."""
    folder = str(tmp_path_factory.mktemp("apply"))
    calls = []
    for number, (_product, first) in enumerate(plan["apply"]):
        for role in range(2):
            calls.append((first, setting, folder, f"apply{number}", role))
    for number, (_product, *runs) in enumerate(plan["rivals"]):
        for role in range(2):
            calls.append((runs[role], setting, folder, f"rivals{number}", role))
    outcomes = run_together(database, stock.apply, calls, processes=2, hurry=HURRY)
    found = list(zip(outcomes[::2], outcomes[1::2], strict=True))
    return {"apply": found[:REPEATS], "rivals": found[REPEATS:]}


@pytest.mark.parametrize(
    ("race", "words"), [("apply", "was applied by"), ("rivals", "Propose again")]
)
def test_two_planners(database, plan, pairs, race, words):
    """One wins; the other is told; 10 of 12 are reserved once."""
    for first, second in pairs[race]:
        assert sorted((first.error, second.error)) == ["", REFUSED]
        assert first.tries + second.tries > 2
        assert words in (first.message or second.message)
    products = [product for product, *_runs in plan[race]]
    found = run(database, stock.figures, products)
    assert set(map(tuple, found.values())) == {(1, 10, 10, 10)}
