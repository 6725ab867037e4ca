"""Changing what was approved: before the order is confirmed, and afterwards."""

import functools

from .route import Route, Routes

ROUTES = Routes("approval")
CHEAP = {"price_unit": 1.0}


def price(w, order):
    """The price, on the line"""
    w.try_("seller", "sale.order.line", "write", [w.line(order)], CHEAP)


def price_on_order(w, order):
    """The price, on the order's form"""
    values = {"order_line": [[1, w.line(order), CHEAP]]}
    w.try_("seller", "sale.order", "web_save", [order], values, {})


def price_by_customer(w, order):
    """The price, by way of the customer's record"""
    commands = [[1, order, {"order_line": [[1, w.line(order), CHEAP]]}]]
    values = {"sale_order_ids": commands}
    w.try_("seller", "res.partner", "write", [w.setting["customer"]], values)


def price_imported(w, order):
    """The price, imported (`load`)"""
    row = [str(w.line(order)), "1"]
    names = [".id", "price_unit"]
    answer = w.try_("seller", "sale.order.line", "load", names, [row])
    w.attempt.refusals += [found["message"] for found in (answer or {})["messages"]]


def price_by_context(w, order):
    """The price, with keys in the context"""
    context = {"skip_validation_check": True, "import_file": True, "su": True}
    line = [w.line(order)]
    w.try_("seller", "sale.order.line", "write", line, CHEAP, context=context)


def quantity(w, order):
    """The quantity, on the line"""
    values = {"product_uom_qty": 500.0}
    w.try_("seller", "sale.order.line", "write", [w.line(order)], values)


def quantity_in_catalogue(w, order):
    """The quantity, in the product catalogue"""
    w.visit(
        "/product/catalog/update_order_line_info",
        "seller",
        res_model="sale.order",
        order_id=order,
        product_id=w.setting["goods"],
        quantity=500,
    )


def discount(w, order):
    """A discount of 80 %, on the line"""
    values = {"discount": 80.0}
    w.try_("seller", "sale.order.line", "write", [w.line(order)], values)


def discount_by_dialog(w, order):
    """A discount of 50 %, by the dialog"""
    values = {
        "sale_order_id": order,
        "discount_type": "sol_discount",
        "discount_percentage": 0.5,
    }
    model = "sale.order.discount"
    wizard = w.try_("seller", model, "create", values)
    if wizard:
        w.try_("seller", model, "action_apply_discount", [wizard])


def product(w, order):
    """Another product, on the line"""
    values = {"product_id": w.setting["other goods"], "price_unit": 100.0}
    w.try_("seller", "sale.order.line", "write", [w.line(order)], values)


def added_line(w, order):
    """A line more"""
    values = {"order_id": order, "product_id": w.setting["other goods"]}
    w.try_("seller", "sale.order.line", "create", [values])


def customer(w, order):
    """Another customer"""
    values = {"partner_id": w.setting["other customer"]}
    w.try_("seller", "sale.order", "write", [order], values)


def invoice_address(w, order):
    """Another invoice address"""
    values = {"partner_invoice_id": w.setting["other customer"]}
    w.try_("seller", "sale.order", "write", [order], values)


def payment_term(w, order):
    """A longer payment term"""
    values = {"payment_term_id": w.setting["term"]}
    w.try_("seller", "sale.order", "write", [order], values)


def delivery_date(w, order):
    """Another delivery date"""
    values = {"commitment_date": "2040-01-01 08:00:00"}
    w.try_("seller", "sale.order", "write", [order], values)


def pricelist(w, order):
    """Another pricelist, and prices updated by it"""
    values = {"pricelist_id": w.setting["pricelist"]}
    w.try_("seller", "sale.order", "write", [order], values)
    w.try_("seller", "sale.order", "action_update_prices", [order])


def unlocked_price(w, order):
    """The price, after locking and unlocking"""
    for method in ("action_lock", "action_unlock"):
        w.try_("seller", "sale.order", method, [order])
    price(w, order)


CHANGES = (
    *(price, price_on_order, price_by_customer, price_imported, price_by_context),
    *(quantity, quantity_in_catalogue, discount, discount_by_dialog, product),
    *(added_line, customer, invoice_address, payment_term, delivery_date, pricelist),
)


def _essence(terms: list) -> list:
    order = {name: value for name, value in terms[0].items() if name != "state"}
    return [order, *terms[1:]]


def _before(w, change) -> bool:
    """Change it once it is approved; confirm it."""
    order = w.make("approved")
    approved = _essence(w.terms(order))
    change(w, order)
    return w.confirms(order) and _essence(w.terms(order)) != approved


def _after(w, change) -> bool:
    """Change it once it is confirmed."""
    order = w.make("confirmed")
    confirmed = w.terms(order)
    change(w, order)
    return w.is_confirmed(order) and w.terms(order) != confirmed


def _route(tries, change, words: str) -> Route:
    attempt = functools.partial(tries, change=change)
    attempt.__name__ = f"{change.__name__}{tries.__name__}"
    return Route("approval", f"{change.__doc__}, {words}", attempt)


ROUTES += [_route(_before, change, "after the approval") for change in CHANGES]
ROUTES += [
    _route(_after, change, "once confirmed") for change in (*CHANGES, unlocked_price)
]
