"""Several people commit one customer at once: never beyond the credit (DESIGN 3).

Every race is run as often as REPEATS, on committed data, in processes of their own.
"""

import os

import pytest

from tests.common import prepared
from tests.common.processes import press_again, run, run_together
from tests.concurrency import credit

pytestmark = pytest.mark.processes
REPEATS = int(os.environ.get("ORDER_CONTROL_RACES", "20"))
PROCESSES = 4
#: leaves out most of Odoo's wait before it tries again, a second on average
HURRY = 0.9
REFUSED = "UserError"


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("credit_races") as name:
        yield name


@pytest.fixture(scope="module")
def setting(database):
    return run(database, credit.set_up)


@pytest.fixture(scope="module")
def plan(database, setting):
    return run(database, credit.prepare, setting, REPEATS)


@pytest.fixture(scope="module")
def pairs(database, setting, plan, tmp_path_factory):
    """Run the races of two; return {race: [(first, second)]}."""
    folder = str(tmp_path_factory.mktemp("credit"))
    calls, keys = [], []

    def add(race, number, *rivals):
        for role, (name, record) in enumerate(rivals):
            calls.append((name, record, setting, folder, f"{race}{number}", role))
        keys.append(race)

    for number, (_partner, shipped, other) in enumerate(plan["shipping"]):
        add("shipping", number, ("ship_more", shipped), ("confirm", other))
    for number, (_partner, order, invoice) in enumerate(plan["invoice"]):
        add("invoice", number, ("confirm", order), ("post", invoice))
    for number, (_partner, first, second) in enumerate(plan["first"]):
        add("first", number, ("confirm", first), ("confirm", second))
    for number, (_pair, first, second) in enumerate(plan["group"]):
        add("group", number, ("confirm", first), ("confirm", second))
    outcomes = run_together(database, credit.act, calls, processes=2, hurry=HURRY)
    found = {}
    for race, first, second in zip(keys, outcomes[::2], outcomes[1::2], strict=True):
        found.setdefault(race, []).append((first, second))
    return found


def test_twenty_orders_against_a_limit_for_six(
    database, setting, plan, tmp_path_factory
):
    """20 orders of 800, limit 5,000, 4 processes: exactly 6, each time."""
    folder = str(tmp_path_factory.mktemp("many"))
    calls = []
    for number, (_partner, orders) in enumerate(plan["many"]):
        for place, order in enumerate(orders):
            meeting = (folder, f"many{number}", place, PROCESSES)
            calls.append((order, setting, *(meeting if place < PROCESSES else ())))
    outcomes = run_together(
        database, credit.confirm, calls, processes=PROCESSES, hurry=HURRY
    )
    press_again(database, credit.confirm, [call[:2] for call in calls], outcomes)
    assert {outcome.error for outcome in outcomes} == {"", REFUSED}
    assert any(outcome.tries > 1 for outcome in outcomes), "nobody ever met a rival"
    partners = [partner for partner, _orders in plan["many"]]
    found = run(database, credit.exposures, partners)
    for number, (partner, _orders) in enumerate(plan["many"]):
        own = outcomes[number * 20 : number * 20 + 20]
        assert sum(outcome.succeeded for outcome in own) == 6
        assert found[str(partner)] == 4800.0


def test_refused_attempts_are_kept(database, plan, setting):
    """What was rolled back left its attempt behind, one for each refusal."""
    _partner, orders = plan["many"][0]
    assert run(database, credit.attempts, orders) == 14


def assert_one_each(found):
    """One of the two went through, the other was refused after a second look."""
    assert len(found) == REPEATS
    for first, second in found:
        assert sorted((first.error, second.error)) == ["", REFUSED]
        assert first.tries + second.tries > 2


def test_order_against_goods_issue(database, plan, pairs):
    """Shipping 1,000 more and another order of 1,000 do not both fit."""
    assert_one_each(pairs["shipping"])
    partners = [partner for partner, *_rest in plan["shipping"]]
    found = run(database, credit.exposures, partners)
    assert set(found.values()) == {5000.0}


def test_order_against_standalone_invoice(database, plan, pairs):
    """The invoice is always posted; the order sees it, or came before it."""
    late = 0
    for confirmed, posted in pairs["invoice"]:
        assert not posted.error
        assert confirmed.error in ("", REFUSED)
        assert confirmed.tries + posted.tries > 2
        late += confirmed.error == REFUSED
        if confirmed.succeeded:
            assert posted.tries > 1, "both acted on the same figures"
        else:
            assert confirmed.tries > 1


def test_first_order_of_a_new_customer(database, plan, pairs):
    """1,000 was paid; of two first orders of 800 one is confirmed."""
    assert_one_each(pairs["first"])


def test_two_members_of_one_group(database, plan, pairs):
    """The group has 5,000; of two members' orders of 3,000 one is confirmed."""
    assert_one_each(pairs["group"])
