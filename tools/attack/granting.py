"""Getting more than a customer's credit allows. His limit is 1,000.00."""

import threading

from .route import Routes

ROUTES = Routes("credit")
LIMIT = 1_000.0
#: pieces of 100.00 each: more than the limit, and well within it
OVER, WITHIN = 15, 6


def _tries(w, act, login: str = "seller") -> bool:
    """Try it on an order above the limit."""
    order = w.make("draft", login, customer=w.customer(LIMIT), quantity=OVER)
    act(order)
    return w.is_confirmed(order)


@ROUTES.add("The button, by RPC")
def button(w):
    return _tries(w, w.confirm)


@ROUTES.add("Going on past the dialog that asks")
def pass_dialog(w):
    def confirm(order):
        w.confirm(order)
        dialog = w.attempt.dialogs[-1] if w.attempt.dialogs else {}
        w.stack.pass_dialog(w, dialog, "seller")

    return _tries(w, confirm)


@ROUTES.add("`state` written")
def write_state(w):
    values = {"state": "sale"}
    return _tries(w, lambda o: w.try_("seller", "sale.order", "write", [o], values))


@ROUTES.add("Created as confirmed")
def create_confirmed(w):
    line = {"product_id": w.setting["goods"], "product_uom_qty": OVER}
    values = {
        "partner_id": w.customer(LIMIT),
        "state": "sale",
        "order_line": [[0, 0, line]],
    }
    found = w.try_("seller", "sale.order", "create", [values])
    return any(w.is_confirmed(order) for order in found or [])


@ROUTES.add("Imported as confirmed (`load`)")
def import_existing(w):
    def load(order):
        rows = [[str(order), "Sales Order"]]
        answer = w.try_("seller", "sale.order", "load", [".id", "state"], rows)
        found = answer["messages"] if answer else []
        w.attempt.refusals += [message["message"] for message in found]

    return _tries(w, load)


@ROUTES.add("The button, with keys in the context (`bypass_risk` and others)")
def context_keys(w):
    context = {
        "bypass_risk": True,
        "bypass_credit": True,
        "skip_credit": True,
        "install_mode": True,
        "import_file": True,
        "tracking_disable": True,
    }
    return _tries(w, lambda order: w.confirm(order, context=context))


@ROUTES.add("The administrator presses the button")
def administrator(w):
    return _tries(w, lambda order: w.confirm(order, "administrator"))


@ROUTES.add("The administrator's server action, run by the seller")
def server_action(w):
    def run(order):
        context = {
            "active_model": "sale.order",
            "active_id": order,
            "active_ids": [order],
        }
        action = [w.setting["action"]]
        w.try_("seller", "ir.actions.server", "run", action, context=context)

    return _tries(w, run)


@ROUTES.add("Accepted and signed in the portal")
def portal_signature(w):
    done = _tries(w, w.sign)
    if not done and w.read("sale.order", w.watched[0], "signature")["signature"]:
        w.attempt.note = "not confirmed; what the customer did is kept"
    return done


@ROUTES.add("A second order, the two together above the limit")
def second_order(w):
    customer = w.customer(LIMIT)
    w.make("confirmed", customer=customer, quantity=WITHIN)
    order = w.make("draft", customer=customer, quantity=WITHIN)
    return w.confirms(order)


