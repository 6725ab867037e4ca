"""What a customer's credit says to an order or a shipment, as plain data."""

from dataclasses import dataclass, field


@dataclass
class Objection:
    """One reason why the credit does not allow it.

    ``amount`` is what would have to be paid to remove it, in company currency; None
    when paying does not help.
    """

    code: str
    values: dict
    amount: float | None = None


@dataclass
class Verdict:
    """All objections; none means it may pass."""

    objections: list = field(default_factory=list)
    figures: object = None

    @property
    def codes(self):
        """The kinds of objections, which a release has to name."""
        return {objection.code for objection in self.objections}

    @property
    def excess(self):
        """The largest amount by which something is exceeded; company currency."""
        return max((o.amount or 0.0 for o in self.objections), default=0.0)

    @property
    def missing(self):
        """What would have to be paid, or None when paying alone does not help."""
        if any(objection.amount is None for objection in self.objections):
            return None
        return self.excess

    def add(self, code, amount=None, **values):
        """Add an objection."""
        self.objections.append(Objection(code, {"amount": amount, **values}, amount))

    def to_json(self):
        """Return the objections as plain data, to be kept and shown later."""
        return [
            {"code": objection.code, "values": objection.values}
            for objection in self.objections
        ]
