"""The ways around control that `scripts/attack` tries, in our add-ons, over HTTP.

Each is stopped where control is on, and works where it is off: a way that works nowhere
would prove nothing.
"""

import pytest

from tools.attack.__main__ import ROUTES
from tools.attack.ours import Ours
from tools.attack.outcome import try_route

#: a few of each area
NAMES = {
    "approval": ("write_state", "price_before", "shop_free", "shop_paid", "deliver"),
    "credit": ("at_once", "raise_quantity", "deliver"),
    "goods": ("validate", "finish_unsigned", "write_delivered"),
}
CHOSEN = [
    route
    for area, names in NAMES.items()
    for route in ROUTES
    if route.area == area and route.name in names
]


@pytest.fixture(scope="module")
def world():
    """Yield a company with all its people, served over HTTP."""
    with Ours().opened() as world:
        yield world


def test_chosen_routes_are_there():
    """No name is one of a route that has gone."""
    assert len(CHOSEN) == sum(map(len, NAMES.values()))


@pytest.mark.parametrize("area", NAMES)
def test_controlled(world, area):
    """No way is open; who is stopped is told so, and nothing has changed."""
    world.control(area)
    for route in CHOSEN:
        if route.area == area:
            outcome = try_route(world, route)
            assert outcome.kind in ("refused", "kept"), (route.name, str(outcome))
            assert not outcome.faults, route.name


@pytest.mark.parametrize("area", NAMES)
def test_not_controlled(world, area):
    """Every one of them is open where nothing is controlled."""
    world.control("")
    for route in CHOSEN:
        if route.area == area:
            outcome = try_route(world, route)
            assert outcome.kind == "through", (route.name, str(outcome))
