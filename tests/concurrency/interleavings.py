"""Two transactions of which the second one acts on what was before the first.

In one process, with two cursors: the second takes its snapshot, the first does its
work and commits, then the second acts. Nothing is left to chance.
"""

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import UserError
from odoo.fields import Command

from tests.concurrency import orders

FAILED_TO_SERIALIZE = "failed to serialize"


def set_up(env):
    """Return the setting of :func:`orders.set_up` with a deputy and a colleague."""
    setting = orders.set_up(env)
    users = setting["users"]
    users["deputy"] = orders._user(env, "deputy").id
    group = "sales_team.group_sale_salesman_all_leads"
    users["colleague"] = orders._user(env, "colleague", group).id
    department = env["document.approval.department"].search(
        [("code", "=", "sales"), ("company_id", "=", env.company.id)]
    )
    department.member_ids = [Command.link(users["deputy"])]
    return setting


# What people do ------------------------------------------------------------------


def _decide(code, login, method, *words):
    def decide(order, setting):
        seat = order.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.department_id.code == code
        )
        getattr(seat.with_user(setting["users"][login]), method)(*words)

    return decide


def _by(login, action):
    def act(order, setting):
        action(order.with_user(setting["users"][login]), setting)

    return act


def _swap_product(order, setting):
    order.order_line.write({"product_id": setting["products"][1]})


def _change_date(order, _setting):
    order.commitment_date = "2031-01-01 08:00:00"


def _add_line(order, setting):
    values = {"order_id": order.id, "product_id": setting["products"][1]}
    order.env["sale.order.line"].create(values)


def _delete_line(order, _setting):
    order.order_line.unlink()


def _sign(order, _setting):
    order_sudo = order.sudo()
    if not order_sudo._has_to_be_signed():
        raise UserError("The order does not require a signature.")
    order_sudo.write({"signed_by": "Customer", "signature": orders.ONE_PIXEL})
    order_sudo._validate_order()


ACTIONS = {
    "submit": _by("seller", lambda order, _s: order.action_submit_for_approval()),
    "submit too": _by(
        "colleague", lambda order, _s: order.action_submit_for_approval()
    ),
    "withdraw": _by("seller", lambda order, _s: order.action_withdraw_approval()),
    "confirm": _by("seller", lambda order, _s: order.action_confirm()),
    "confirm too": _by("colleague", lambda order, _s: order.action_confirm()),
    "write state": _by("colleague", lambda order, _s: order.write({"state": "sale"})),
    "cancel": _by("seller", lambda order, _s: order.action_cancel()),
    "swap product": _by("colleague", _swap_product),
    "change date": _by("colleague", _change_date),
    "add line": _by("colleague", _add_line),
    "delete line": _by("colleague", _delete_line),
    "sign": _sign,
    "approve sales": _decide("sales", "supervisor", "action_approve"),
    "deputy approves": _decide("sales", "deputy", "action_approve"),
    "deputy refuses": _decide("sales", "deputy", "action_refuse", "No"),
    "approve technical": _decide("technical", "technician", "action_approve"),
    "approve production": _decide("production", "planner", "action_approve"),
    "refuse production": _decide("production", "planner", "action_refuse", "No"),
}


# Playing --------------------------------------------------------------------------


def play(env, order_id, setting, first, second):
    """Let ``second`` act on a snapshot from before ``first``, then once more anew.

    :return: what became of the second one at first, and when it was run again
    """
    registry = env.registry
    with registry.cursor() as late, registry.cursor() as early:
        late.execute("SELECT count(*) FROM res_users")
        begun = _act(early, order_id, setting, first)
        if begun != "done":
            raise RuntimeError(f"{first} by itself: {begun}")
        stale = _act(late, order_id, setting, second)
    again = stale
    if stale == FAILED_TO_SERIALIZE:
        with registry.cursor() as late:
            again = _act(late, order_id, setting, second)
    return stale, again


def _act(cursor, order_id, setting, name):
    env = api.Environment(cursor, api.SUPERUSER_ID, {})
    try:
        ACTIONS[name](env["sale.order"].browse(order_id), setting)
        cursor.flush()
        cursor.commit()
    except SerializationFailure:
        outcome = FAILED_TO_SERIALIZE
    except IntegrityError as error:
        outcome = f"not rerun: {error}"  # Odoo does not repeat such a request
    except UserError as error:
        outcome = f"refused: {error}"
    else:
        return "done"
    cursor.rollback()
    env.transaction.reset()
    return outcome


def play_all(env, setting, scenes):
    """Play every pair on an order of its own, made ready by its scene.

    :param scenes: list of (arguments of ``orders.create_orders``, pairs of actions)
    :return: list of (first, second, outcome at first, outcome again, facts)
    """
    results = []
    for preparation, pairs in scenes:
        order_ids = orders.create_orders(env, setting, len(pairs), *preparation)
        env.cr.commit()
        for order_id, (first, second) in zip(order_ids, pairs, strict=True):
            outcomes = play(env, order_id, setting, first, second)
            env.cr.commit()
            env.invalidate_all()
            (fact,) = orders.facts(env, [order_id])
            order = env["sale.order"].browse(order_id)
            fact["parked"] = order.approval_parked_reason or ""
            fact["approvers"] = order.approval_round_id.decision_ids.filtered(
                lambda decision: decision.kind == "approve"
            ).user_id.ids
            results.append((first, second, *outcomes, fact))
    return results
