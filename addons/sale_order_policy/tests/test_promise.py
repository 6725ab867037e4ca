from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.sale_order_policy.promise import Ledger

TODAY = date(2026, 11, 22)
HORIZON = 12

days = st.integers(-3, HORIZON)
pieces = st.integers(0, 20)
events = st.lists(st.tuples(days, st.integers(-20, 20), st.booleans()), max_size=8)
demands = st.lists(st.tuples(days, pieces), min_size=1, max_size=5)


def _day(number):
    return TODAY + timedelta(days=number)


class Warehouse:
    """The same question answered by trying it: piece by piece, day by day."""

    def __init__(self, moves):
        self.moves = [(max(day, 0), quantity) for day, quantity in moves]

    def _holds(self, day, pieces):
        """Tell whether nothing is missing when so many leave on a day."""
        stock = 0
        for today in range(HORIZON + 1):
            stock += sum(quantity for when, quantity in self.moves if when == today)
            stock -= pieces if today == day else 0
            if today >= day and stock < 0:
                return False
        return True

    def free(self, day, wanted):
        """Return how many of the wanted pieces can leave on a day."""
        got = 0
        while got < wanted and self._holds(max(day, 0), got + 1):
            got += 1
        return got


@tagged("post_install", "-at_install")
class TestPromise(BaseCase):
    def _ledger(self, moves):
        ledger = Ledger(TODAY)
        for day, quantity, tentative in moves:
            ledger.add(_day(day), quantity, tentative=tentative and quantity < 0)
        return ledger

    @settings(max_examples=300, deadline=None)
    @given(events, demands)
    def test_a_promise_is_what_trying_every_day_gives(self, moves, wanted):
        ledger = self._ledger(moves)
        warehouse = Warehouse([(day, quantity) for day, quantity, _ in moves])
        for day, quantity in wanted:
            promise = ledger.take(_day(day), quantity)
            expected = warehouse.free(day, quantity)
            self.assertEqual(promise.available, expected)
            arrivals = []
            for later in range(max(day, 0) + 1, HORIZON + 1):
                got = warehouse.free(later, quantity)
                if got > expected:
                    arrivals.append((_day(later), got - expected))
                    expected = got
            self.assertEqual(promise.arrivals, arrivals)
            self.assertEqual(promise.uncovered, quantity - expected)
            warehouse.moves.append((max(day, 0), -quantity))

    @settings(max_examples=200, deadline=None)
    @given(events, demands)
    def test_nobody_before_loses_a_piece(self, moves, wanted):
        ledger = self._ledger(moves)
        for day, quantity in wanted:
            before = Warehouse(
                [(day, quantity) for day, quantity, _ in moves]
            )  # as it was when this one was promised
            promise = ledger.take(_day(day), quantity)
            moves = [*moves, (day, -promise.available, False)]
            after = Warehouse([(day, quantity) for day, quantity, _ in moves])
            for later in range(max(day, 0), HORIZON + 1):
                if before._holds(later, 0):
                    self.assertTrue(after._holds(later, 0))
            moves[-1] = (day, -quantity, False)

    @settings(max_examples=200, deadline=None)
    @given(events, demands)
    def test_tentative_is_what_would_be_there_without(self, moves, wanted):
        day, quantity = wanted[0]
        promise = self._ledger(moves).take(_day(day), quantity)
        firm = self._ledger(
            [move for move in moves if not (move[2] and move[1] < 0)]
        ).take(_day(day), quantity)
        self.assertEqual(promise.tentative, firm.available - promise.available)

    @settings(max_examples=200, deadline=None)
    @given(events, demands, pieces)
    def test_overdue_is_what_would_not_be_there_without(self, moves, wanted, late):
        day, quantity = wanted[0]
        without = self._ledger(moves).take(_day(day), quantity)
        ledger = self._ledger(moves)
        ledger.add_overdue(late)
        promise = ledger.take(_day(day), quantity)
        self.assertEqual(promise.overdue, promise.available - without.available)
