"""Several people take the same scarce goods at once: never more than there are.

On committed data, in processes of their own (DESIGN 3, SPEC G2).
"""

import os

import pytest

from tests.common import prepared
from tests.common.processes import press_again, run, run_together
from tests.concurrency import stock

pytestmark = pytest.mark.processes
REPEATS = int(os.environ.get("ORDER_CONTROL_RACES", "10"))
FEW = max(2, REPEATS // 3)
PROCESSES = 4
HURRY = 0.9
REFUSED = "UserError"
SPARE = "5 wanted, 2 Units free"


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
    press_again(database, stock.reserve, [call[:2] for call in calls], outcomes)
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


@pytest.fixture(scope="module")
def regions(database, setting):
    return run(database, stock.set_up_regions, setting)


@pytest.fixture
def surplus(database, regions):
    """Make what is spare, with two transfers of it: [(product, first, second)]."""
    yield run(database, stock.new_transfers, regions, FEW)
    run(database, stock.control, "off")


def race(database, function, setting, pairs, folder):
    """Let two call `function` on each pair of documents at once; return pairs."""
    calls = [
        (setting, document, str(folder), f"{function.__name__}{number}", role)
        for number, pair in enumerate(pairs)
        for role, document in enumerate(pair)
    ]
    outcomes = run_together(database, function, calls, processes=2, hurry=HURRY)
    return list(zip(outcomes[::2], outcomes[1::2], strict=True))


def winners(found, words):
    """Return who got through in each pair, having seen that the other was told."""
    result = []
    for pair in found:
        errors = [outcome.error for outcome in pair]
        assert sorted(errors) == ["", REFUSED], pair
        assert sum(outcome.tries for outcome in pair) > 2, "they never met"
        (told,) = [outcome for outcome in pair if outcome.error]
        assert words in told.message
        result.append(errors.index(""))
    return result


@pytest.mark.parametrize("way", ["release", "approve"])
def test_two_transfers_of_one_surplus(database, regions, surplus, tmp_path, way):
    """5 and 5 of 7 to spare: one leaves; the donor's own customers get theirs."""
    pairs = [pair for _product, *pair in surplus]
    if way == "approve":
        run(database, stock.control, "enforce", [one for pair in pairs for one in pair])
    found = race(database, getattr(stock, way), regions, pairs, tmp_path)
    for pair, winner in zip(pairs, winners(found, SPARE), strict=True):
        ordered = [pair[winner], pair[1 - winner]]
        facts = run(database, stock.transfer_facts, ordered)
        assert facts == [["approved", 2], ["draft", 0]]
    products = [product for product, *_pair in surplus]
    left = run(database, stock.ship_and_serve, regions, products)
    assert left == [[stock.WANTED, stock.STOCK - stock.WANTED, stock.OWN]] * FEW


def test_one_transfer_released_twice(database, regions, surplus, tmp_path):
    """The second is run again and finds nothing to do: one way, not two."""
    pairs = [(first, first) for _product, first, _second in surplus]
    for pair in race(database, stock.release, regions, pairs, tmp_path):
        assert [outcome.error for outcome in pair] == ["", ""]
        assert sum(outcome.tries for outcome in pair) > 2, "they never met"
    transfers = [first for first, _same in pairs]
    assert run(database, stock.transfer_facts, transfers) == [["approved", 2]] * FEW


@pytest.mark.parametrize(
    ("count", "words"), [(1, "was confirmed already by"), (2, "Count again")]
)
def test_a_need_is_ordered_once(database, regions, tmp_path, count, words):
    """Two confirm one sheet, or two sheets of one need: one set of orders."""
    sheets = run(database, stock.new_sheets, regions, FEW, count)
    pairs = [(found[0], found[-1]) for _products, found in sheets]
    found = race(database, stock.confirm, regions, pairs, tmp_path)
    for number, winner in enumerate(winners(found, words)):
        products, _same = sheets[number]
        once = [[stock.WANTED], [stock.WANTED]]
        assert run(database, stock.supply, products) == once
        facts = run(database, stock.sheet_facts, pairs[number])
        assert facts[winner] == ["done", regions["coordinators"][winner]]
        if count == 2:
            assert facts[1 - winner] == ["draft", False]
