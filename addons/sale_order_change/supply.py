"""Where goods of an order go and come from: plain data."""

from dataclasses import dataclass
from typing import Any

#: usages of places where goods have left the company: accepted or not
OUTSIDE = ("customer", "transit")
#: it does not become less by itself: somebody has to see to it
STAYS = "stays"
#: it becomes less with the order
FOLLOWS = "follows"


@dataclass(frozen=True)
class Supply:
    """A document that goods of an order line come from, or will come from.

    ``record`` is the document, with activities; ``code`` and ``values`` name it on the
    sheets, worded by ``_get_fact_text`` of the change request. ``fate`` is what becomes
    of it when less is needed; empty when it is not concerned. What stays goes to
    ``department`` by the finding ``<code>_stays``. ``work`` says in words what has been
    done for it; empty before it began.
    """

    record: Any
    department: str
    code: str
    values: dict
    fate: str = ""
    work: str = ""
