"""Customers with a limit, and what several people do to their credit at once."""

from odoo.fields import Command

from tests.concurrency.orders import meet

LIMIT = 5000.0


def set_up(env):
    """Switch credit control on; return what the races need, as plain data."""
    company = env.ref("base.main_company")
    company.write({"credit_mode": "enforce", "credit_default_mode": "prepay"})
    seller = env["res.users"].create(
        {
            "name": "seller",
            "login": "credit seller",
            "email": "seller@example.com",
            "group_ids": [
                Command.link(env.ref("sales_team.group_sale_salesman_all_leads").id),
                Command.link(env.ref("stock.group_stock_user").id),
                Command.link(env.ref("account.group_account_invoice").id),
            ],
        }
    )
    product = env["product.product"].create(
        {
            "name": "Desk",
            "type": "consu",
            "is_storable": True,
            "list_price": 100.0,
            "invoice_policy": "delivery",
            "taxes_id": [Command.clear()],
        }
    )
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)])[:1]
    env["stock.quant"]._update_available_quantity(
        product, warehouse.lot_stock_id, 1000000
    )
    return {"seller": seller.id, "product": product.id}


def new_customers(env, count, limit=LIMIT, group_limit=None, known=True):
    """Make customers; ``known`` ones have an account with a limit.

    :param group_limit: put them all into one group with this limit
    :return: their ids
    """
    partners = env["res.partner"].create(
        [{"name": f"Customer {n}", "is_company": True} for n in range(count)]
    )
    if not known:
        return partners.ids
    company = env.ref("base.main_company")
    accounts = env["customer.credit.account"]._bump(company, partners)
    values = {"mode": "limited"}
    if group_limit is not None:
        group = env["customer.credit.group"].create({"name": "Holding"})
        group._apply_limit(group_limit)  # as an approved request does
        values["group_id"] = group.id
    accounts._credit_apply(values)
    env["customer.credit.entitlement"].create(
        [
            {"account_id": account.id, "kind": "standing", "amount": limit}
            for account in accounts
        ]
    )
    return partners.ids


def new_orders(env, setting, partner_id, count, amount, confirmed=False):
    """Make orders of one customer, each worth ``amount``; return their ids."""
    orders = (
        env["sale.order"]
        .with_user(setting["seller"])
        .create(
            [
                {
                    "partner_id": partner_id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": setting["product"],
                                "product_uom_qty": amount / 100,
                                "price_unit": 100.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for _number in range(count)
            ]
        )
    )
    if confirmed:
        orders.action_confirm()
    return orders.ids


def new_invoice(env, setting, partner_id, amount):
    """Make a draft invoice without an order; return its id."""
    return (
        env["account.move"]
        .with_user(setting["seller"])
        .create(
            {
                "move_type": "out_invoice",
                "partner_id": partner_id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Service",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        .id
    )


def pay(env, partner_id, amount):
    """Book a payment that is applied to nothing."""
    env["account.payment"].create(
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partner_id,
            "amount": amount,
        }
    ).action_post()


def confirm(env, order_id, setting, *meeting):
    """Confirm as the salesperson, when the rivals are there."""
    if meeting:
        meet(env, *meeting)
    env["sale.order"].browse(order_id).with_user(setting["seller"]).action_confirm()


def ship_more(env, order_id, setting, *meeting):
    """Ship ten more than were ordered, worth 1,000."""
    meet(env, *meeting)
    picking = env["sale.order"].browse(order_id).picking_ids
    picking = picking.with_user(setting["seller"])
    for move in picking.move_ids:
        move.quantity = move.product_uom_qty + 10
        move.picked = True
    picking.with_context(skip_backorder=True).button_validate()


def post(env, move_id, setting, *meeting):
    """Post an invoice that belongs to no order."""
    meet(env, *meeting)
    env["account.move"].browse(move_id).with_user(setting["seller"]).action_post()


ACTIONS = {action.__name__: action for action in (confirm, ship_more, post)}


def act(env, name, *arguments):
    """Do one of the above."""
    ACTIONS[name](env, *arguments)


def exposures(env, partner_ids):
    """Return ``{partner id: exposure}``; keys as text, as JSON has them."""
    company = env.ref("base.main_company")
    partners = env["res.partner"].browse(partner_ids)
    found = env["customer.credit.exposure"]._get_exposures(company, partners)
    return {str(key): figures.exposure for key, figures in found.items()}


def attempts(env, order_ids):
    """Return how many refused attempts are kept of these orders."""
    return env["customer.credit.attempt"].search_count(
        [
            ("hold_id.res_model", "=", "sale.order"),
            ("hold_id.res_id", "in", order_ids),
        ]
    )


def states(env, order_ids):
    """Return how many of the orders are confirmed."""
    return env["sale.order"].search_count(
        [("id", "in", order_ids), ("state", "=", "sale")]
    )


def prepare(env, setting, repeats):
    """Make everything the races act on; return it as plain data."""
    customers = new_customers(env, repeats)
    plan = {
        "many": [
            (partner, new_orders(env, setting, partner, 20, 800))
            for partner in customers
        ],
        "shipping": [],
        "invoice": [],
        "first": [],
        "group": [],
    }
    for partner in new_customers(env, repeats):
        (shipped,) = new_orders(env, setting, partner, 1, 4000, confirmed=True)
        (other,) = new_orders(env, setting, partner, 1, 1000)
        plan["shipping"].append((partner, shipped, other))
    for partner in new_customers(env, repeats):
        new_orders(env, setting, partner, 1, 4000, confirmed=True)
        (order,) = new_orders(env, setting, partner, 1, 1000)
        invoice = new_invoice(env, setting, partner, 1000.0)
        plan["invoice"].append((partner, order, invoice))
    for partner in new_customers(env, repeats, known=False):
        env.ref("base.main_company").credit_mode = "off"  # no account is made
        pay(env, partner, 1000)
        env.ref("base.main_company").credit_mode = "enforce"
        plan["first"].append((partner, *new_orders(env, setting, partner, 2, 800)))
    for _number in range(repeats):
        pair = new_customers(env, 2, group_limit=LIMIT)
        orders = [new_orders(env, setting, partner, 1, 3000)[0] for partner in pair]
        plan["group"].append((pair, *orders))
    return plan
