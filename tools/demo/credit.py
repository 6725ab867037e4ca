"""Customers' credit in the demonstration: grades, limits, one who is late, a hold."""

from datetime import date, timedelta

from odoo.fields import Command

#: customer: (grade, mode, standing limit)
STANDINGS = {
    "waterworks": ("a", "limited", 120000),
    "chemicals": ("a", "limited", 180000),
    "heating": ("b", "limited", 15000),
    "food": ("c", "limited", 30000),
    "engineering": ("b", "limited", 60000),
    "shipyard": ("b", "limited", 200000),
    "export": ("d", "prepay", 0),
    "dealer": ("c", "limited", 22000),
}
#: login: (the most he may let exceed, days)
RELEASERS = {"finance": (20000, 7), "management": (200000, 30)}
#: older debts: (customer, days since due, amount, paid of it)
OLD_INVOICES = (
    ("food", 43, 8600.0, 0.0),
    ("food", 12, 3200.0, 1000.0),
    ("heating", 5, 5400.0, 0.0),
    ("dealer", 75, 2750.0, 750.0),
    ("shipyard", -10, 18800.0, 0.0),
    ("waterworks", -20, 9900.0, 4000.0),
    ("chemicals", 95, 1260.0, 0.0),
)
HELD = "Approved, to confirm"


def set_up(stage) -> None:
    """Grant limits, book older debts, switch credit control on, hold an order."""
    env, shop = stage.env, stage.shop
    company = env.company
    grant(env, shop)
    env["customer.credit.releaser"].create(
        [
            {"user_id": stage.users[login].id, "amount": amount, "days": days}
            for login, (amount, days) in RELEASERS.items()
        ]
    )
    for key, days, amount, paid in OLD_INVOICES:
        owe(env, shop.customers[key], days, amount, paid)
    company.write(
        {
            "credit_mode": "enforce",
            "credit_portal": True,
            "credit_collection": True,
            "credit_shortfall_days": 14,
            "credit_officer_id": stage.users["finance"].id,
        }
    )
    propose(stage, shop.customers["heating"])
    follow_up(env, company)
    order = env["sale.order"].search([("tag_ids.name", "=", HELD)], limit=1)
    order._credit_hold_parked()


def propose(stage, customer) -> None:
    """Sales asks for a temporary limit; finance has not decided yet."""
    env = stage.env
    account = env["customer.credit.account"]._get_accounts(env.company, customer)
    request = (
        env["customer.credit.request"]
        .with_user(stage.users["sales"])
        .create(
            {
                "account_id": account.id,
                "kind": "temporary",
                "amount": 20000,
                "date_to": date.today() + timedelta(days=45),
                "reason": "供暖季前的备货 Stocking up before the heating season",
            }
        )
    )
    request.action_submit_for_approval()


def follow_up(env, company) -> None:
    """Do what the nightly jobs do: alerts, collections, assessments, shipments."""
    env["customer.credit.watch"]._watch(company)
    env["customer.credit.collection"]._collect(company)
    env["customer.credit.assessment"]._cron_prepare_reassessments()
    env["customer.credit.shortfall"]._cron_find()


def grant(env, shop) -> None:
    """Give every customer a grade and a limit."""
    accounts = env["customer.credit.account"]
    for key, (grade, mode, limit) in STANDINGS.items():
        customer = shop.customers[key]
        customer.user_id = env["res.users"].search([("login", "=", "sales")])
        account = accounts._bump(env.company, customer)
        grade = env.ref(f"customer_credit_grade.customer_credit_grade_{grade}")
        account._credit_apply({"grade_id": grade.id, "mode": mode})
        if limit:
            env["customer.credit.entitlement"].create(
                {"account_id": account.id, "kind": "standing", "amount": limit}
            )


def owe(env, customer, days_late: int, amount: float, paid: float) -> None:
    """Book an invoice that was due some days ago, and what was paid of it."""
    due = date.today() - timedelta(days=days_late)
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": due - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": "Spare parts 备件",
                        "price_unit": amount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
    )
    invoice.action_post()
    if paid:
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": paid})._create_payments()
