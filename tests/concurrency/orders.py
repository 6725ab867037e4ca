"""Orders under approval for races: people, a flow, orders, and what became of them."""

import time
from pathlib import Path

from odoo.fields import Command, Datetime

#: a picture of one pixel, as a signature
ONE_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
PEOPLE = {
    "sales": ("supervisor",),
    "finance": ("accountant", "accountant_2"),
    "technical": ("technician",),
    "production": ("planner",),
    "operations": ("operator",),
    "management": ("manager",),
}


def set_up(env):
    """Make people, departments and a flow that ends with a joint level.

    Supervisor, finance by two of its members, then technical and production side by
    side; operations and management sit nowhere. Orders below 100 need no review.
    """
    company = env.ref("base.main_company")
    users = {
        login: _user(env, login).id for logins in PEOPLE.values() for login in logins
    }
    seller = _user(env, "seller", "sales_team.group_sale_salesman_all_leads")
    departments = {}
    company._sale_policy_create_default_flow()
    for code, logins in PEOPLE.items():
        departments[code] = env["document.approval.department"].search(
            [("company_id", "=", company.id), ("code", "=", code)]
        )
        departments[code].member_ids = [Command.set([users[n] for n in logins])]
    departments["sales"].fallback_id = departments["management"]
    flows = env["document.approval.flow"].search([("company_id", "=", company.id)])
    flows.active = False
    env["document.approval.flow"].create(
        {
            "name": "Races",
            "company_id": company.id,
            "model_id": env["ir.model"]._get_id("sale.order"),
            "level_ids": [
                _level("Supervisor", 10, departments["sales"]),
                _level("Finance", 20, departments["finance"], quorum=2),
                _level(
                    "Joint", 30, departments["technical"] | departments["production"]
                ),
            ],
        }
    )
    company.document_approval_mode = "enforce"
    products = env["product.product"].create(
        [{"name": name, "is_storable": True, "list_price": 50} for name in "AB"]
    )
    partner = env["res.partner"].create({"name": "Customer", "email": "c@example.com"})
    groups = ("document_approval.group_emergency", "sales_team.group_sale_manager")
    releaser = _user(env, "releaser", *groups)
    return {
        "users": {**users, "seller": seller.id, "releaser": releaser.id},
        "products": products.ids,
        "partner": partner.id,
    }


def _user(env, login, *groups):
    return env["res.users"].create(
        {
            "name": login,
            "login": login,
            "email": f"{login}@example.com",
            "group_ids": [
                Command.link(env.ref(group).id)
                for group in groups or ("base.group_user",)
            ],
        }
    )


def _level(name, sequence, departments, quorum=0):
    rule = {"rule": "quorum", "quorum": quorum} if quorum else {}
    return Command.create(
        {
            "name": name,
            "sequence": sequence,
            "participation": "domain",
            "domain": "[('amount_untaxed', '>=', 100)]",
            "seat_ids": [
                Command.create({"department_id": department.id, **rule})
                for department in departments
            ],
        }
    )


def set_up_with_deputy(env):
    """Return the setting of :func:`set_up` with a deputy of the planner."""
    setting = set_up(env)
    deputy = _user(env, "deputy")
    planner = env["res.users"].browse(setting["users"]["planner"])
    delegate(env, planner, deputy, Datetime.subtract(Datetime.now(), days=1), 10)
    setting["users"]["deputy"] = deputy.id
    return setting


def delegate(env, absent, deputy, start, days):
    """Have ``deputy`` stand in for ``absent``, who enters it."""
    return (
        env["document.approval.delegation"]
        .with_user(absent)
        .create(
            {
                "user_id": absent.id,
                "delegate_id": deputy.id,
                "date_from": start,
                "date_to": Datetime.add(start, days=days),
            }
        )
    )


def create_orders(env, setting, count, level, quantity=4, signed=False, more=""):
    """Create orders as the seller and bring them as far as ``level``.

    :param int level: number of levels that agree beforehand; -1 leaves drafts
    :param str more: what happens to them then, a name of :data:`PREPARATIONS`
    :return: list of order ids
    """
    seller = env["res.users"].browse(setting["users"]["seller"])
    orders = (
        env["sale.order"]
        .with_user(seller)
        .create(
            [
                {
                    "partner_id": setting["partner"],
                    "order_line": [
                        Command.create(
                            {
                                "product_id": setting["products"][0],
                                "product_uom_qty": quantity,
                            }
                        )
                    ],
                }
                for _number in range(count)
            ]
        )
    )
    if level >= 0:
        orders.action_submit_for_approval()
    for sequence in range(1, level + 1):
        for seat in orders.sudo().approval_round_id.seat_ids.filtered(
            lambda seat, sequence=sequence: seat.level_sequence == sequence
        ):
            for user in seat.candidate_ids[: seat.quorum]:
                seat.with_user(user).action_approve()
    if signed:
        orders.sudo().write({"signed_by": "Customer", "signature": ONE_PIXEL})
        for order in orders.sudo():
            order._validate_order()
    if more:
        PREPARATIONS[more](orders.sudo(), setting)
    return orders.ids


def _open_seats(orders, code):
    return orders.approval_round_id.seat_ids.filtered(
        lambda seat: seat.state == "open" and seat.department_id.code == code
    )


def _technical_agrees(orders, setting):
    for seat in _open_seats(orders, "technical"):
        seat.with_user(setting["users"]["technician"]).action_approve()


def _finance_refuses(orders, setting):
    for seat in _open_seats(orders, "finance"):
        seat.with_user(setting["users"]["accountant"]).action_refuse("No")


def _time_runs_out(orders, _setting):
    _open_seats(orders, "sales").date_escalation = "2020-01-01 00:00:00"


PREPARATIONS = {
    "technical agrees": _technical_agrees,
    "finance refuses": _finance_refuses,
    "time runs out": _time_runs_out,
}


def create_all(env, setting, scenarios):
    """Return {scenario: order ids} for the arguments of :func:`create_orders`."""
    return {
        name: create_orders(env, setting, *arguments)
        for name, arguments in scenarios.items()
    }


def meet(env, folder, number, role, count=2):
    """Wait, with the snapshot of the transaction taken, until all rivals are here.

    Every rival then acts on what the database was before any of them did anything:
    the race is real in each iteration, not by luck.
    """
    env.cr.execute("SELECT count(*) FROM res_users")
    Path(folder, f"{number}-{role}").touch()
    deadline = time.monotonic() + 60
    while len(list(Path(folder).glob(f"{number}-*"))) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"no rival came to {number}")
        time.sleep(0.001)


def facts(env, order_ids):
    """Return what became of the orders, as plain data."""
    result = []
    for order in env["sale.order"].browse(order_ids):
        current = order.approval_round_id
        result.append(
            {
                "state": order.state,
                "approval": order.approval_state,
                "rounds": order.approval_round_ids.mapped("state"),
                "applied": current.is_applied,
                "unchanged": order._approval_fingerprints()[order.id]
                == current.fingerprint,
                "log": sorted(current.decision_ids.mapped("kind")),
                "seats": current.seat_ids.sorted("id").mapped("state"),
                "pickings": len(order.picking_ids),
                "reviews": len(
                    order.activity_ids.filtered(
                        lambda a: (
                            a.activity_type_id
                            == env.ref("document_approval.mail_activity_type_review")
                        )
                    )
                ),
            }
        )
    return result
