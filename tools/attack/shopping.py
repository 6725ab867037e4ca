"""Having an order confirmed by the webshop that nobody approved."""

from .confirming import note_kept
from .route import Routes

ROUTES = Routes("approval")
CHECKOUT = "/shop/payment/validate"


@ROUTES.add("Ordered in the webshop, where nothing is to pay")
def shop_free(w):
    order = w.fill_cart("sample")
    w.open(CHECKOUT, "shopper")
    if w.is_confirmed(order):
        return True
    # a cart is kept once its customer has left it: another visit begins a new one
    return note_kept(w, w.fill_cart("sample") != order)


@ROUTES.add("Ordered and paid in the webshop")
def shop_paid(w):
    order = w.fill_cart("goods")
    w.pay(order, f"/shop/payment/transaction/{order}", "shopper")
    w.open(CHECKOUT, "shopper")
    if w.is_confirmed(order):
        return True
    return note_kept(w, w.payments([order]))
