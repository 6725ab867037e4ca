"""A company under control with everybody who works in it; made inside Odoo."""

import shutil
from datetime import timedelta

from odoo.fields import Command, Date, Datetime
from odoo.tests import new_test_user

SELLERS, KEEPERS, ACCOUNTANTS, CUSTOMERS = 8, 3, 3, 8
#: departments that decide on orders, with two people each
REVIEWERS = ("sales", "finance", "operations", "technical", "production", "management")
#: what one customer may owe and have ordered, untaxed goods of 100.00 each
LIMIT = 20_000.0
#: pieces that are there of each scarce product, and what the concession allows
STOCK, CAP = 400, 150
SCARCE = 4
#: deliveries every customer has to sign for at the beginning
DELIVERED = 2
#: customers with a temporary limit besides
TEMPORARY = 3
#: where the company and its people are
ZONE = "Asia/Shanghai"
_ACCOUNTANT = "account.group_account_invoice,sales_team.group_sale_salesman_all_leads"


def set_up(env, port: int = 0) -> dict:
    """Make everything that is needed; return the logins and ids by name.

    :param port: where the mail server listens; 0: there is none, and no letters and
        deliveries either
    """
    company = env.ref("base.main_company")
    company.partner_id.tz = ZONE
    company.write({"sale_policy_tasks": True, "handover_lists": True})
    if port:
        _write_to_customers(env, company, port)
    people = {
        "sellers": _people(env, "seller", SELLERS, "sales_team.group_sale_salesman"),
        "keepers": _people(env, "keeper", KEEPERS, "stock.group_stock_user"),
        "accountants": _people(env, "accountant", ACCOUNTANTS, _ACCOUNTANT),
        "officers": _people(env, "officer", 1, "channel_rebate.group_manager"),
    }
    people["reviewers"] = _fill_departments(env, company, people)
    customers, people["customers"] = _customers(env)
    goods = _goods(env, company)
    setting = {
        "people": people,
        "customers": customers.ids,
        "goods": goods.ids,
        "type": _signed_type(env, company).id,
    }
    _limit_credit(env, company, customers)
    _number_by_month(env)
    company.document_approval_mode = "enforce"
    setting["concession"] = _grant(env, people, customers[0], goods[0])
    setting["programme"] = _start_programme(env, company, people, customers)
    if port:
        _deliver_some(env, setting)
    return setting


def _write_to_customers(env, company, port: int) -> None:
    """Have a mail server, and notices and letters that go through it."""
    company.email = "company@example.com"
    env["ir.mail_server"].create(
        {"name": "The load's own", "smtp_host": "127.0.0.1", "smtp_port": port}
    )
    is_printed = bool(shutil.which("wkhtmltopdf"))
    company.write(
        {"sale_policy_letter": is_printed, "handover_shipping_notice": is_printed}
    )


def _number_by_month(env) -> None:
    """Post an invoice of nothing, from whose number Odoo goes on month by month."""
    today = Date.context_today(env.user.with_context(tz=ZONE))
    partner = env["res.partner"].create({"name": "Somebody else"})
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": today,
            "invoice_line_ids": [
                Command.create({"name": "Nothing", "price_unit": 0.0, "tax_ids": False})
            ],
        }
    )
    invoice.name = f"INV/{today:%Y}/{today:%m}/0001"
    invoice.action_post()


def _people(env, name: str, count: int, groups: str) -> list[str]:
    logins = [f"{name}{number}" for number in range(1, count + 1)]
    for login in logins:
        _user(env, login, groups)
    return logins


def _user(env, login: str, groups: str, **values):
    return new_test_user(
        env,
        login=login,
        password=login,
        groups=groups,
        company_id=env.ref("base.main_company").id,
        company_ids=[Command.set(env.ref("base.main_company").ids)],
        tz=ZONE,
        context={"no_reset_password": True},
        **values,
    )


def _find(env, logins):
    return env["res.users"].search([("login", "in", logins)], order="id")


def _fill_departments(env, company, people: dict) -> list[str]:
    """Give every department two people; the warehouse's are its keepers."""
    company._sale_policy_create_default_flow()
    departments = company._sale_policy_create_default_departments()
    logins = []
    for code in REVIEWERS:
        pair = _people(env, f"{code}.", 2, "base.group_user")
        departments[code].member_ids = [Command.set(_find(env, pair).ids)]
        logins += pair
    for code, department in departments.items():
        if code not in REVIEWERS:
            keepers = _find(env, people["keepers"])
            department.member_ids = [Command.set(keepers.ids)]
    return logins


def _customers(env):
    """Return companies that buy, and the login of somebody at each."""
    customers = env["res.partner"].create(
        [
            {
                "name": f"Customer {number}",
                "is_company": True,
                "street": f"{number} Market Street",
                "email": f"customer{number}@example.com",
            }
            for number in range(1, CUSTOMERS + 1)
        ]
    )
    logins = []
    for number, customer in enumerate(customers, 1):
        contact = env["res.partner"].create(
            {"name": f"Buyer {number}", "parent_id": customer.id}
        )
        logins.append(f"buyer{number}")
        _user(env, logins[-1], "base.group_portal", partner_id=contact.id)
    return customers, logins


