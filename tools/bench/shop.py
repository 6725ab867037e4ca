"""People, goods and orders to measure with, the same in every variant."""

from odoo.fields import Command, Datetime

from .inside import as_user, measured

CUSTOMERS = 20
PRODUCTS = 25
PRICE = 100
#: who reviews, level by level
DEPARTMENTS = (
    *("sales", "finance", "operations", "technical"),
    *("production", "purchasing", "logistics", "management"),
)
#: levels of the flow where their number is not the question
USUAL_LEVELS = 3
#: no order is this large
NEVER = 10**9


def set_up(env, kind: str) -> dict:
    """Make the people and things; return their ids.

    :param kind: "nothing" in plain Odoo, "off" or "enforced" with our add-ons,
        "tiers" with OCA's
    """
    company = env.ref("base.main_company")
    term = env["account.payment.term"].search([], limit=1)
    partners = env["res.partner"].create(
        [
            {
                "name": f"Customer {number}",
                "street": f"{number} Main Street",
                "phone": "555",
                "email": f"customer{number}@example.com",
                "is_company": True,
                "property_payment_term_id": term.id,
            }
            for number in range(CUSTOMERS)
        ]
    )
    products = env["product.product"].create(
        [
            {"name": f"Product {n}", "is_storable": True, "list_price": PRICE + n}
            for n in range(PRODUCTS)
        ]
    )
    setting = {
        "kind": kind,
        "seller": create_user(env, "seller", "sales_team.group_sale_salesman").id,
        "partners": partners.ids,
        "products": products.ids,
        "term": term.id,
    }
    if kind == "tiers":
        setting["reviewer"] = _set_up_tiers(env).id
    elif kind != "nothing":
        setting["reviewers"] = _seat_reviewers(env, company)
        # there is no stock: every order would be found to be late
        env["sale.order.type"].search([]).check_feasibility = False
        make_flows(env, 1, USUAL_LEVELS)
        if kind == "enforced":
            company.document_approval_mode = "enforce"
    return setting


def create_user(env, login: str, group: str = "base.group_user"):
    """Create a user; nobody is invited by mail."""
    users = env["res.users"].with_context(no_reset_password=True)
    return users.create(
        {
            "name": login.capitalize(),
            "login": login,
            "email": f"{login}@example.com",
            "group_ids": [Command.set(env.ref(group).ids)],
        }
    )


def _set_up_tiers(env):
    """One review by one person for every order."""
    reviewer = create_user(env, "reviewer", "sales_team.group_sale_salesman_all_leads")
    env["tier.definition"].create(
        {
            "name": "Review",
            "model_id": env["ir.model"]._get_id("sale.order"),
            "review_type": "individual",
            "reviewer_id": reviewer.id,
            "definition_domain": "[]",
        }
    )
    return reviewer


def _seat_reviewers(env, company) -> list[int]:
    """Give each department one member; return them."""
    company._sale_policy_create_default_flow()
    departments = env["document.approval.department"]
    reviewers = []
    for code in DEPARTMENTS:
        reviewer = create_user(env, f"reviewer_{code}")
        department = departments.search(
            [("code", "=", code), ("company_id", "=", company.id)]
        ) or departments.create({"name": code.capitalize(), "code": code})
        department.member_ids = [Command.set(reviewer.ids)]
        reviewers.append(reviewer.id)
    return reviewers


def make_flows(env, flows: int, levels: int) -> None:
    """Replace the flows for orders: the last one applies, those before it do not."""
    old = env["document.approval.flow"].search([("model", "=", "sale.order")])
    departments = {
        department.code: department
        for department in env["document.approval.department"].search([])
    }
    above = [NEVER] * (flows - 1) + [0]
    env["document.approval.flow"].create(
        [
            {
                "name": f"Flow {number}",
                "sequence": number,
                "model_id": env["ir.model"]._get_id("sale.order"),
                "domain": f"[('amount_untaxed', '>', {amount})]",
                "level_ids": [
                    Command.create(
                        {
                            "name": f"Level {level}",
                            "sequence": level,
                            "seat_ids": [
                                Command.create({"department_id": departments[code].id})
                            ],
                        }
                    )
                    for level, code in enumerate(DEPARTMENTS[:levels])
                ],
            }
            for number, amount in enumerate(above)
        ]
    )
    old.action_archive()


