"""Changes of confirmed orders, and what several people do to them at once."""

from odoo.fields import Command

from tests.concurrency import orders
from tests.concurrency.orders import meet

#: what every order has of its one product; under what needs a review of the order
ORDERED = 10


def set_up(env):
    """Let finance and production agree to changes, side by side."""
    setting = orders.set_up(env)
    company = env.ref("base.main_company")
    company.sale_change_control = True
    flows = env["document.approval.flow"].with_context(active_test=False)
    flow = flows.search(
        [("company_id", "=", company.id), ("model", "=", "sale.order.change")]
    )
    flow.active = True
    flow.level_ids[1:].unlink()
    flow.level_ids.seat_ids.filtered(
        lambda seat: seat.department_id.code not in ("finance", "production")
    ).unlink()
    one_step = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    two_steps = env["stock.warehouse"].create(
        {"name": "Two steps", "code": "TWO", "delivery_steps": "pick_ship"}
    )
    for warehouse in one_step | two_steps:
        env["stock.quant"]._update_available_quantity(
            env["product.product"].browse(setting["products"][0]),
            warehouse.lot_stock_id,
            100000,
        )
    return {**setting, "warehouses": [one_step.id, two_steps.id]}


def new_order(env, setting, steps=1):
    """Return a confirmed order under control, nothing of it shipped yet."""
    seller = env["res.users"].browse(setting["users"]["seller"])
    order = (
        env["sale.order"]
        .with_user(seller)
        .create(
            {
                "partner_id": setting["partner"],
                "warehouse_id": setting["warehouses"][steps - 1],
                "order_line": [
                    Command.create(
                        {
                            "product_id": setting["products"][0],
                            "product_uom_qty": ORDERED,
                            "price_unit": 5,
                        }
                    )
                ],
            }
        )
    )
    order.action_confirm()
    return order.id


def submitted(env, setting, order_id, quantity=None):
    """Return a change to ``quantity`` (or a cancellation) that production agreed to."""
    seller = env["res.users"].browse(setting["users"]["seller"])
    change = (
        env["sale.order.change"]
        .with_user(seller)
        .create(
            {
                "order_id": order_id,
                "kind": "change" if quantity is not None else "cancel",
                "reason": "Race",
            }
        )
    )
    if quantity is not None:
        change.line_ids.quantity = quantity
    change.action_submit_for_approval()
    for sheet in change.sudo().evaluation_ids:
        sheet.with_user(sheet.seat_id.candidate_ids[0]).write({"words": "Fine"})
    return change.id


def agree(env, setting, change_id, login, code, *meeting):
    """Agree for a department, as one of its members."""
    user = env["res.users"].browse(setting["users"][login])
    if meeting:
        meet(env, *meeting)
    seat = (
        env["sale.order.change"]
        .browse(change_id)
        .approval_round_id.seat_ids.filtered(
            lambda seat: seat.department_id.code == code
        )
    )
    seat.with_user(user).action_approve()
    return env["sale.order.change"].browse(change_id).state


def ship(env, order_id, quantity, *meeting):
    """Ship some of the order; the rest stays to be shipped."""
    if meeting:
        meet(env, *meeting)
    picking = env["sale.order"].browse(order_id).picking_ids
    picking = picking.filtered(lambda p: p.state not in ("done", "cancel"))
    picking.move_ids.write({"quantity": quantity, "picked": True})
    picking.with_context(skip_backorder=True).button_validate()
    return picking.state


def pick(env, order_id, quantity, *meeting):
    """Take as much from the shelf, but not more than the transfer asks for."""
    meet(env, *meeting)
    picking = env["sale.order"].browse(order_id).picking_ids
    asked = picking.move_ids.product_uom_qty
    picking.move_ids.write({"quantity": min(quantity, asked), "picked": True})
    picking.with_context(skip_backorder=True).button_validate()


ACTIONS = {"agree": agree, "ship": ship, "pick": pick}


def act(env, name, *arguments):
    """Do one of the above."""
    return ACTIONS[name](env, *arguments)


def facts(env, order_id):
    """Return what became of an order and its changes, as plain data."""
    order = env["sale.order"].browse(order_id)
    line = order.order_line
    waiting = line.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
    return {
        "state": order.state,
        "ordered": line.product_uom_qty,
        "delivered": line.qty_delivered,
        "demand": sum(waiting.mapped("product_uom_qty")),
        "to come": line._change_get_waiting(),
        "rounds": len(order.approval_round_ids),
        "as approved": order._approval_fingerprints()[order.id]
        == order.approval_round_id.fingerprint,
        "changes": order.change_ids.sorted("id").mapped("state"),
    }
