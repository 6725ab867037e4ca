"""Ways around control, each tried on a document of its own."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """One way: what is tried, and whether the records say that it worked."""

    area: str
    words: str
    #: tries it in a world; returns whether what must not be is the case now
    attempt: Callable
    #: whether it works where nothing is controlled; Odoo itself stops the others
    works_alone: bool = True

    @property
    def name(self) -> str:
        """Return what to call it by on the command line."""
        return self.attempt.__name__


class Routes(list):
    """Routes of one area, collected by decorating the functions that try them."""

    def __init__(self, area: str) -> None:
        super().__init__()
        self.area = area

    def add(self, words: str, *, works_alone: bool = True) -> Callable:
        """Return a decorator for the function that tries it."""

        def register(attempt: Callable) -> Callable:
            self.append(Route(self.area, words, attempt, works_alone))
            return attempt

        return register
