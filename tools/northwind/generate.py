"""Write a small set of tables in the layout of Northwind's, the same every time.

python -m tools.northwind.generate FOLDER [--orders 60] [--seed 1]
"""

import argparse
import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

Row = dict[str, object]
LAST_DAY = date(2024, 6, 28)
TOWNS = (
    ("Shanghai", "China"),
    ("Shenzhen", "China"),
    ("Taipei", "Taiwan"),
    ("Berlin", "Germany"),
    ("London", "UK"),
    ("Seattle", "USA"),
)
CATEGORIES = ("Tools", "Fittings", "Packaging")
DISCOUNTS = ("0", "0", "0", "0.03", "0.05", "0.1", "0.15", "0.2", "0.25")


def generate(folder: Path, orders: int = 60, seed: int = 1) -> Path:
    """Write the tables into ``folder``, which is made if need be, and return it."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    products = list(_products(chance))
    headers = list(_orders(chance, orders))
    tables = {
        "categories": [
            {"category_id": number, "category_name": name, "description": ""}
            for number, name in enumerate(CATEGORIES, 1)
        ],
        "suppliers": [
            _company(chance, "supplier_id", number, f"Supplier {number:02}")
            for number in range(1, 5)
        ],
        "products": products,
        "customers": [
            _company(chance, "customer_id", f"C{number:02}", f"Customer {number:02}")
            for number in range(1, 13)
        ],
        "orders": headers,
        "order_details": [
            line for header in headers for line in _lines(chance, header, products)
        ],
    }
    for name, rows in tables.items():
        _write(folder / f"{name}.csv", rows)
    return folder


def _company(chance: random.Random, key: str, value: object, name: str) -> Row:
    town, country = chance.choice(TOWNS)
    return {
        key: value,
        "company_name": name,
        "contact_name": f"Contact of {name}",
        "contact_title": "Buyer",
        "address": f"{chance.randint(1, 200)} Market Street",
        "city": town,
        "region": "",
        "postal_code": f"{chance.randint(10000, 99999)}",
        "country": country,
        "phone": f"000-{chance.randint(1000000, 9999999)}",
    }


def _products(chance: random.Random) -> Iterator[Row]:
    for number in range(1, 16):
        yield {
            "product_id": number,
            "product_name": f"Product {number:02}",
            "supplier_id": chance.randint(1, 4),
            "category_id": chance.randint(1, len(CATEGORIES)),
            "quantity_per_unit": f"{chance.choice((6, 12, 24))} pieces",
            "unit_price": chance.randint(200, 30000) / 100,
            "units_in_stock": chance.randint(0, 120),
        }


def _orders(chance: random.Random, count: int) -> Iterator[Row]:
    days = sorted(chance.randint(0, 120) for _number in range(count))
    for number, day in enumerate(days):
        ordered = LAST_DAY - timedelta(days=days[-1] - day)
        yield {
            "order_id": 1001 + number,
            "customer_id": f"C{chance.randint(1, 12):02}",
            "order_date": ordered.isoformat(),
            "required_date": (ordered + timedelta(days=28)).isoformat(),
        }


def _lines(chance: random.Random, header: Row, products: list[Row]) -> Iterator[Row]:
    discount = chance.choice(DISCOUNTS)
    for product in chance.sample(products, chance.randint(1, 5)):
        yield {
            "order_id": header["order_id"],
            "product_id": product["product_id"],
            "unit_price": product["unit_price"],
            "quantity": chance.randint(1, 60),
            "discount": discount,
        }


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write the tables the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--orders", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(generate(options.folder, options.orders, options.seed))


if __name__ == "__main__":
    main()
