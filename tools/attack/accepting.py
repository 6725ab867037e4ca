"""Shipping what was not released, and delivering what was not signed for."""

from .route import Routes
from .world import PIXEL

ROUTES = Routes("goods")
PICKING, MOVE, SLIP = "stock.picking", "stock.move", "order.acceptance"


def _ordered(w, kind: str) -> int:
    return w.make("confirmed", policy_type_id=w.setting[kind])


def _open(w, order: int) -> list[int]:
    """Return the order's transfers that are still to be made."""
    domain = [("sale_id", "=", order), ("state", "not in", ("done", "cancel"))]
    return w.find(PICKING, domain)


def _moves(w, pickings: list[int]) -> list[int]:
    return w.find(MOVE, [("picking_id", "in", pickings)])


def _delivered(w, order: int) -> bool:
    found = w.read("sale.order.line", w.line(order), "qty_delivered")
    return found["qty_delivered"] > 0


def _finish(w, pickings: list[int], login: str = "keeper") -> None:
    context = {"skip_backorder": True, "skip_sms": True}
    w.try_(login, PICKING, "button_validate", pickings, context=context)


def _release(w, act) -> bool:
    """Have goods leave that neither the seller nor a second person released."""
    order = _ordered(w, "released")
    act(_open(w, order))
    return _delivered(w, order)


@ROUTES.add("Not released: the transfer is validated")
def validate(w):
    return _release(w, lambda pickings: _finish(w, pickings))


@ROUTES.add("Not released: the goods are written as moved")
def write_moved(w):
    def write(pickings):
        w.try_("keeper", MOVE, "write", _moves(w, pickings), {"picked": True})
        w.try_("keeper", MOVE, "write", _moves(w, pickings), {"state": "done"})

    return _release(w, write)


@ROUTES.add("Not released: a finished movement of the order's line is entered")
def enter_moved(w):
    order = _ordered(w, "released")
    _enter_move(w, order)
    return _delivered(w, order)


def _enter_move(w, order: int) -> None:
    fields = ("product_id", "location_id", "location_dest_id", "company_id")
    found = w.read(MOVE, _moves(w, _open(w, order))[0], *fields)
    values = {name: found[name][0] for name in fields}
    customers = w.find("stock.location", [("usage", "=", "customer")])
    values |= {
        "sale_line_id": w.line(order),
        "location_dest_id": customers[0],
        "product_uom_qty": 10,
        "quantity": 10,
        "picked": True,
        "state": "done",
    }
    w.try_("keeper", MOVE, "create", [values])


@ROUTES.add("Not released: a part of it, by the dialog for the rest")
def part_by_dialog(w):
    def act(pickings):
        values = {"quantity": 4, "picked": True}
        w.try_("keeper", MOVE, "write", _moves(w, pickings), values)
        action = w.try_("keeper", PICKING, "button_validate", pickings)
        if not isinstance(action, dict):
            return
        context = action["context"]
        model = action["res_model"]
        wizard = w.try_("keeper", model, "create", {}, context=context)
        w.try_("keeper", model, "process", [wizard], context=context)

    return _release(w, act)


@ROUTES.add("Not released: a line that was moved is put on the transfer")
def add_moved_line(w):
    def act(pickings):
        move = _moves(w, pickings)[0]
        fields = ("product_id", "location_id", "location_dest_id", "company_id")
        found = w.read(MOVE, move, *fields)
        values = {name: found[name][0] for name in fields}
        values |= {"move_id": move, "picking_id": pickings[0]}
        values |= {"quantity": 3, "picked": True}
        w.try_("keeper", "stock.move.line", "create", [values])
        _finish(w, pickings)

    return _release(w, act)


@ROUTES.add("Not released: written as confirmed and checked")
def forge_release(w):
    def forge(pickings):
        users = w.setting["users"]
        for values in (
            {"handover_confirmed_by_id": users["seller"]},
            {"handover_checked_by_id": users["second keeper"]},
            {"handover_confirmed_fingerprint": "x"},
            {"handover_checked_fingerprint": "x"},
            {"handover_shipping_state": "ready"},
        ):
            w.try_("keeper", PICKING, "write", pickings, values)
        _finish(w, pickings)

    return _release(w, forge)


@ROUTES.add("Not released: the order given a type that asks for less")
def laxer_type(w):
    order = _ordered(w, "released")
    lax = w.find("sale.order.type", [("handover_check_delivery", "=", False)])
    w.try_("seller", "sale.order", "write", [order], {"policy_type_id": lax[0]})
    _finish(w, _open(w, order))
    return _delivered(w, order)


