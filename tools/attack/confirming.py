"""Confirming an order that nobody approved."""

from .route import Routes

ROUTES = Routes("approval")
#: what a caller may claim in his context
CONTEXT = {
    "skip_validation_check": True,
    "skip_check_state_condition": True,
    "skip_approval": True,
    "bypass_approval": True,
    "bypass_risk": True,
    "install_mode": True,
    "import_file": True,
    "tracking_disable": True,
    "active_test": False,
    "_force_unlink": True,
    "default_state": "sale",
    "su": True,
}


def _tries(w, act, stages=("draft", "pending")) -> bool:
    """Try it on an order nobody was asked about, then on one under review."""
    for stage in stages:
        order = w.make(stage)
        act(order)
        if w.is_confirmed(order):
            w.attempt.note = "nobody asked" if stage == "draft" else "under review"
            return True
    return False


def _any_confirmed(w, orders) -> bool:
    return any(w.is_confirmed(order) for order in orders or [])


@ROUTES.add("The button, by RPC")
def button(w):
    return _tries(w, w.confirm)


@ROUTES.add("`state` written")
def write_state(w):
    values = {"state": "sale"}
    return _tries(w, lambda o: w.try_("seller", "sale.order", "write", [o], values))


@ROUTES.add("`state` saved from a form")
def save_state(w):
    def save(order):
        w.try_("seller", "sale.order", "web_save", [order], {"state": "sale"}, {})

    return _tries(w, save)


@ROUTES.add("`state` and cheaper lines in one write")
def state_and_lines(w):
    def write(order):
        command = [1, w.line(order), {"price_unit": 1.0}]
        values = {"state": "sale", "order_line": [command]}
        w.try_("seller", "sale.order", "write", [order], values)

    return _tries(w, write)


@ROUTES.add("`state` written by way of the customer's record")
def state_by_customer(w):
    def write(order):
        commands = [[1, order, {"state": "sale"}]]
        values = {"sale_order_ids": commands}
        w.try_("seller", "res.partner", "write", [w.setting["customer"]], values)

    return _tries(w, write)


@ROUTES.add("The administrator writes `state`")
def administrator(w):
    values = {"state": "sale"}
    return _tries(
        w, lambda o: w.try_("administrator", "sale.order", "write", [o], values)
    )


@ROUTES.add("In a batch with an order that may be confirmed")
def batch(w):
    approved = w.make("approved")
    order = w.make("pending")
    w.try_("seller", "sale.order", "action_confirm", [approved, order])
    return w.is_confirmed(order)


@ROUTES.add("A private method, by RPC", works_alone=False)
def private_method(w):
    def call(order):
        for name in ("_action_confirm", "_validate_order", "_write"):
            arguments = [{"state": "sale"}] if name == "_write" else []
            w.try_("seller", "sale.order", name, [order], *arguments)

    return _tries(w, call)


def _new(w, **values):
    line = [0, 0, {"product_id": w.setting["goods"]}]
    return {"partner_id": w.setting["customer"], "order_line": [line], **values}


@ROUTES.add("Created as confirmed")
def create_confirmed(w):
    values = _new(w, state="sale")
    return _any_confirmed(w, w.try_("seller", "sale.order", "create", [values]))


@ROUTES.add("Created with `default_state` in the context")
def create_by_default(w):
    context = {"default_state": "sale"}
    values = [_new(w)]
    return _any_confirmed(
        w, w.try_("seller", "sale.order", "create", values, context=context)
    )


@ROUTES.add("Created after the seller set himself a default for `state`")
def create_by_own_default(w):
    w.try_("seller", "ir.default", "set", "sale.order", "state", "sale", True)
    found = w.try_("seller", "sale.order", "create", [_new(w)])
    own = [("user_id", "=", w.as_("seller").uid)]
    w.as_("administrator").call("ir.default", "unlink", w.find("ir.default", own))
    return _any_confirmed(w, found)


@ROUTES.add("Copied as confirmed")
def copy_confirmed(w):
    order = w.make("approved")
    values = {"state": "sale"}
    return _any_confirmed(w, w.try_("seller", "sale.order", "copy", [order], values))


@ROUTES.add("A copy of an approved order, confirmed")
def copy_and_confirm(w):
    order = w.make("approved")
    copies = w.try_("seller", "sale.order", "copy", [order]) or []
    return any(w.confirms(copy) for copy in copies)


@ROUTES.add("Imported as confirmed (`load`)")
def import_new(w):
    names = ["partner_id/.id", "state", "order_line/product_id/.id"]
    row = [str(w.setting["customer"]), "Sales Order", str(w.setting["goods"])]
    return _any_confirmed(w, _load(w, names, row))


@ROUTES.add("`state` of an existing order imported (`load`)")
def import_existing(w):
    names = [".id", "state"]
    return _tries(w, lambda order: _load(w, names, [str(order), "Sales Order"]))


def _load(w, names: list, row: list) -> list[int]:
    answer = w.try_("seller", "sale.order", "load", names, [row])
    if not answer:
        return []
    w.attempt.refusals += [message["message"] for message in answer["messages"]]
    return answer["ids"] or []


