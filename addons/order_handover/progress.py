"""What order progress is computed from: plain values, read in few statements."""

from collections import namedtuple
from datetime import timedelta

import pytz

#: A stock move that serves a line of an order, directly or further up the chain.
#: ``kind`` is one of KINDS; ``is_own`` when it is a move of the line itself;
#: ``awaits`` when the customer has to accept what it ships; ``quantity`` is done or
#: reserved, ``demand`` wanted, both in ``uom_id``.
Move = namedtuple(
    "Move",
    (
        "order_id",
        "line_id",
        "id",
        "is_own",
        "kind",
        "awaits",
        "state",
        "date",
        "date_deadline",
        "product_id",
        "quantity",
        "demand",
        "uom_id",
        "picking_id",
        "reference",
    ),
)
#: in: from a supplier; make: made; pick: within the house; ship: leaves the house;
#: accept: from awaiting acceptance to the customer; return: comes back from him
KINDS = ("in", "make", "pick", "ship", "accept", "return")

#: keys of a step that a customer may see; whatever an extension adds stays inside
PUBLIC_STEP_KEYS = (
    "code",
    "name",
    "planned",
    "expected",
    "actual",
    "state",
    "detail",
    "share",
    "lines",
    "tracking",
)
#: the same for a line of a step
PUBLIC_LINE_KEYS = (
    "line_id",
    "name",
    "unit",
    "quantity",
    "ordered",
    "shipped",
    "delivered",
    "returned",
    "planned",
    "expected",
    "state",
)


def local_day(moment, zone):
    """Return the day of a UTC datetime in a time zone, or None."""
    if not moment:
        return None
    return pytz.utc.localize(moment).astimezone(pytz.timezone(zone or "UTC")).date()


def is_later(one, other, zone):
    """Tell whether ``one`` is on a later day than ``other``; unknown is not later."""
    return bool(one and other) and local_day(one, zone) > local_day(other, zone)


def latest(moments):
    """Return the latest of the known moments, or None."""
    return max((moment for moment in moments if moment), default=None)


def offset_of(zone, moment):
    """Return how far the clocks of a zone are ahead of UTC at that moment."""
    return pytz.timezone(zone or "UTC").utcoffset(moment) or timedelta()
