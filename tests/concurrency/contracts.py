"""Framework contracts with a ceiling, and the orders several people confirm on them."""

from odoo.fields import Command

from tests.concurrency.concessions import _user
from tests.concurrency.orders import ONE_PIXEL, meet

#: what all orders of a framework together may come to, and what an order costs
CEILING = 250
PRICE = 10


def set_up(env):
    """Let sales and legal review contracts; an order type that wants a signed one."""
    company = env.ref("base.main_company")
    company.document_approval_mode = "off"
    company._contract_prepare()
    for code in ("sales", "legal"):
        department = env["document.approval.department"].search(
            [("company_id", "=", company.id), ("code", "=", code)]
        )
        department.member_ids = [Command.set([_user(env, f"contract {code}").id])]
    flows = env["document.approval.flow"].with_context(active_test=False)
    flows.search(
        [("company_id", "=", company.id), ("model", "=", "sale.contract")]
    ).active = True
    briefings = env["sale.contract.briefing.template"]
    briefings.search([("company_id", "=", company.id)]).active = False
    seller = _user(env, "contract seller", "sales_team.group_sale_salesman_all_leads")
    signer = _user(env, "contract signer")
    kind = env["sale.order.type"].create(
        {"name": "By contract", "contract_rule": "confirm"}
    )
    product = env["product.product"].create(
        {"name": "Valve", "list_price": PRICE, "taxes_id": [Command.clear()]}
    )
    partner = env["res.partner"].create({"name": "Plant", "is_company": True})
    return {
        "seller": seller.id,
        "signer": signer.id,
        "type": kind.id,
        "product": product.id,
        "partner": partner.id,
    }


def framework(env, setting):
    """Return the id of a framework up to :data:`CEILING`, signed by both sides."""
    company = env.ref("base.main_company")
    contract = (
        env["sale.contract"]
        .with_user(setting["seller"])
        .create(
            {
                "kind": "framework",
                "partner_id": setting["partner"],
                "signer_id": setting["signer"],
                "user_id": setting["seller"],
                "currency_id": company.currency_id.id,
                "amount": CEILING,
                "date_end": "2099-12-31",
                "article_ids": [
                    Command.create({"name": "Goods", "body": "<p>{amount}</p>"})
                ],
            }
        )
    )
    contract.action_submit_for_approval()
    while seats := contract.sudo().approval_round_id.seat_ids.filtered(
        lambda seat: seat.state == "open"
    ):
        for seat in seats:
            seat.with_user(seat.candidate_ids[0]).action_approve()
    contract.action_send()
    contract.with_user(setting["signer"]).action_sign()
    contract.sudo()._sign("customer", "portal", "Plant", signature=ONE_PIXEL)
    return contract.id


def create_orders(env, setting, contract_id, count, quantity):
    """Return the ids of quotations on the framework."""
    orders = (
        env["sale.order"]
        .with_user(setting["seller"])
        .create(
            [
                {
                    "partner_id": setting["partner"],
                    "policy_type_id": setting["type"],
                    "contract_id": contract_id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": setting["product"],
                                "product_uom_qty": quantity,
                            }
                        )
                    ],
                }
                for _number in range(count)
            ]
        )
    )
    return orders.ids


def confirm(env, setting, order_id, *meeting):
    """Confirm an order as the seller, once all rivals are there."""
    order = env["sale.order"].with_user(setting["seller"]).browse(order_id)
    if meeting:
        meet(env, *meeting)
    order.action_confirm()


def order_more(env, setting, order_id, quantity, *meeting):
    """Raise the quantity of a confirmed order, once all rivals are there."""
    order = env["sale.order"].with_user(setting["seller"]).browse(order_id)
    meet(env, *meeting)
    order.order_line.product_uom_qty = quantity


def confirm_or_order_more(env, setting, order_id, quantity, *meeting):
    """Do one of both: without a quantity the order is confirmed."""
    if quantity:
        order_more(env, setting, order_id, quantity, *meeting)
    else:
        confirm(env, setting, order_id, *meeting)


def facts(env, contract_id):
    """Return what is confirmed on a framework, and what the ledger says."""
    contract = env["sale.contract"].browse(contract_id)
    orders = contract.order_ids.filtered(lambda order: order.state == "sale")
    return {
        "orders": len(orders),
        "confirmed": sum(orders.mapped("amount_total")),
        "state": contract.state,
    }
