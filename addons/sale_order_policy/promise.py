"""How many pieces of one product one warehouse can still promise, day by day.

Plain arithmetic without a database. Quantities are whole numbers: of the smallest
step a unit of measure is counted in, so that nothing is lost in rounding.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Promise:
    """What one demand gets: ``available`` on its day, the rest by ``arrivals``.

    ``uncovered`` is what nothing planned will ever bring. ``overdue`` pieces of the
    available ones come with receipts that are late already; ``tentative`` pieces of
    the missing ones were taken by demand that may still go away.
    """

    wanted: int
    day: date
    available: int = 0
    arrivals: list = field(default_factory=list)  # [(day, quantity)]
    uncovered: int = 0
    overdue: int = 0
    tentative: int = 0

    @property
    def short(self):
        """Pieces that are not there on the day."""
        return self.wanted - self.available


class Ledger:
    """The comings and goings of one product in one warehouse, from today on.

    What is taken or added before today counts today. A day's balance is the one in
    the evening: what comes on a day can leave on it.
    """

    def __init__(self, today):
        self.today = today
        self.overdue = 0
        self._firm = {today: 0}
        self._tentative = {}

    def add(self, day, quantity, tentative=False):
        """Note what comes (positive) or leaves (negative) on a day.

        :param bool tentative: demand that may still go away
        """
        events = self._tentative if tentative else self._firm
        day = max(day, self.today)
        events[day] = events.get(day, 0) + quantity

    def add_overdue(self, quantity):
        """Note what should have come before today, and may come today."""
        self.overdue += quantity
        self.add(self.today, quantity)

    def take(self, day, wanted, tentative=False):
        """Promise ``wanted`` pieces for a day and keep them from all who come later.

        Pieces that demand of a later day was promised before are not available.

        :return: the :class:`Promise`
        """
        day = max(day, self.today)
        promise = Promise(wanted, day)
        promised = None
        for start, free in self._get_free(self._firm, self._tentative):
            got = min(max(free, 0), wanted)
            if start <= day:
                promise.available = promised = got
                promise.overdue = got - min(max(free - self.overdue, 0), wanted)
            elif got > promised:
                promise.arrivals.append((start, got - promised))
                promised = got
        promise.uncovered = wanted - promised
        if promise.short and self._tentative:
            firm = [free for start, free in self._get_free(self._firm) if start <= day]
            promise.tentative = min(max(firm[-1], 0), wanted) - promise.available
        self.add(day, -wanted, tentative=tentative)
        return promise

    def _get_free(self, *books):
        """Return [(day, pieces free from that day on)], the days ascending.

        Free on a day is the least balance of that day and all later ones.
        """
        days = sorted(set().union(*books))
        balance, balances = 0, []
        for day in days:
            balance += sum(book.get(day, 0) for book in books)
            balances.append(balance)
        least, free = balances[-1], []
        for day, balance in zip(reversed(days), reversed(balances), strict=True):
            least = min(least, balance)
            free.append((day, least))
        return free[::-1]
