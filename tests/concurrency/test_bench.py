"""What is measured is what people meet: the many copies are like the first ones."""

import pytest

from tests.common import prepared
from tools import databases
from tools.bench import credit_data, credit_databases, inbox, papers
from tools.bench.measure_confirm import ENFORCED
from tools.bench.variants import KINDS, opened

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def ours():
    with opened([ENFORCED]) as (variant,):
        variant.setting = variant.call("shop:set_up", KINDS[ENFORCED])
        yield variant


def test_only_approved_orders_are_confirmed(ours):
    orders = ours.call("shop:create_orders", ours.setting, 1, 3)
    with pytest.raises(RuntimeError, match="UserError"):
        ours.call("shop:confirm", ours.setting, orders)
    ours.call("shop:approve", ours.setting, orders)
    found = ours.call("shop:confirm", ours.setting, orders)
    assert found["outcome"] == {"stock moves": 3, "entries in the history": 1}
    assert found["ms"] > 0 and found["queries"] > 0


def test_copied_seats_can_be_decided_and_looked_at(ours):
    setting = ours.call("inbox:fill", ours.setting, 3 * inbox.ORDERS)
    assert setting["seats"] == 3 * inbox.ORDERS
    for view, group in ours.call("inbox:ways_to_look", setting):
        assert ours.call("inbox:look", setting, view, group)["queries"] > 0


@pytest.fixture(scope="module")
def indebted():
    with credit_databases.opened(3 / credit_data.COPIES) as variant:
        yield variant


def test_copied_customers_owe_what_the_first_ones_owe(indebted):
    size = indebted.call("credit_data:count")
    assert size["customers"] == 3 * credit_data.CUSTOMERS
    assert size["orders"] == 3 * credit_data.CUSTOMERS * credit_data.ORDERS_EACH
    ours, floor = (indebted.call("credit:one", way) for way in ("ours", "floor"))
    assert ours["answers"] == floor["answers"] and all(ours["answers"])
    assert ours["queries"] > 0


def test_all_over_their_limit_are_found(indebted):
    ours, floor = (indebted.call("credit:over", way) for way in ("ours", "floor"))
    assert ours["answers"] == floor["answers"]
    assert ours["answers"] == 3 * credit_data.CUSTOMERS / credit_data.OVER_EVERY


def test_orders_within_the_limit_are_confirmed(indebted):
    setting = indebted.call("credit:prepare_orders", 1, 3)
    for mode in ("off", "enforce"):
        found = indebted.call("credit:confirm_with", setting, mode, 1)
        assert found["outcome"]["stock moves"] == 3


def test_what_documents_lose_is_seen():
    with prepared.with_apps("papers") as database:
        columns = papers.columns(database)
        before = papers.sums(database, columns)
        assert not papers.changed(database, columns, before)
        with databases.connection(database) as cursor:
            cursor.execute("UPDATE res_partner SET ref = 'x' WHERE id = 1")
        assert papers.changed(database, columns, before) == [("res_partner", "ref")]
