"""Price concessions, and what several people do to them at once."""

from datetime import timedelta

from odoo.fields import Command, Date

from tests.concurrency.orders import meet

#: what all orders together may take
CAP = 100


def set_up(env):
    """Let somebody approve concessions; return who sells, what and to whom."""
    company = env.ref("base.main_company")
    company.document_approval_mode = "off"
    departments = company._sale_policy_create_default_departments()
    for code in ("sales", "finance", "management"):
        departments[code].member_ids = [
            Command.set([_user(env, f"concession {code}").id])
        ]
    company._price_create_default_flows()
    env["document.approval.flow"].with_context(active_test=False).search(
        [("company_id", "=", company.id), ("model", "=", "sale.price.concession")]
    ).active = True
    seller = _user(env, "concession seller", "sales_team.group_sale_salesman_all_leads")
    product = env["product.product"].create({"name": "Pipe", "list_price": 100.0})
    partner = env["res.partner"].create({"name": "Builder", "is_company": True})
    return {"seller": seller.id, "product": product.id, "partner": partner.id}


def _user(env, login, *groups):
    return env["res.users"].create(
        {
            "name": login,
            "login": login,
            "email": f"{login.replace(' ', '.')}@example.com",
            "group_ids": [
                Command.link(env.ref(group).id)
                for group in groups or ("base.group_user",)
            ],
        }
    )


def grant(env, setting, **values):
    """Return the id of a concession in force: 80 for 100, up to :data:`CAP`."""
    today = Date.today()
    concession = (
        env["sale.price.concession"]
        .with_user(setting["seller"])
        .create(
            {
                "partner_ids": [setting["partner"]],
                "product_ids": [setting["product"]],
                "price": 80.0,
                "max_quantity": CAP,
                "date_from": today - timedelta(days=5),
                "date_to": today + timedelta(days=30),
                "reason": "A race",
                **values,
            }
        )
    )
    concession.action_submit_for_approval()
    while seats := concession.sudo().approval_round_id.seat_ids.filtered(
        lambda seat: seat.state == "open"
    ):
        for seat in seats:
            seat.with_user(seat.candidate_ids[0]).action_approve()
    return concession.id


def create_orders(env, setting, concession_id, count, quantity):
    """Return the ids of quotations that use the concession."""
    orders = (
        env["sale.order"]
        .with_user(setting["seller"])
        .create(
            [
                {
                    "partner_id": setting["partner"],
                    "order_line": [
                        Command.create(
                            {
                                "product_id": setting["product"],
                                "product_uom_qty": quantity,
                                "price_concession_id": concession_id,
                            }
                        )
                    ],
                }
                for _number in range(count)
            ]
        )
    )
    return orders.ids


def confirm(env, order_id, *meeting):
    """Confirm an order, once all rivals are there."""
    if meeting:
        meet(env, *meeting)
    env["sale.order"].browse(order_id).action_confirm()


def set_quantity(env, order_id, quantity, *meeting):
    """Change the quantity of a confirmed order."""
    meet(env, *meeting)
    env["sale.order"].browse(order_id).order_line.product_uom_qty = quantity


def cancel(env, order_id, *meeting):
    """Cancel a confirmed order."""
    meet(env, *meeting)
    env["sale.order"].browse(order_id)._action_cancel()


def close(env, concession_id, *meeting):
    """Close the concession early."""
    meet(env, *meeting)
    env["sale.price.concession"].browse(concession_id).action_close("No more")


ACTIONS = {
    "confirm": confirm,
    "set_quantity": set_quantity,
    "cancel": cancel,
    "close": close,
}


def act(env, name, *arguments):
    """Do one of :data:`ACTIONS`."""
    return ACTIONS[name](env, *arguments)


def facts(env, concession_id):
    """Return what is confirmed, what the ledger says, and what is shown."""
    concession = env["sale.price.concession"].browse(concession_id)
    lines = env["sale.order.line"].search(
        [("price_concession_id", "=", concession_id), ("state", "=", "sale")]
    )
    return {
        "orders": len(lines.order_id),
        "confirmed": sum(lines.mapped("product_uom_qty")),
        "ledger": sum(concession.draw_ids.mapped("quantity")),
        "used": concession.used_quantity,
        "state": concession.state,
    }
