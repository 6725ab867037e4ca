"""Handovers, deliveries and signatures for them, for several processes at once."""

import hashlib
import os
import signal
import time

from odoo.fields import Command

from tests.concurrency.orders import ONE_PIXEL, meet

#: what is delivered with each order, and what is rejected of it by who rejects
SHIPPED, REJECTED = 10, 4
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


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


# Deliveries -----------------------------------------------------------------------


def set_up_deliveries(env, setting):
    """Let a shop of two contacts sign for what it gets, and have notices mailed.

    :return: the setting with what the deliveries need
    """
    company = env.ref("base.main_company")
    company.handover_shipping_notice = True
    accepted = env["sale.order.type"].create(
        {
            "name": "Signed for",
            "sequence": 999,
            "company_id": company.id,
            "handover_requires_acceptance": True,
        }
    )
    shop = env["res.partner"].create({"name": "Shop", "email": "shop@example.com"})
    users = dict(setting["users"])
    for name in ("first contact", "second contact"):
        contact = env["res.partner"].create({"name": name, "parent_id": shop.id})
        users[name] = _user(env, name, "base.group_portal", partner_id=contact.id).id
    return {**setting, "users": users, "shop": shop.id, "type": accepted.id}


def ship(env, setting, count, signed=False):
    """Ship the goods of new orders, each of a product of its own.

    :param bool signed: whether the customer has to sign for them
    :return: ids of the orders
    """
    company = env.ref("base.main_company")
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)])[:1]
    products = env["product.product"].create(
        [{"name": "Coat", "is_storable": True, "list_price": 5.0}] * count
    )
    values = {"partner_id": setting["shop"]}
    if signed:
        values["policy_type_id"] = setting["type"]
    orders = env["sale.order"].with_user(setting["users"]["seller"])
    for product in products:
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, SHIPPED
        )
        line = {"product_id": product.id, "product_uom_qty": SHIPPED}
        orders |= orders.create({**values, "order_line": [Command.create(line)]})
    orders.action_confirm()
    shipments = orders.sudo().picking_ids.filtered(
        lambda picking: picking.location_id.usage == "internal"
    )
    shipments.action_assign()
    shipments.move_ids.picked = True
    shipments._action_done()
    return orders.ids


def prepare_returns(env, order_ids):
    """Prepare that all that was shipped comes back."""
    for slip in env["sale.order"].browse(order_ids).handover_acceptance_ids:
        wizards = env["stock.return.picking"].with_context(
            active_model="stock.picking", active_id=slip.picking_id.id
        )
        wizard = wizards.create({"picking_id": slip.picking_id.id})
        wizard.product_return_moves.quantity = SHIPPED
        wizard._create_return()


def sign(env, setting, order_id, how, *meeting):
    """Answer the slip of an order, or take its goods back, when the rival is there."""
    meet(env, *meeting)
    slips = env["sale.order"].browse(order_id).handover_acceptance_ids
    if how == "warehouse":
        back = slips.picking_id.return_ids
        back.action_assign()
        back.move_ids.picked = True
        return back.button_validate()
    if how == "clock":
        return slips._accept_by_default()
    name, rejecting, _end = how.partition(" rejecting")
    slip = slips.with_user(setting["users"][name])
    slip.check_access("read")  # as the page of the customer does it
    answers = {}
    if rejecting:
        (line,) = slips.line_ids
        answers[line.id] = {"rejected": REJECTED, "remark": "It is torn"}
    if name == "seller":
        return slip._sign_on_paper(name, "scan.pdf", PAPER, answers)
    author = slip.env.user.partner_id
    return slip.sudo()._sign_in_portal(name, ONE_PIXEL, answers, author, "::1")


def slip_facts(env, order_ids):
    """Return what became of the slip and of the goods of each order."""
    place = env.ref("base.main_company").handover_acceptance_location_id
    return [_slip_facts(order, place) for order in env["sale.order"].browse(order_ids)]


def _slip_facts(order, place):
    (slip,) = order.handover_acceptance_ids
    product = order.order_line.product_id
    found = order.env["stock.move"].search(
        [
            ("product_id", "=", product.id),
            ("location_id", "=", place.id),
            ("state", "!=", "cancel"),
        ]
    )
    quants = order.env["stock.quant"]._read_group(
        [("product_id", "=", product.id)], ["location_id"], ["quantity:sum"]
    )
    papers = order.env["ir.attachment"].search(
        [("res_model", "=", slip._name), ("res_id", "=", slip.id)]
    )
    return {
        "state": slip.state,
        "by": slip.signed_by or slip.way,
        "accepted": sum(slip.line_ids.mapped("accepted_qty")),
        "out of waiting": sorted(
            (
                move.state,
                move.location_dest_id.usage,
                move.quantity if move.state == "done" else move.product_uom_qty,
            )
            for move in found
        ),
        "lies": {place.usage: quantity for place, quantity in quants if quantity},
        "delivered": order.order_line.qty_delivered,
        "returns": len(slip.return_ids),
        "notes": len(slip.message_ids.filtered(lambda note: slip.name in note.body)),
        "papers": papers.filtered(lambda paper: not paper.res_field).mapped("name"),
    }


# Shipping notices -----------------------------------------------------------------


def print_quickly(env, seconds=0.05):
    """Have notices printed without the program for it, slowly enough to be met."""

    def render(notice):
        time.sleep(seconds)
        return hashlib.sha256(str(notice.id).encode()).digest()

    type(env["order.shipping.notice"])._render_pdf = render


def send_notices(env):
    """Do what the scheduled job does."""
    print_quickly(env)
    env["order.shipping.notice"]._cron_send()


def die_while_sending(env):
    """Be killed with all of a notice written, and nothing of it committed."""
    print_quickly(env)
    notice = env["order.shipping.notice"]._take_next(set())
    notice._lock_queued()
    notice._work()
    env.flush_all()
    os.kill(os.getpid(), signal.SIGKILL)


def notice_facts(env, order_ids):
    """Return what became of the notice of each order, and of its mail."""
    result = []
    for order in env["sale.order"].browse(order_ids):
        messages = order.message_ids.filtered(
            lambda message: message.subtype_id == env.ref("mail.mt_comment")
        )
        mails = env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
        files = env["ir.attachment"].search_count(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", order.id),
                ("mimetype", "=", "application/pdf"),
            ]
        )
        result.append(
            {
                "notices": order.handover_notice_ids.mapped("state"),
                "files": files,
                "messages": len(messages),
                "mails": [mail.recipient_ids.mapped("email") for mail in mails],
            }
        )
    return result


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


def _user(env, login, group="base.group_user", **values):
    return env["res.users"].create(
        {
            "name": login.title(),
            "login": login,
            "company_id": env.ref("base.main_company").id,
            "company_ids": [Command.set(env.ref("base.main_company").ids)],
            "group_ids": [Command.set(env.ref(group).ids)],
            **values,
        }
    )