def _goods(env, company):
    """Return scarce goods, and one there is plenty of."""
    goods = env["product.product"].create(
        [
            {
                "name": f"Pump {number}",
                "type": "consu",
                "is_storable": True,
                "list_price": 100.0,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
            }
            for number in range(1, SCARCE + 2)
        ]
    )
    goods[:-1].product_tmpl_id.handover_is_scarce = True
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)])[:1]
    for product in goods[:-1]:
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, STOCK
        )
    env["stock.quant"]._update_available_quantity(
        goods[-1], warehouse.lot_stock_id, 1_000_000
    )
    return goods


def _signed_type(env, company):
    """Return a type of orders whose goods the customer signs for."""
    return env["sale.order.type"].create(
        {
            "name": "Signed for",
            "sequence": 999,
            "company_id": company.id,
            "handover_requires_acceptance": True,
        }
    )


def _limit_credit(env, company, customers) -> None:
    company.write({"credit_mode": "enforce", "credit_default_mode": "prepay"})
    accounts = env["customer.credit.account"]._bump(company, customers)
    accounts._credit_apply({"mode": "limited"})
    parts = [
        {"account_id": account.id, "kind": "standing", "amount": LIMIT}
        for account in accounts
    ]
    # some may owe more until the end of the day
    parts += [
        {
            "account_id": account.id,
            "kind": "temporary",
            "amount": LIMIT / 2,
            "date_to": accounts._get_today(company),
        }
        for account in accounts[-TEMPORARY:]
    ]
    env["customer.credit.entitlement"].create(parts)


def approve(document) -> None:
    """Let everybody who is asked agree, level after level."""
    while seats := document.sudo().approval_round_id.seat_ids.filtered(
        lambda seat: seat.state == "open"
    ):
        for seat in seats:
            seat.with_user(seat.candidate_ids[0]).action_approve(
                answers=dict.fromkeys(seat.check_ids.ids, "yes")
            )


def _grant(env, people: dict, customer, product) -> int:
    """Return a concession in force that everybody draws on at once."""
    today = Date.today()
    company = env.ref("base.main_company")
    company._price_create_default_flows()
    concession = (
        env["sale.price.concession"]
        .with_user(_find(env, people["sellers"])[0])
        .create(
            {
                "partner_ids": customer.ids,
                "product_ids": product.ids,
                "price": 80.0,
                "max_quantity": CAP,
                "date_from": today - timedelta(days=5),
                "date_to": today + timedelta(days=30),
                "reason": "Everybody wants it",
            }
        )
    )
    concession.action_submit_for_approval()
    approve(concession)
    return concession.id


def _name_accounts(env, company) -> None:
    """Give rebates the accounts they are booked on."""
    accounts = env["account.account"].create(
        [
            {"name": "Granted", "code": "990001", "account_type": "expense"},
            {
                "name": "Provision",
                "code": "990002",
                "account_type": "liability_current",
            },
        ]
    )
    company.write(
        {
            "rebate_expense_account_id": accounts[0].id,
            "rebate_provision_account_id": accounts[1].id,
        }
    )


def _start_programme(env, company, people: dict, customers) -> int:
    """Return a rebate programme that is counted by months, as paid."""
    company._rebate_create_default_flows()
    _name_accounts(env, company)
    year = Date.today().year
    programme = (
        env["rebate.programme"]
        .with_user(_find(env, people["officers"]))
        .create(
            {
                "name": "Months",
                "period_type": "month",
                "date_from": f"{year}-01-01",
                "date_to": f"{year + 1}-12-31",
                "participant_ids": [
                    Command.create({"partner_id": customer.id})
                    for customer in customers
                ],
                "version_ids": [
                    Command.create(
                        {
                            "payment_rule": "pro_rata",
                            "tier_ids": [Command.create({"rate": 5.0})],
                        }
                    )
                ],
            }
        )
    )
    programme.version_ids.action_submit_for_approval()
    approve(programme.version_ids)
    return programme.id


def _deliver_some(env, setting: dict) -> None:
    """Have customers something to sign for from the beginning."""
    sellers = _find(env, setting["people"]["sellers"])
    orders = env["sale.order"]
    for number, customer in enumerate(setting["customers"] * DELIVERED):
        values = {
            "partner_id": customer,
            "policy_type_id": setting["type"],
            "order_line": [Command.create({"product_id": setting["goods"][-1]})],
        }
        seller = sellers[number % len(sellers)]
        order = orders.with_user(seller).create(values)
        order.action_submit_for_approval()
        approve(order)
        order.action_confirm()
        picking = order.sudo().picking_ids.filtered(lambda p: p.state == "assigned")
        picking.with_context(skip_backorder=True).button_validate()


def wait_for_midnight(env, moment: str) -> None:
    """Have our daily jobs run after that moment, and Odoo's not at all.

    The clock has jumped, and all of them would be due before anybody works.
    """
    modules = env["ir.module.module"].search([("author", "=like", "Order Control%")])
    ours = env["ir.model.data"].search(
        [("model", "=", "ir.cron"), ("module", "in", modules.mapped("name"))]
    )
    own = env["ir.cron"].browse(ours.mapped("res_id"))
    jobs = env["ir.cron"].search([("interval_type", "not in", ("minutes", "hours"))])
    (jobs & own).nextcall = moment
    (jobs - own).nextcall = Datetime.to_datetime(moment) + timedelta(days=1)