@ROUTES.add("`state` imported from a file")
def import_file(w):
    options = {
        "has_headers": True,
        "quoting": '"',
        "separator": ",",
        "encoding": "utf-8",
    }

    def upload(order):
        model = "base_import.import"
        values = {
            "res_model": "sale.order",
            "file_name": "a.csv",
            "file": f".id,state\n{order},Sales Order\n",
        }
        wizard = w.try_("seller", model, "create", values)
        names = [".id", "state"]
        arguments = ([wizard], names, names, options)
        answer = w.try_("seller", model, "execute_import", *arguments)
        if answer:
            w.attempt.refusals += [found["message"] for found in answer["messages"]]

    return _tries(w, upload)


@ROUTES.add("The button, with keys in the context that other code might heed")
def context_keys(w):
    def confirm(order):
        w.confirm(order, context=CONTEXT)
        values = {"state": "sale"}
        w.try_("seller", "sale.order", "write", [order], values, context=CONTEXT)

    return _tries(w, confirm)


@ROUTES.add("A server action the administrator added, run by the seller")
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
    if _tries(w, w.sign):
        return True
    return note_kept(w, w.read("sale.order", w.watched[0], "signature")["signature"])


def note_kept(w, kept) -> bool:
    """Note whether what the customer did is kept with the order, unconfirmed."""
    if kept:
        w.attempt.note = "not confirmed; what the customer did is kept"
    else:
        w.attempt.note = "not confirmed; what the customer did is lost"
    return False


@ROUTES.add("Paid in the portal")
def portal_payment(w):
    def pay(order):
        values = {"require_payment": True, "require_signature": False}
        w.as_("administrator").call("sale.order", "write", [order], values)
        w.pay(order, f"/my/orders/{order}/transaction")

    if _tries(w, pay, ("draft",)):
        return True
    return note_kept(w, w.payments(w.watched))


@ROUTES.add("Cancelled after its approval, set back to draft, confirmed")
def reuse_approval(w):
    order = w.make("approved")
    for method in ("action_cancel", "action_draft"):
        w.try_("seller", "sale.order", method, [order])
    return w.confirms(order)


@ROUTES.add("Confirmed, cancelled, set back to draft, confirmed again")
def reuse_confirmed(w):
    order = w.make("confirmed")
    # who sells does not get as far where purchasing is installed
    context = {"disable_cancel_warning": True}
    w.try_("administrator", "sale.order", "action_cancel", [order], context=context)
    w.try_("seller", "sale.order", "action_draft", [order])
    terms = w.terms(order)
    if terms[0]["state"] == "sale":
        return False  # it was not cancelled at all
    return w.confirms(order)


@ROUTES.add("Confirmed, `state` written back, made cheaper, `state` written again")
def back_and_forth(w):
    order = w.make("confirmed")
    before = w.terms(order)
    w.try_("seller", "sale.order", "write", [order], {"state": "draft"})
    values = {"price_unit": 1.0}
    w.try_("seller", "sale.order.line", "write", [w.line(order)], values)
    w.try_("seller", "sale.order", "write", [order], {"state": "sale"})
    return w.is_confirmed(order) and w.terms(order) != before


@ROUTES.add("`state` from an incoming mail")
def incoming_mail(w):
    values = {"state": "sale"}
    return _tries(
        w, lambda o: w.try_("seller", "sale.order", "message_update", [o], {}, values)
    )


def _invoiced(w, **values) -> bool:
    order = w.make("pending")
    for login in ("seller", "accountant"):
        w.invoice(order, login, **values)
    return bool(w.read("sale.order", order, "invoice_ids")["invoice_ids"])


@ROUTES.add("Invoiced by the wizard, as what was delivered", works_alone=False)
def invoice(w):
    return _invoiced(w, advance_payment_method="delivered")


@ROUTES.add("Invoiced by the wizard, as a down payment")
def down_payment(w):
    return _invoiced(w, advance_payment_method="fixed", fixed_amount=500)


@ROUTES.add("Delivered by a transfer that names the order's line")
def deliver(w):
    order = w.make("pending")
    (kind, *_more) = w.find("stock.picking.type", [("code", "=", "outgoing")])
    place = "default_location_src_id"
    source = w.read("stock.picking.type", kind, place)[place][0]
    places = {
        "location_id": source,
        "location_dest_id": w.find("stock.location", [("usage", "=", "customer")])[0],
    }
    move = {
        "product_id": w.setting["goods"],
        "product_uom_qty": 10,
        "sale_line_id": w.line(order),
        **places,
    }
    values = {
        "picking_type_id": kind,
        "partner_id": w.setting["customer"],
        "move_ids": [[0, 0, move]],
        **places,
    }
    for picking in w.try_("keeper", "stock.picking", "create", [values]) or []:
        for method in ("action_confirm", "action_assign", "button_validate"):
            w.try_("keeper", "stock.picking", method, [picking])
    delivered = w.read("sale.order.line", w.line(order), "qty_delivered")
    return delivered["qty_delivered"] > 0
