"""What happened to a confirmed order, and what a change of it asks for."""

from dataclasses import dataclass

from hypothesis import strategies as st

#: what is asked of the lines, by the name of their product
LINES = ("desk", "chair", "gift", "assembly")
ADDED = ("lamp", "stool")
_HALVES = st.integers(0, 30).map(lambda number: number / 2)
_PRICES = st.integers(0, 40000).map(lambda number: number / 100)
_DISCOUNTS = st.sampled_from((0.0, 5.0, 12.5, 33.33, 100.0))
_ASKED = st.fixed_dictionaries(
    {},
    optional={
        "quantity": _HALVES,
        "price_unit": _PRICES,
        "discount": _DISCOUNTS,
        "customer_lead": st.sampled_from((0.0, 3.0, 10.0)),
    },
)
_NEW = st.fixed_dictionaries(
    {
        "product": st.sampled_from(ADDED),
        "unit": st.sampled_from(("unit", "dozen")),
        "quantity": _HALVES.map(lambda number: number + 0.5),
    },
    optional={"price_unit": _PRICES, "discount": _DISCOUNTS},
)


@dataclass(frozen=True)
class Asked:
    """One change: values by the name of a product, new lines, values of the order."""

    lines: dict
    added: tuple
    header: dict


@dataclass(frozen=True)
class History:
    """What happened to an order, and changes that are taken back one by one.

    ``moved`` says what was moved step by step, at most as much as in the step before:
    pieces of desk and chair. The last step ships.
    """

    steps: int
    dated: bool
    moved: tuple
    is_invoiced: bool
    changes: tuple
    to_the_end: bool


def _first_less(numbers):
    """Return the numbers with none above the one before it."""
    most, result = 1000, []
    for number in numbers:
        most = min(most, number)
        result.append(most)
    return tuple(result)


@st.composite
def _moved(draw, steps):
    """Return [(desks, chairs)] per step."""
    if draw(st.booleans()):
        return ()
    count = draw(st.integers(1, steps))
    desks = draw(st.lists(st.integers(0, 10), min_size=count, max_size=count))
    chairs = draw(
        st.lists(st.sampled_from((0, 6, 12, 24)), min_size=count, max_size=count)
    )
    return tuple(zip(_first_less(desks), _first_less(chairs), strict=True))


_HEADER = st.fixed_dictionaries(
    {},
    optional={
        "commitment_date": st.sampled_from(
            ("2027-03-01 08:00:00", "2027-05-20 08:00:00", False)
        ),
        "partner_shipping_id": st.just("site"),
        "payment_term_id": st.just("term"),
    },
)


@st.composite
def _changes(draw):
    """Return one :class:`Asked`; few lines at a time, as each costs a procurement."""
    names = draw(st.lists(st.sampled_from(LINES), unique=True, max_size=2))
    return Asked(
        lines={name: draw(_ASKED) for name in names},
        added=tuple(draw(st.lists(_NEW, max_size=1))),
        header=draw(_HEADER),
    )


_CHANGES = _changes().filter(
    lambda asked: any(asked.lines.values()) or asked.added or asked.header
)


@st.composite
def histories(draw):
    """Return a :class:`History`."""
    steps = draw(st.sampled_from((1, 2, 3)))
    return History(
        steps=steps,
        dated=draw(st.booleans()),
        moved=draw(_moved(steps)),
        is_invoiced=draw(st.booleans()),
        changes=tuple(draw(st.lists(_CHANGES, min_size=4, max_size=4))),
        to_the_end=draw(st.integers(0, 3)) == 0,
    )