def limit_prices(env) -> None:
    """Limit the discount on all products."""
    env["sale.price.rule"].search([]).action_archive()
    env["sale.price.rule"].create(
        {
            "max_discount": 5,
            "is_price_limited": True,
            "floor_price": PRICE,
        }
    )


def create_orders(env, setting: dict, count: int, lines: int, discount=0) -> list[int]:
    """Enter orders as the seller; return their ids.

    :param discount: percentage on the first line
    """
    due = Datetime.add(Datetime.now(), days=30)
    orders = as_user(env, setting["seller"])["sale.order"].create(
        [
            {
                "partner_id": setting["partners"][number % CUSTOMERS],
                "payment_term_id": setting["term"],
                "commitment_date": due,
                "order_line": [
                    Command.create(
                        {
                            "product_id": setting["products"][
                                (number + line) % PRODUCTS
                            ],
                            "product_uom_qty": 1 + line,
                            "discount": 0 if line else discount,
                        }
                    )
                    for line in range(lines)
                ],
            }
            for number in range(count)
        ]
    )
    return orders.ids


def approve(env, setting: dict, order_ids: list[int]) -> None:
    """Have the orders approved by whoever must, as the variant wants it."""
    orders = as_user(env, setting["seller"])["sale.order"].browse(order_ids)
    if setting["kind"] == "tiers":
        orders.request_validation()
        for order in orders.with_env(as_user(env, setting["reviewer"])):
            order.validate_tier()
    elif setting["kind"] == "enforced":
        orders.action_submit_for_approval()
        while seats := open_seats(orders):
            for user, own in seats.grouped(lambda s: s.candidate_ids[:1]).items():
                own.with_env(as_user(env, user.id)).action_approve()


def open_seats(orders):
    """Return the seats whose turn it is."""
    seats = orders.sudo().approval_round_id.seat_ids  # sellers see some of them only
    return seats.filtered(lambda seat: seat.state == "open")


def confirm(env, setting: dict, order_ids: list[int]) -> dict:
    """Confirm the orders as the seller, measure it, and take it back.

    :return: milliseconds, queries and the "outcome": how many there are now of what
        a confirmation makes, to see that all variants do the same
    """
    orders = as_user(env, setting["seller"])["sale.order"].browse(order_ids)
    with measured(env) as found:
        orders.action_confirm()
        env.cr.flush()
    found["outcome"] = _outcome(env["sale.order"].browse(order_ids))
    env.cr.rollback()
    return found


def _outcome(orders) -> dict:
    if set(orders.mapped("state")) != {"sale"}:
        raise RuntimeError("the orders were not confirmed")
    subtype = orders.env.ref("sale.mt_order_confirmed")
    entries = orders.message_ids.filtered(lambda entry: entry.subtype_id == subtype)
    return {
        "stock moves": len(orders.picking_ids.move_ids),
        "entries in the history": len(entries),
    }


def confirm_for_good(env, setting: dict, order_ids: list[int]) -> dict:
    """Confirm the orders and measure only what the commit sets off.

    :return: milliseconds and queries, and the number of mails, scheduled jobs and
        activities that the confirmation left to be done
    """
    queues = {
        "mails": "mail.mail",
        "jobs": "ir.cron.trigger",
        "activities": "mail.activity",
    }
    before = {name: env[model].search_count([]) for name, model in queues.items()}
    orders = as_user(env, setting["seller"])["sale.order"].browse(order_ids)
    orders.action_confirm()
    cursor = env.cr
    cursor.flush()
    left = {
        name: env[model].search_count([]) - before[name]
        for name, model in queues.items()
    }
    with measured(env) as found:
        cursor.commit()
    del found["memory"]  # of the confirmation, too
    return {**found, **left}


def find(env, setting: dict, order_ids: list[int]) -> dict:
    """Measure computing the findings of all the orders at once, as their seller."""
    orders = as_user(env, setting["seller"])["sale.order"].browse(order_ids)
    orders.sudo().policy_type_id.check_feasibility = True
    env.flush_all()
    with measured(env) as found:
        findings = orders._approval_findings()
    if not all(findings[order_id] for order_id in order_ids):
        raise RuntimeError("nothing was found on some orders")
    return found
