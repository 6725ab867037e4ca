"""Makes draft orders of the tables, in any database that has ``sale_stock``."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from odoo.fields import Command, Date

from tools.northwind.folder import VARIABLE, find_folder
from tools.northwind.forms import import_form, write_form
from tools.northwind.tables import Line, Tables, read_tables

# What the tables call a country where Odoo has another name for it.
COUNTRY_CODES = {"UK": "GB", "USA": "US"}
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}


@dataclass(frozen=True)
class Loaded:
    """The records made of the tables, by the tables' own keys."""

    tables: Tables
    customers: dict[str, Any]
    products: dict[str, Any]
    orders: dict[str, Any]

    @property
    def all_orders(self) -> Any:
        """All orders as one recordset, in the order of the table."""
        orders = list(self.orders.values())
        return orders[0].union(*orders)


def load(
    env,
    folder: Path | None = None,
    company=None,
    salesperson=None,
    as_spreadsheet: bool = False,
) -> Loaded:
    """Create customers, products, stock and draft orders from the tables.

    Prices, discounts and quantities are those of the tables, in the company's
    currency and without taxes. Dates move so that the last order is of today. There
    is as much in stock as all orders together need, beside what the table has left.

    :param env: an environment with the rights of an administrator
    :param folder: by default what :func:`find_folder` finds
    :param company: by default the environment's
    :param salesperson: who the orders belong to; by default nobody
    :param as_spreadsheet: import the orders from a registration form; then the
        salesperson is who imports it
    """
    folder = folder or find_folder()
    if not folder:
        raise FileNotFoundError(f"no tables of Northwind here; {VARIABLE} names them")
    tables = read_tables(folder)
    company = company or env.company
    env = env(
        context={
            **env.context,
            **QUIET,
            "allowed_company_ids": company.ids,
            "lang": None,
        }
    )
    places = _Places(env)
    customers = _create_companies(env, tables.customers, "customer_id", places)
    suppliers = _create_companies(env, tables.suppliers, "supplier_id", places)
    _create_contacts(env, tables.customers, customers)
    products = _create_products(env, tables, suppliers)
    _receive(env, company, tables, products)
    make = _import_orders if as_spreadsheet else _create_orders
    orders = make(env, tables, customers, products, salesperson)
    return Loaded(tables, customers, products, orders)


class _Places:
    """Finds countries and states by what the tables call them."""

    def __init__(self, env) -> None:
        countries = env["res.country"].search([])
        self.countries = {country.name: country for country in countries}
        self.countries |= {country.code: country for country in countries}
        self.states = {
            (state.country_id, key): state
            for state in env["res.country.state"].search([])
            for key in (state.code, state.name)
        }

    def values(self, row: dict[str, str]) -> dict[str, Any]:
        """Return the address of a row as a partner has it."""
        name = COUNTRY_CODES.get(row["country"], row["country"])
        country = self.countries.get(name)
        state = self.states.get((country, row["region"])) if country else None
        return {
            "street": row["address"],
            "city": row["city"],
            "zip": row["postal_code"],
            "country_id": country.id if country else False,
            "state_id": state.id if state else False,
        }


def _create_companies(env, rows, key: str, places: _Places) -> dict[str, Any]:
    partners = env["res.partner"].create(
        [
            {
                **places.values(row),
                "name": row["company_name"],
                "ref": row[key],
                "phone": row["phone"],
                "is_company": True,
            }
            for row in rows
        ]
    )
    return dict(zip([row[key] for row in rows], partners, strict=True))


def _create_contacts(env, rows, customers: dict[str, Any]) -> None:
    env["res.partner"].create(
        [
            {
                "name": row["contact_name"],
                "function": row["contact_title"],
                "parent_id": customers[row["customer_id"]].id,
            }
            for row in rows
        ]
    )


def _create_products(env, tables: Tables, suppliers: dict[str, Any]) -> dict[str, Any]:
    categories = env["product.category"].create(
        [{"name": row["category_name"]} for row in tables.categories]
    )
    category = dict(
        zip([r["category_id"] for r in tables.categories], categories, strict=True)
    )
    products = env["product.product"].create(
        [
            {
                "name": row["product_name"],
                "default_code": row["product_id"],
                "categ_id": category[row["category_id"]].id,
                "type": "consu",
                "is_storable": True,
                "list_price": float(row["unit_price"]),
                "description_sale": row["quantity_per_unit"],
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                "seller_ids": [
                    Command.create({"partner_id": suppliers[row["supplier_id"]].id})
                ],
            }
            for row in tables.products
        ]
    )
    return dict(
        zip([row["product_id"] for row in tables.products], products, strict=True)
    )


def _receive(env, company, tables: Tables, products: dict[str, Any]) -> None:
    """Put on stock what all orders need and what the table says is left."""
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", company.id)], limit=1
    )
    ordered = tables.pieces
    quants = env["stock.quant"].with_context(inventory_mode=True)
    quants.create(
        [
            {
                "product_id": products[row["product_id"]].id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": ordered[row["product_id"]]
                + int(row["units_in_stock"]),
            }
            for row in tables.products
        ]
    )._apply_inventory()


def _create_orders(env, tables: Tables, customers, products, salesperson):
    lines_of = defaultdict(list)
    for line in tables.lines:
        lines_of[line.order_id].append(line)
    shift = tables.days_to(Date.context_today(env.user))
    orders = env["sale.order"].create(
        [
            {
                "partner_id": customers[row["customer_id"]].id,
                "company_id": env.company.id,
                "user_id": salesperson.id if salesperson else False,
                "client_order_ref": row["order_id"],
                "date_order": _noon(row["order_date"], shift),
                "commitment_date": _noon(row["required_date"], shift),
                "order_line": [
                    Command.create(_line_values(line, products))
                    for line in lines_of[row["order_id"]]
                ],
            }
            for row in tables.orders
        ]
    )
    return dict(zip([row["order_id"] for row in tables.orders], orders, strict=True))


def _import_orders(env, tables: Tables, _customers, _products, salesperson):
    """Write the orders as a registration form and import it.

    :raise ValueError: naming the first row that is not good
    """
    shift = tables.days_to(Date.context_today(env.user))
    env = env(user=salesperson.id) if salesperson else env
    job = import_form(env, write_form(tables, shift))
    rows = job.row_ids
    if bad := rows.filtered(lambda row: row.state != "done")[:1]:
        raise ValueError(f"row {bad.row_number}: {bad.reasons}")
    orders = rows.order_id.with_env(env)
    return {order.policy_external_number: order for order in orders}


def _line_values(line: Line, products: dict[str, Any]) -> dict[str, Any]:
    product = products[line.product_id]
    return {
        "product_id": product.id,
        # Left to Odoo, the names take a time that grows with the lines' square.
        "name": product.get_product_multiline_description_sale(),
        "product_uom_qty": line.quantity,
        "price_unit": float(line.price),
        "discount": float(line.discount * 100),
    }


def _noon(day: str, shift: timedelta) -> datetime | bool:
    """Return the day after the shift, as Odoo keeps a moment; False without a day."""
    return datetime.combine(date.fromisoformat(day) + shift, time(12)) if day else False
