"""Customers with years of orders, invoices and payments, to measure credit with.

A few customers are made by Odoo itself, document by document; all the others are
copies of their rows (`multiply`), so that everything computed is right everywhere.
"""

from datetime import timedelta

from odoo.fields import Command, Date
from odoo.tools import SQL

from .multiply import multiply

#: made by Odoo; each stands for COPIES customers at scale 1
CUSTOMERS = 20
COPIES = 1000
#: invoices of each that come from no order; 1 in UNPAID_EVERY is not paid at all
INVOICES = 8
UNPAID_EVERY = 4
TAX = 15
FOREIGN = "EUR"
FOREIGN_RATE = 0.8
#: orders: (invoiced by, share delivered, share of that invoiced, down payment %)
ORDERS = (
    ("order", 0.0, 0.0, 0),
    ("order", 0.0, 0.5, 0),
    ("delivery", 0.5, 0.0, 0),
    ("delivery", 0.5, 1.0, 0),
    ("order", 0.0, 0.0, 30),
    ("delivery", 1.0, 1.0, 0),
    ("order", 1.0, 1.0, 0),
)
ORDERS_EACH = 2
LINES = 3
#: limits: one customer in OVER_EVERY has used up more than his own
LIMIT = 1_000_000
SMALL_LIMIT = 100
OVER_EVERY = 10
NAME = "Credit customer"


def make(env) -> None:
    """Make the few customers and what they have ordered, owe and paid."""
    company = env.ref("base.main_company")
    company.document_approval_mode = company.credit_mode = "off"
    env["sale.order.type"].search([]).check_feasibility = False
    env = env(context={**env.context, "tracking_disable": True})
    shop = _Shop(env, company)
    customers = env["res.partner"].create(
        [
            {
                "name": f"{NAME} {number}",
                "is_company": True,
                "customer_rank": 1,
                "child_ids": [
                    Command.create({"name": f"Billing {number}", "type": "invoice"})
                ]
                if number % 2
                else [],
            }
            for number in range(CUSTOMERS)
        ]
    )
    for number, customer in enumerate(customers):
        shop.give_limit(customer, SMALL_LIMIT if number % OVER_EVERY == 1 else LIMIT)
        for turn in range(ORDERS_EACH):
            kind = ORDERS[(ORDERS_EACH * number + turn) % len(ORDERS)]
            shop.sell(customer, number, *kind)
        shop.invoice(customer, number)
    env.flush_all()
    # who follows a document is nobody's debt, and copies would all follow one
    env.cr.execute(
        "DELETE FROM mail_followers WHERE partner_id IN"
        " (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
        [customers._ids],
    )


