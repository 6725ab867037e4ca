"""What runs inside Odoo of a stack: calls by name, and people and goods for all."""

import importlib

from odoo.fields import Command
from odoo.tests import new_test_user

SALES, STOCK = "sales_team.group_sale", "stock.group_stock"
#: login, and password: Odoo's own groups, the usual ones of somebody with this work
PEOPLE = {
    "seller": f"{SALES}_salesman",
    "playing reviewer": f"{SALES}_salesman",
    "colleague": f"{SALES}_salesman_all_leads",
    "first reviewer": f"{SALES}_salesman_all_leads",
    "second reviewer": f"{SALES}_salesman_all_leads",
    "other reviewer": f"{SALES}_salesman_all_leads",
    "employee": "base.group_user",
    "keeper": f"{STOCK}_user",
    "second keeper": f"{STOCK}_user",
    "accountant": f"account.group_account_invoice,{SALES}_salesman_all_leads",
    "shopper": "base.group_portal",
    "administrator": f"base.group_system,{SALES}_manager,{STOCK}_manager,"
    "account.group_account_manager,purchase.group_purchase_manager",
}
STORED = 10_000


def call(env, name: str, *arguments: object) -> object:
    """Call a function of this package by "module:function", in a transaction."""
    module, _colon, function = name.partition(":")
    target = getattr(importlib.import_module(f"tools.attack.{module}"), function)
    return target(env, *arguments)


def set_up(env) -> dict:
    """Make people, goods and what else a company has; return their ids by name."""
    company = env.ref("base.main_company")
    company.write({"portal_confirmation_sign": True, "portal_confirmation_pay": False})
    users = {
        login: _user(env, company, login, groups) for login, groups in PEOPLE.items()
    }
    goods, other, sample = _goods(env, company)
    # the webshop wants a number, too; where there is one, Odoo asks about messages
    number = {"phone": "+32 81 00 00 00"}
    users["shopper"].partner_id.write(_address(env) | number)
    return {
        "company": company.id,
        "users": {login: user.id for login, user in users.items()},
        "goods": goods.id,
        "other goods": other.id,
        "sample": sample.id,
        "carrier": _carrier(env).id,
        "term": env["account.payment.term"].create({"name": "In a year"}).id,
        "pricelist": _half_price(env).id,
        "customer": customer(env, "Customer"),
        "other customer": customer(env, "Other customer"),
        "action": _server_action(env).id,
        "provider": _provider(env, company).id,
        "method": env["payment.method"].search([], limit=1).id,
    }


def _user(env, company, login: str, groups: str):
    return new_test_user(
        env,
        login=login,
        password=login,
        name=login.capitalize(),
        groups=groups,
        company_id=company.id,
        company_ids=[Command.set(company.ids)],
        context={"no_reset_password": True},
    )


def _goods(env, company):
    goods = env["product.product"].create(
        [
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "list_price": price,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
                "is_published": True,
            }
            for name, price in (("Pump", 100.0), ("Valve", 100.0), ("Sample", 0.0))
        ]
    )
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)])[:1]
    for product in goods:
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, STORED
        )
    return goods


def _carrier(env):
    """How the webshop delivers: for nothing."""
    service = env["product.product"].create({"name": "Delivery", "type": "service"})
    return env["delivery.carrier"].create(
        {
            "name": "Van",
            "delivery_type": "fixed",
            "fixed_price": 0.0,
            "product_id": service.id,
            "is_published": True,
        }
    )


def customer(env, name: str) -> int:
    """Return a company that buys."""
    values = {"name": name, "is_company": True, **_address(env)}
    return env["res.partner"].create(values).id


def _address(env) -> dict:
    """Return where a customer is."""
    return {
        "street": "1 Market Street",
        "city": "Brussels",
        "zip": "1000",
        "country_id": env.ref("base.be").id,
        "email": "customer@example.com",
    }


def _half_price(env):
    item = {"compute_price": "percentage", "percent_price": 50.0}
    return env["product.pricelist"].create(
        {"name": "Half price", "item_ids": [Command.create(item)]}
    )


def _server_action(env):
    """An administrator's own addition to the list of orders."""
    return env["ir.actions.server"].create(
        {
            "name": "Confirm at once",
            "model_id": env["ir.model"]._get_id("sale.order"),
            "state": "code",
            "code": "records.write({'state': 'sale'})",
        }
    )


def _provider(env, company):
    """A payment provider; what it reports is told to Odoo by `paid`."""
    provider = env["payment.provider"].create(
        {
            "name": "Provider",
            "code": "none",
            "state": "test",
            "company_id": company.id,
            "payment_method_ids": [
                Command.set(env["payment.method"].search([], limit=1).ids)
            ],
        }
    )
    env["account.payment.method.line"].create(
        {
            "name": "Provider",
            "journal_id": provider.journal_id.id,
            "payment_method_id": env.ref("account.account_payment_method_manual_in").id,
            "payment_provider_id": provider.id,
        }
    )
    return provider


def find(env, model: str, domain: list) -> list[int]:
    """Return the ids of records, oldest first."""
    return env[model].search([tuple(term) for term in domain], order="id").ids


def paid(env, reference: str) -> None:
    """Tell Odoo that the provider has got the money."""
    _transaction(env, reference)._set_done()


def post_process(env, reference: str) -> None:
    """Do what follows a payment; Odoo does so from a scheduled job, or a page."""
    _transaction(env, reference)._post_process()


def _transaction(env, reference: str):
    return env["payment.transaction"].search([("reference", "=", reference)])
