"""The table of `scripts/attack`, without a database."""

from tools.attack import table
from tools.attack.__main__ import ROUTES
from tools.attack.outcome import LONGEST, Outcome, first_sentence
from tools.attack.route import Route

ROUTE = Route("approval", "Some way", lambda world: True)


def test_every_route_has_its_name():
    """Names and words tell the routes of an area apart."""
    assert len({(route.area, route.name) for route in ROUTES}) == len(ROUTES)
    assert len({(route.area, route.words) for route in ROUTES}) == len(ROUTES)


def test_tables():
    """Each area counts what is open where it is controlled at all."""
    rows = [
        [Outcome("refused", "No"), Outcome("through", "6 of 6"), Outcome("missing")]
    ]
    text = table.describe([ROUTE], ["us", "them", "nobody"], rows)
    assert "Open ways: us: 0 of 1; them: 1 of 1." in text
    told = "| Some way | refused: No | **went through**: 6 of 6 | not available |"
    assert told in text.splitlines()


def test_first_sentence():
    """A message is cut to what says it, without what differs from run to run."""
    said = "S00012 has not been approved yet. Submit it."
    assert first_sentence(said) == "S… has not been approved yet"
    assert first_sentence("It exceeds:\n - 1 | 2\nMore") == "It exceeds: - 1 / 2"
    assert len(first_sentence("long " * 100)) <= LONGEST + 2
