"""What is measured is what people meet: many open seats are like the first ones."""

import pytest

from tools.bench import inbox
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
