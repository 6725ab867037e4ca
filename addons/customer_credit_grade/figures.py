"""A customer's figures as plain data."""

from dataclasses import dataclass, field


@dataclass
class Figures:
    """What a customer owes and may owe; company currency, taxes included (DESIGN 4).

    ``receivable`` is net of ``unapplied``. ``prepay_need`` is the part of confirmed
    orders that has to be prepaid and is not yet covered by down payment invoices.
    ``shipped`` is what was delivered and not yet invoiced.
    """

    receivable: float = 0.0
    unapplied: float = 0.0
    overdue: float = 0.0
    overdue_days: int = 0
    ordered: float = 0.0
    prepay_need: float = 0.0
    shipped: float = 0.0
    online: float = 0.0
    extra: float = 0.0
    limit: float = 0.0
    headroom: float = 0.0
    use_percent: float = 0.0
    group_headroom: float | None = None
    details: dict = field(default_factory=dict)

    @property
    def exposure(self):
        """What is at risk: owed, ordered, less what was paid already."""
        return round(self.receivable + self.ordered - self.online + self.extra, 6)

    def set_limit(self, limit, mode, group_headroom=None):
        """Say how far the exposure may go.

        :param float limit: effective limit of the customer
        :param str mode: of the account
        :param group_headroom: what the group leaves, or None without a group
        """
        self.limit = limit if mode == "limited" else 0.0
        self.group_headroom = group_headroom
        self.headroom = round(self.limit - self.exposure, 6)
        if group_headroom is not None:
            self.headroom = min(self.headroom, group_headroom)
        if self.limit:
            self.use_percent = max(self.exposure, 0.0) / self.limit * 100
        else:
            self.use_percent = 100.0 if self.exposure > 0 else 0.0
