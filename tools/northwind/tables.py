"""The tables as plain data, with the figures that a loaded database must agree with."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One product on one order."""

    order_id: str
    product_id: str
    price: Decimal
    quantity: int
    discount: Decimal

    @property
    def gross(self) -> Decimal:
        """The amount before discount."""
        return self.price * self.quantity

    @property
    def net(self) -> Decimal:
        """The amount after discount, rounded to cents."""
        return (self.gross * (1 - self.discount)).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Tables:
    """All tables of one folder; rows as they are, the lines typed."""

    categories: list[dict[str, str]]
    suppliers: list[dict[str, str]]
    products: list[dict[str, str]]
    customers: list[dict[str, str]]
    orders: list[dict[str, str]]
    lines: list[Line]

    @property
    def net(self) -> Decimal:
        """What all orders come to, each line rounded to cents."""
        return sum((line.net for line in self.lines), Decimal())

    @property
    def gross(self) -> Decimal:
        """What all orders would come to without discounts."""
        return sum((line.gross for line in self.lines), Decimal())

    @property
    def pieces(self) -> dict[str, int]:
        """How many pieces of each product were ordered, by product."""
        pieces: Counter[str] = Counter()
        for line in self.lines:
            pieces[line.product_id] += line.quantity
        return pieces

    @property
    def list_prices(self) -> dict[str, Decimal]:
        """The price in force of each product."""
        return {row["product_id"]: Decimal(row["unit_price"]) for row in self.products}

    def days_to(self, last_day: date) -> timedelta:
        """Return how far dates move for the last order to be of ``last_day``."""
        return last_day - max(
            date.fromisoformat(row["order_date"]) for row in self.orders
        )


def read_tables(folder: Path) -> Tables:
    """Read the tables of a folder.

    :raise FileNotFoundError: naming the table that is missing
    """
    names = ("categories", "suppliers", "products", "customers", "orders")
    return Tables(
        **{name: _read(folder, name) for name in names},
        lines=[
            Line(
                order_id=row["order_id"],
                product_id=row["product_id"],
                price=Decimal(row["unit_price"]),
                quantity=int(row["quantity"]),
                discount=Decimal(row["discount"]),
            )
            for row in _read(folder, "order_details")
        ],
    )


def _read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
