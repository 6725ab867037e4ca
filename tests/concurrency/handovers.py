"""Handovers of confirmed orders, for several processes at once."""

from odoo.fields import Command


def set_up(env):
    """Let confirmed orders be handed over to a warehouse of two people.

    :return: ids of the users, the customer and the product
    """
    company = env.ref("base.main_company")
    company.document_approval_mode = "off"
    company._sale_policy_create_default_flow()
    company.handover_lists = True
    users = {
        "seller": _user(env, "handover seller", "sales_team.group_sale_salesman").id,
        "keeper": _user(env, "handover keeper").id,
        "second": _user(env, "handover second keeper").id,
    }
    warehouse = _department(env, "warehouse")
    warehouse.member_ids = [Command.set([users["keeper"], users["second"]])]
    _department(env, "sales").member_ids = [Command.set([users["seller"]])]
    partner = env["res.partner"].create({"name": "Handover customer"})
    product = env["product.product"].create({"name": "Box", "is_storable": True})
    return {"users": users, "partner": partner.id, "product": product.id}


def confirm(env, setting, count):
    """Return the ids of ``count`` confirmed orders, their handovers being queued."""
    line = {"product_id": setting["product"], "product_uom_qty": 1}
    orders = (
        env["sale.order"]
        .with_user(setting["users"]["seller"])
        .create(
            [
                {
                    "partner_id": setting["partner"],
                    "order_line": [Command.create(line)],
                }
                for _number in range(count)
            ]
        )
    )
    orders.action_confirm()
    return orders.ids


def run_job(env):
    """Do what the scheduled job does."""
    env["order.handover.event"]._cron_make_handovers()


def cancel(env, order_id):
    """Cancel one order."""
    env["sale.order"].browse(order_id)._action_cancel()


def receive(env, user, order_id):
    """Receive the handover of an order as a user."""
    _row(env, order_id).with_user(user).action_receive()


def refuse(env, user, order_id):
    """Refuse the handover of an order as a user."""
    _reply(env, user, order_id, "It is wet").action_refuse()


def hand_over_again(env, user, order_id):
    """Hand the refused handover of an order over again as a user."""
    _reply(env, user, order_id, "It is dry now").action_hand_over_again()


def facts(env, order_ids):
    """Return the states of the handovers of each order."""
    orders = env["sale.order"].browse(order_ids)
    return [order.handover_list_ids.sorted("id").mapped("state") for order in orders]


def _row(env, order_id):
    return env["sale.order"].browse(order_id).handover_list_ids[0]


def _reply(env, user, order_id, text):
    replies = env["order.handover.reply"].with_user(user)
    rows = [Command.set(_row(env, order_id).ids)]
    return replies.create({"handover_ids": rows, "text": text})


def _department(env, code):
    company = env.ref("base.main_company")
    return env["document.approval.department"].search(
        [("company_id", "=", company.id), ("code", "=", code)]
    )


def _user(env, login, group="base.group_user"):
    return env["res.users"].create(
        {
            "name": login.title(),
            "login": login,
            "company_id": env.ref("base.main_company").id,
            "company_ids": [Command.set(env.ref("base.main_company").ids)],
            "group_ids": [Command.set(env.ref(group).ids)],
        }
    )
