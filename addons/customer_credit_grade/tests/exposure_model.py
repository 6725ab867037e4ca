"""What events do to the exposure, kept up as books: nothing is read from documents."""

from dataclasses import dataclass, field


@dataclass
class Line:
    """An order line: quantities as the events made them."""

    price: float  # one unit, taxes included, currency of the order
    by_delivery: bool
    ordered: float
    gone: float = 0.0
    coming: float = 0.0
    back: float = 0.0
    billed: float = 0.0
    is_moving: bool = True  # goods; services do not move

    @property
    def committed(self):
        """What will have been invoiced in the end."""
        if not self.is_moving:
            return max(self.ordered, self.gone)
        if self.by_delivery:
            return self.gone - self.back + self.coming
        surplus = max(self.gone + self.coming - self.ordered, 0.0)
        return self.ordered - max(self.back - surplus, 0.0)

    @property
    def rest(self):
        """What is still to be invoiced."""
        return max(self.committed - self.billed, 0.0)

    @property
    def is_overbilled(self):
        """Whether more is invoiced than will have been."""
        return self.billed > self.committed + 1e-6


@dataclass
class Order:
    """An order of the books: open value in company currency, while confirmed."""

    debtor: int
    rate: float
    lines: dict = field(default_factory=dict)
    deposits: float = 0.0
    is_confirmed: bool = False

    @property
    def value(self):
        """What is open, company currency; not rounded."""
        if not self.is_confirmed:
            return 0.0
        gross = sum(line.rest * line.price for line in self.lines.values())
        return (gross - self.deposits) / self.rate

    @property
    def is_overbilled(self):
        """Whether more of a line is invoiced than will have been."""
        return any(line.is_overbilled for line in self.lines.values())


@dataclass
class Books:
    """Orders and the ledger's receivables per debtor."""

    orders: dict = field(default_factory=dict)
    ledger: dict = field(default_factory=dict)

    def book(self, debtor, amount):
        """Enter an amount into the ledger: positive is owed by the debtor."""
        self.ledger[debtor] = self.ledger.get(debtor, 0.0) + amount

    def get_exposure(self, debtor):
        """Return what a debtor owes and has ordered."""
        return self.ledger.get(debtor, 0.0) + sum(
            order.value for order in self.orders.values() if order.debtor == debtor
        )
