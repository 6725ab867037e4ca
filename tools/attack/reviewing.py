"""Getting an approval that reviewers did not give."""

from .confirming import CONTEXT
from .route import Routes

ROUTES = Routes("approval")


def _forged(w, forge, stages=("pending", "draft")) -> bool:
    """Forge it, then confirm by the button."""
    for stage in stages:
        order = w.make(stage)
        forge(w, order)
        if w.confirms(order):
            return True
    return False


@ROUTES.add("The order's own approval state written by the seller")
def forge_state(w):
    return _forged(w, w.stack.forge_state)


@ROUTES.add("What is asked of reviewers written as agreed")
def forge_records(w):
    return _forged(w, w.stack.forge_records)


@ROUTES.add("What is asked of reviewers deleted")
def delete_records(w):
    return _forged(w, w.stack.delete_records)


@ROUTES.add("A record created that says reviewers agreed")
def create_records(w):
    return _forged(w, w.stack.create_records)


@ROUTES.add("Those who sell switch control off, or put its rules away")
def switch_off(w):
    order = w.make("pending")
    for login in ("seller", "colleague"):
        w.stack.switch_off(w, login)
    confirmed = w.confirms(order)
    w.control(w.area)
    return confirmed


@ROUTES.add("An employee enters himself as the reviewer, and decides")
def join_reviewers(w):
    order = w.make("pending")
    w.stack.join_reviewers(w, order, "employee")
    w.stack.decide_all(w, order, "employee")
    return w.confirms(order)


@ROUTES.add("The seller enters himself as the reviewer, and decides")
def join_own(w):
    order = w.make("pending")
    w.stack.join_reviewers(w, order, "seller")
    w.stack.decide_all(w, order, "seller")
    return w.confirms(order)


@ROUTES.add("The seller decides on his own order")
def decide_own(w):
    order = w.make("pending")
    w.stack.decide_all(w, order, "seller")
    return w.confirms(order)


@ROUTES.add("Somebody decides who was not asked")
def not_asked(w):
    order = w.make("pending")
    for login in ("other reviewer", "employee", "administrator"):
        w.stack.decide_all(w, order, login)
    return w.confirms(order)


@ROUTES.add("The last reviewer decides alone, before the first")
def out_of_turn(w):
    order = w.make("pending")
    w.stack.decide_all(w, order, "second reviewer")
    return w.confirms(order)


@ROUTES.add("A reviewer who sells submits his own order, and decides")
def own_order(w):
    order = w.make("pending", "playing reviewer")
    for login in ("playing reviewer", "second reviewer"):
        w.stack.decide(w, order, login)
    return w.confirms(order, "playing reviewer")


@ROUTES.add("The same, submitted for him by a colleague")
def own_order_by_colleague(w):
    order = w.make("draft", "playing reviewer")
    w.stack.submit(w, order, "colleague")
    for login in ("playing reviewer", "second reviewer"):
        w.stack.decide(w, order, login)
    return w.confirms(order, "playing reviewer")


@ROUTES.add("The same, given to a colleague as his salesperson")
def own_order_given_away(w):
    order = w.make("draft", "playing reviewer")
    values = {"user_id": w.setting["users"]["colleague"]}
    w.try_("playing reviewer", "sale.order", "write", [order], values)
    w.stack.submit(w, order, "colleague")
    for login in ("playing reviewer", "second reviewer"):
        w.stack.decide(w, order, login)
    return w.confirms(order, "colleague")


def _halfway(w, change) -> bool:
    """Have it changed after the first of two reviewers, who does not see it again."""
    order = w.make("pending")
    w.stack.decide(w, order, "first reviewer")
    before = w.terms(order)
    change(order)
    w.stack.decide(w, order, "second reviewer")
    return w.confirms(order) and w.terms(order)[1:] != before[1:]


@ROUTES.add("A price changed on the lines between two reviews")
def change_halfway(w):
    def write(order):
        values = {"price_unit": 1.0}
        w.try_("seller", "sale.order.line", "write", [w.line(order)], values)

    return _halfway(w, write)


@ROUTES.add("A price changed on the order between two reviews, with context keys")
def change_halfway_by_context(w):
    def write(order):
        values = {"order_line": [[1, w.line(order), {"price_unit": 1.0}]]}
        w.try_("seller", "sale.order", "write", [order], values, context=CONTEXT)

    return _halfway(w, write)


@ROUTES.add("A reviewer makes the order cheaper, and agrees to it")
def change_and_decide(w):
    order = w.make("pending")
    before = w.terms(order)
    values = {"price_unit": 1.0}
    w.try_("first reviewer", "sale.order.line", "write", [w.line(order)], values)
    w.approve(order)
    return w.confirms(order) and w.terms(order)[1:] != before[1:]
