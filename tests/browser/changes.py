"""Confirmed orders whose customer wants something else, one of them half shipped."""

from odoo.fields import Command

from tests.browser import company

#: who evaluates beside production, finance and operations, and who decides
REVIEWERS = {"keeper": "warehouse", "director": "management"}
ORDERED = {"valve": 10, "special": 2}
SHIPPED = 4


def set_up(env):
    """Approve and confirm two orders; ship a part of the second.

    :return: ids and names of both
    """
    records = company.create(env)
    for login, code in REVIEWERS.items():
        company._user(env, login, "base.group_user")
        company.put_in(env, login, code)
    env.company.write({"sale_change_control": True, "sale_change_portal": True})
    for key in ORDERED:
        env["product.product"].browse(records[key]).taxes_id = [Command.clear()]
    orders = [_confirm(env, records) for _number in range(2)]
    _ship(orders[1])
    return [[order.id, order.name] for order in orders]


def look(env, order_id):
    """Return what the order says, and how far its requests are."""
    order = env["sale.order"].browse(order_id)
    changes = env["sale.order.change"].search([("order_id", "=", order_id)])
    return {
        "state": order.state,
        "quantities": order.order_line.mapped("product_uom_qty"),
        "prices": order.order_line.mapped("price_unit"),
        "day": order.commitment_date and order.commitment_date.date().isoformat(),
        "to ship": sum(
            order.order_line.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            ).mapped("product_uom_qty")
        ),
        "changes": [[change.state, change.agreement_state] for change in changes],
    }


def let_departments_agree(env, order_id):
    """Let everybody who is asked fill in the sheet and agree to the order's request."""
    change = env["sale.order.change"].search(
        [("order_id", "=", order_id), ("approval_state", "=", "pending")]
    )
    while seats := change.approval_round_id.seat_ids.filtered(
        lambda seat: seat.state == "open"
    ):
        for seat in seats:
            user = seat.candidate_ids[0]
            sheet = change.evaluation_ids.filtered(
                lambda sheet, seat=seat: sheet.seat_id == seat
            )
            sheet.with_user(user).write({"words": "Can be done"})
            seat.with_user(user).action_approve()


def _confirm(env, records):
    """Return an order that everybody has agreed to."""
    orders = env["sale.order"].with_user(company.find_user(env, "salesperson"))
    order = orders.create(
        {
            "partner_id": records["customer"],
            "policy_contact_id": records["contact"],
            "order_line": [
                Command.create(
                    {"product_id": records[key], "product_uom_qty": quantity}
                )
                for key, quantity in ORDERED.items()
            ],
        }
    )
    company.let_approve(order)
    order.action_confirm()
    return order.with_user(env.user)


def _ship(order):
    """Ship some of the first line; the rest stays to be shipped."""
    picking = order.picking_ids
    first = picking.move_ids.filtered(
        lambda move: move.sale_line_id == order.order_line[0]
    )
    first.quantity = SHIPPED
    first.picked = True
    picking._action_done()