@ROUTES.add("Six orders confirmed at the same moment, each within the limit")
def at_once(w):
    customer = w.customer(LIMIT)
    orders = [
        w.make("draft", customer=customer, quantity=WITHIN) for _number in range(6)
    ]
    w.watched = []  # each is changed while others look
    sessions = [w.server.log_in("seller", "seller") for _order in orders]
    together = threading.Barrier(len(orders))

    def confirm(number, order):
        together.wait()
        w.answer(sessions[number], "sale.order", "action_confirm", [order])

    threads = [
        threading.Thread(target=confirm, args=pair) for pair in enumerate(orders)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    confirmed = [order for order in orders if w.is_confirmed(order)]
    if len(confirmed) > 1:
        w.attempt.note = f"{len(confirmed)} of 6"
    return len(confirmed) > 1


def _grown(w, change) -> bool:
    """Change a confirmed order within the limit; is it above it now?"""
    order = w.make("confirmed", customer=w.customer(LIMIT), quantity=WITHIN)
    change(order)
    total = w.read("sale.order", order, "amount_total")["amount_total"]
    return w.is_confirmed(order) and total > LIMIT


@ROUTES.add("The quantity raised on a confirmed order")
def raise_quantity(w):
    values = {"product_uom_qty": OVER}
    return _grown(
        w, lambda o: w.try_("seller", "sale.order.line", "write", [w.line(o)], values)
    )


@ROUTES.add("The price raised on a confirmed order")
def raise_price(w):
    values = {"price_unit": 1000.0}
    return _grown(
        w, lambda o: w.try_("seller", "sale.order.line", "write", [w.line(o)], values)
    )


@ROUTES.add("A line added to a confirmed order")
def add_line(w):
    values = {"product_id": w.setting["other goods"], "product_uom_qty": OVER}
    return _grown(
        w,
        lambda o: w.try_(
            "seller", "sale.order.line", "create", [{**values, "order_id": o}]
        ),
    )


@ROUTES.add("Confirmed for a customer with credit, then made another one's")
def move_to_another(w):
    rich, poor = w.customer(100 * LIMIT), w.customer(LIMIT)
    order = w.make("confirmed", customer=rich, quantity=OVER)
    for name in ("partner_id", "partner_invoice_id"):
        w.try_("seller", "sale.order", "write", [order], {name: poor})
    owed = w.read("sale.order", order, "partner_invoice_id")["partner_invoice_id"]
    return w.is_confirmed(order) and owed[0] == poor


@ROUTES.add("The customer of a quotation changed, then confirmed")
def change_customer(w):
    rich, poor = w.customer(100 * LIMIT), w.customer(LIMIT)
    order = w.make("draft", customer=rich, quantity=OVER)
    w.try_("seller", "sale.order", "write", [order], {"partner_id": poor})
    return w.confirms(order)


@ROUTES.add("Sold to a new contact of the customer")
def new_contact(w):
    values = {"name": "Contact", "parent_id": w.customer(LIMIT)}
    (contact,) = w.try_("seller", "res.partner", "create", [values]) or [0]
    return w.confirms(w.make("draft", customer=contact, quantity=OVER))


@ROUTES.add("Sold to a customer just entered, who has no limit yet")
def new_customer(w):
    values = {"name": "Brand new", "is_company": True, "street": "1 Way"}
    (customer,) = w.try_("seller", "res.partner", "create", [values]) or [0]
    return w.confirms(w.make("draft", customer=customer, quantity=OVER))


@ROUTES.add("The seller raises the limit himself")
def raise_limit(w):
    customer = w.customer(LIMIT)
    order = w.make("draft", customer=customer, quantity=OVER)
    w.stack.raise_limit(w, customer, "seller")
    return w.confirms(order)


@ROUTES.add("Those who sell switch control off")
def switch_off(w):
    order = w.make("draft", customer=w.customer(LIMIT), quantity=OVER)
    for login in ("seller", "colleague"):
        w.stack.switch_off(w, login)
    confirmed = w.confirms(order)
    w.control(w.area)
    return confirmed


@ROUTES.add("The order's computed amounts written, then confirmed")
def forge_amounts(w):
    def forge(order):
        small = {"amount_total": 0.01, "amount_untaxed": 0.01}
        w.try_("seller", "sale.order", "write", [order], small)
        small = {"price_total": 0.01, "price_subtotal": 0.01}
        w.try_("seller", "sale.order.line", "write", [w.line(order)], small)
        w.confirm(order)

    return _tries(w, forge)


@ROUTES.add("Another payment term, then confirmed")
def payment_term(w):
    def change(order):
        values = {"payment_term_id": w.setting["term"]}
        w.try_("seller", "sale.order", "write", [order], values)
        w.confirm(order)

    return _tries(w, change)


@ROUTES.add("Delivered after the limit was lowered")
def deliver(w):
    picking = _to_deliver(w)
    w.try_("keeper", "stock.picking", "button_validate", [picking])
    return _is_delivered(w, picking)


@ROUTES.add("The same, the goods written as moved")
def deliver_by_writing(w):
    picking = _to_deliver(w)
    moves = w.find("stock.move", [("picking_id", "=", picking)])
    w.try_("keeper", "stock.move", "write", moves, {"picked": True})
    w.try_("keeper", "stock.move", "write", moves, {"state": "done"})
    return _is_delivered(w, picking)


@ROUTES.add("The same, by another transfer to the customer")
def deliver_by_another(w):
    picking = _to_deliver(w)
    fields = ("partner_id", "picking_type_id", "location_id", "location_dest_id")
    found = w.read("stock.picking", picking, *fields)
    values = {name: found[name][0] for name in fields}
    move = {
        "product_id": w.setting["goods"],
        "product_uom_qty": WITHIN,
        "location_id": values["location_id"],
        "location_dest_id": values["location_dest_id"],
    }
    values["move_ids"] = [[0, 0, move]]
    (own,) = w.try_("keeper", "stock.picking", "create", [values]) or [0]
    for method in ("action_confirm", "action_assign", "button_validate"):
        w.try_("keeper", "stock.picking", method, [own])
    return _is_delivered(w, own)


@ROUTES.add("More delivered than was ordered, above the limit")
def deliver_more(w):
    order = w.make("confirmed", customer=w.customer(LIMIT), quantity=WITHIN)
    (picking,) = w.find("stock.picking", [("sale_id", "=", order)])
    moves = w.find("stock.move", [("picking_id", "=", picking)])
    values = {"quantity": 50, "picked": True}
    w.try_("keeper", "stock.move", "write", moves, values)
    w.try_("keeper", "stock.picking", "button_validate", [picking])
    delivered = w.read("sale.order.line", w.line(order), "qty_delivered")
    return delivered["qty_delivered"] > WITHIN


def _to_deliver(w) -> int:
    """Return a delivery that was within the limit when it was ordered."""
    customer = w.customer(LIMIT)
    order = w.make("confirmed", customer=customer, quantity=WITHIN)
    w.set_limit(customer, 1.0)
    (picking,) = w.find("stock.picking", [("sale_id", "=", order)])
    return picking


def _is_delivered(w, picking: int) -> bool:
    return w.read("stock.picking", picking, "state")["state"] == "done"


@ROUTES.add("An invoice above the limit, without any order, posted")
def invoice_alone(w):
    line = {"product_id": w.setting["goods"], "quantity": OVER, "price_unit": 100.0}
    values = {
        "move_type": "out_invoice",
        "partner_id": w.customer(LIMIT),
        "invoice_date": "2026-01-15",
        "invoice_line_ids": [[0, 0, line]],
    }
    (move,) = w.try_("accountant", "account.move", "create", [values]) or [0]
    w.try_("accountant", "account.move", "action_post", [move])
    return w.read("account.move", move, "state")["state"] == "posted"
