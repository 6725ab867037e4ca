"""Repairs of goods that came back, for several processes at once."""

from odoo.fields import Command

from tests.concurrency import handovers
from tests.concurrency.orders import meet


def set_up(env):
    """Return the setting of :func:`handovers.set_up`; the warehouse repairs."""
    setting = handovers.set_up(env)
    keepers = [setting["users"]["keeper"], setting["users"]["second"]]
    group = env.ref("stock.group_stock_user")
    env["res.users"].browse(keepers).group_ids = [Command.link(group.id)]
    return {**setting, "shop": setting["partner"]}


def bring_back(env, setting, count):
    """Ship orders; of each two pieces come back, and each has a repair under way.

    :return: ids of the two repairs of each order
    """
    kind = env["order.exception.kind"].search([("code", "=", "defective")], limit=1)
    result = []
    for order_id in handovers.ship(env, setting, count):
        order = env["sale.order"].browse(order_id)
        exception = env["order.exception"].create(
            {"order_id": order_id, "kind_id": kind.id, "description": "They leak."}
        )
        goods = {
            "sale_line_id": order.order_line.id,
            "product_id": order.order_line.product_id.id,
            "quantity": 1.0,
        }
        step = exception._take_step("repair", [goods, goods])
        back = step.picking_ids
        back.move_ids.picked = True
        back._action_done()
        repairs = step.repair_ids
        if len(repairs) == 1:  # both pieces came back by one move
            repairs.product_qty = 1.0
            repairs |= repairs.create(step._prepare_repair(back.move_ids, 1.0))
        repairs._action_repair_confirm()
        repairs.action_repair_start()
        result.append(repairs.ids)
    return result


def finish(env, user, repair_id, *meeting):
    """Finish a repair as a user, when the rival is there."""
    meet(env, *meeting)
    env["repair.order"].with_user(user).browse(repair_id).action_repair_end()


def sent_again(env, repair_ids):
    """Return how much is on its way to the customer again."""
    step = env["repair.order"].browse(repair_ids).handover_step_id
    out = step.move_ids.filtered(lambda move: not move._handover_comes_back())
    return [move.product_uom_qty for move in out]