def _check(w, pickings: list[int], login: str) -> None:
    """Have somebody check a delivery, every item of the list."""
    action = w.try_(login, PICKING, "action_handover_check", pickings)
    if not isinstance(action, dict):
        return
    model, number = action["res_model"], action["res_id"]
    lines = w.as_(login).call(model, "read", [number], ["line_ids"])[0]["line_ids"]
    commands = [[1, line, {"is_checked": True}] for line in lines]
    w.try_(login, model, "write", [number], {"line_ids": commands})
    w.try_(login, model, "action_check", [number])


@ROUTES.add("Released by one person alone: prepared, checked and validated")
def one_person(w):
    def act(pickings):
        w.try_("seller", PICKING, "action_handover_confirm", pickings)
        w.try_("keeper", MOVE, "write", _moves(w, pickings), {"picked": True})
        _check(w, pickings, "keeper")
        _finish(w, pickings)

    return _release(w, act)


@ROUTES.add("Released, then more put on the transfer")
def more_than_released(w):
    order = _ordered(w, "released")
    pickings = _open(w, order)
    w.try_("seller", PICKING, "action_handover_confirm", pickings)
    _check(w, pickings, "second keeper")
    values = {"quantity": 50, "picked": True}
    w.try_("keeper", MOVE, "write", _moves(w, pickings), values)
    _finish(w, pickings)
    return _delivered(w, order)


# Waiting for the customer's signature ------------------------------------------------


def _shipped(w) -> int:
    """Return an order whose goods have left, and are to be signed for."""
    order = _ordered(w, "signed")
    (picking, *_onward) = _open(w, order)
    w.as_("keeper").call(PICKING, "button_validate", [picking])
    return order


@ROUTES.add("Not signed: the onward transfer is validated")
def finish_unsigned(w):
    order = _shipped(w)
    _finish(w, _open(w, order))
    return _delivered(w, order)


@ROUTES.add("Not signed: the goods are written as moved")
def write_unsigned(w):
    order = _shipped(w)
    moves = _moves(w, _open(w, order))
    w.try_("keeper", MOVE, "write", moves, {"picked": True})
    w.try_("keeper", MOVE, "write", moves, {"state": "done"})
    return _delivered(w, order)


@ROUTES.add("Not signed: a finished movement of the order's line is entered")
def enter_unsigned(w):
    order = _ordered(w, "signed")
    _enter_move(w, order)
    return _delivered(w, order)


@ROUTES.add("Not signed: sent to the customer directly")
def past_waiting(w):
    order = _ordered(w, "signed")
    customers = w.find("stock.location", [("usage", "=", "customer")])
    pickings = _open(w, order)
    values = {"location_dest_id": customers[0]}
    w.try_("keeper", PICKING, "write", pickings, values)
    w.try_("keeper", MOVE, "write", _moves(w, pickings), values)
    _finish(w, pickings)
    return _delivered(w, order)


@ROUTES.add("Not signed: the slip written as signed")
def forge_slip(w):
    order = _shipped(w)
    slips = w.find(SLIP, [("order_id", "=", order)])
    values = {"state": "accepted"}
    for login in ("keeper", "seller"):
        w.try_(login, SLIP, "write", slips, values)
    _finish(w, _open(w, order))
    return _delivered(w, order)


@ROUTES.add("Signed in the portal by somebody without the link", works_alone=False)
def sign_without_key(w):
    order = _shipped(w)
    slips = w.find(SLIP, [("order_id", "=", order)])
    for slip in slips:
        for login in ("", "keeper", "seller"):
            w.visit(
                f"/my/acceptances/{slip}/sign",
                login,
                name="Me",
                signature=PIXEL,
                answers="{}",
            )
    return _delivered(w, order)


@ROUTES.add("Not signed: the order's delivered quantity written")
def write_delivered(w):
    order = _shipped(w)
    values = {"qty_delivered": 10.0}
    w.try_("seller", "sale.order.line", "write", [w.line(order)], values)
    return _delivered(w, order)


@ROUTES.add("Not signed: invoiced as delivered")
def invoice_unsigned(w):
    order = _shipped(w)
    w.invoice(order, advance_payment_method="delivered")
    return bool(w.read("sale.order", order, "invoice_ids")["invoice_ids"])