class _Shop:
    """Sells, delivers, invoices and is paid."""

    def __init__(self, env, company) -> None:
        self.env = env
        self.company = company
        self.today = Date.today()
        accounts = env["account.account"].with_company(company)
        self.bank = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        self.income = accounts.search([("account_type", "=", "income")], limit=1)
        self.tax = env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("amount", "=", TAX)], limit=1
        )
        self.products = {
            policy: env["product.product"].create(
                [
                    {
                        "name": f"Credit goods {policy} {number}",
                        "type": "consu",
                        "invoice_policy": policy,
                        "list_price": 10 + number,
                        "taxes_id": [Command.set(self.tax.ids)],
                    }
                    for number in range(LINES)
                ]
            )
            for policy in ("order", "delivery")
        }
        self.foreign = self._make_foreign()

    def _make_foreign(self):
        currency = self.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", FOREIGN)])
        currency.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": FOREIGN_RATE,
            }
        )
        pricelist = self.env["product.pricelist"]
        return pricelist.create({"name": FOREIGN, "currency_id": currency.id})

    def give_limit(self, customer, amount: float) -> None:
        """Grant a standing limit, as an approved request does."""
        accounts = self.env["customer.credit.account"]
        account = accounts._bump(self.company, customer)
        account._credit_apply({"mode": "limited"})
        self.env["customer.credit.entitlement"].create(
            {"account_id": account.id, "kind": "standing", "amount": amount}
        )

    def sell(self, customer, number, policy, delivered, invoiced, deposit) -> None:
        """Confirm an order; deliver and invoice these shares of it."""
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                **({"pricelist_id": self.foreign.id} if number % 5 == 4 else {}),
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 10})
                    for product in self.products[policy]
                ],
            }
        )
        order.action_confirm()
        if deposit:
            self._take_deposit(order, deposit)
        if delivered:
            self._deliver(order, delivered)
        if invoiced:
            bill = order._create_invoices()
            for line in bill.invoice_line_ids:
                line.quantity *= invoiced
            bill.invoice_date = self.today - timedelta(days=10 * (number % 8))
            bill.action_post()

    def _take_deposit(self, order, percentage: float) -> None:
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "percentage",
                "amount": percentage,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        wizard.create_invoices()
        order.invoice_ids.invoice_date = self.today
        order.invoice_ids.action_post()

    def _deliver(self, order, share: float) -> None:
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty * share
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def invoice(self, customer, number: int) -> None:
        """Invoice what no order says; most is paid, some in part, some in advance."""
        bills = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": (customer.child_ids or customer)[:1].id,
                    "invoice_date": self.today - timedelta(days=30 * turn),
                    "invoice_date_due": self.today - timedelta(days=30 * turn - 15),
                    "currency_id": self.foreign.currency_id.id
                    if number % 5 == 4 and turn % 4 == 3
                    else self.company.currency_id.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": f"Work {line}",
                                "quantity": 1 + line,
                                "price_unit": 100 + 7 * number + turn,
                                "account_id": self.income.id,
                                "tax_ids": [Command.set(self.tax.ids)],
                            }
                        )
                        for line in range(2)
                    ],
                }
                for turn in range(INVOICES)
            ]
        )
        bills.action_post()
        for turn, bill in enumerate(bills):
            if turn % UNPAID_EVERY:
                self._pay(bill, 0.5 if turn % UNPAID_EVERY == 1 else 1.0)
        if number % 4 == 0:
            self._book(bills[0], 50.0)

    def _pay(self, bill, share: float) -> None:
        due = bill.line_ids.filtered(lambda i: i.account_type == "asset_receivable")
        paid = self._book(bill, round(due.amount_residual * share, 2))
        (due | paid).reconcile()

    def _book(self, bill, amount: float):
        """Book money in the bank; return the item of the receivable account."""
        due = bill.line_ids.filtered(lambda i: i.account_type == "asset_receivable")
        common = {"partner_id": due.partner_id.id, "name": "Payment"}
        receivable = {"account_id": due.account_id.id, "credit": amount, **common}
        if due.currency_id != self.company.currency_id:
            receivable["currency_id"] = due.currency_id.id
            receivable["amount_currency"] = round(
                amount * due.amount_currency / due.balance * -1, 2
            )
        bank = {"account_id": self.bank.default_account_id.id, "debit": amount}
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.bank.id,
                "date": bill.invoice_date,
                "line_ids": [Command.create(receivable), Command.create(bank | common)],
            }
        )
        entry.action_post()
        return entry.line_ids.filtered(lambda i: i.account_id == due.account_id)


def copy(env, copies: int) -> None:
    """Copy the customers, the few that there are, until there are so many of each."""
    customers = env["customer.credit.account"].search([]).partner_id
    env.cr.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if env.cr.fetchone()[0]:
        # a copy refers to copies: nothing to check, row by row
        env.cr.execute("SET LOCAL session_replication_role = replica")
    env.cr.execute("SET LOCAL work_mem = '256MB'")
    if copies > 1:
        multiply(customers, copies - 1)
    env.cr.commit()
    env.cr.execute("ANALYZE")


def count(env) -> dict[str, int]:
    """Return how many there are of what matters."""
    return {
        "journal items": env["account.move.line"].search_count([]),
        "customers": env["customer.credit.account"].search_count([]),
        "orders": env["sale.order"].search_count([("state", "=", "sale")]),
    }


def some_customers(env, number: int) -> list[int]:
    """Return customers from everywhere among all, each kind as often as there are."""
    query = SQL("SELECT partner_id FROM customer_credit_account ORDER BY partner_id")
    ids = [partner_id for (partner_id,) in env.execute_query(query)]
    # no multiple of anything, so that all kinds of customers come
    return [ids[(turn * 7919) % len(ids)] for turn in range(number)]
