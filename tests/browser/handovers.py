"""Goods that a customer signs for and departments hand over to each other."""

from odoo.fields import Command

from tests.browser import company
from tools.demo.company import install_languages

#: what is ordered, and shipped with the first order: product: quantity
ORDERED = {"valve": 4, "special": 2}


def set_up(env):
    """Confirm two orders and ship the first; the customer reads Chinese.

    The keeper is the warehouse, which signs for what sales hands over to it.

    :return: id of the acceptance slip of what is shipped, names of the orders
    """
    install_languages(env)
    records = company.create(env)
    env.company.document_approval_mode = "off"
    env.company.handover_lists = True
    env["order.handover.stage"].search([]).requires_signature = True
    company._user(env, "keeper", "stock.group_stock_user")
    company.put_in(env, "keeper", "warehouse")
    company.put_in(env, "salesperson", "sales")
    _speak_chinese(env)
    env["res.partner"].browse(records["customer"]).handover_acceptance = "always"
    _fill_stock(env, records)
    orders = _confirm(env, records, count=2)
    picking = orders[0].picking_ids
    picking.action_assign()
    picking.move_ids.picked = True
    picking._action_done()
    env["order.handover.event"]._cron_make_handovers()
    return orders[0].handover_acceptance_ids.id, orders.mapped("name")


def look_at_slip(env, slip_id):
    """Return what became of the slip, of its lines and of the goods."""
    slip = env["order.acceptance"].browse(slip_id)
    place = slip.company_id.handover_acceptance_location_id
    quants = env["stock.quant"].search([("location_id", "=", place.id)])
    return {
        "state": slip.state,
        "signed": bool(slip.signature),
        "by": slip.signed_by,
        "lines": {
            line.product_id.name: [line.accepted_qty, line.rejected_qty, line.remark]
            for line in slip.line_ids
        },
        "waiting": {
            quant.product_id.name: quant.quantity for quant in quants if quant.quantity
        },
        "delivered": {
            line.product_id.name: line.qty_delivered
            for line in slip.order_id.order_line
        },
    }


def look_at_rows(env):
    """Return what became of what was handed over to the warehouse."""
    rows = env["order.handover"].search(
        [("receiver_department_id.code", "=", "warehouse")], order="id"
    )
    return [
        {
            "order": row.order_name,
            "state": row.state,
            "by": (row.receiver_id or row.refused_by_id).login,
            "signed": bool(row.signature),
            "timed": bool(row.date_received or row.date_refused),
        }
        for row in rows
    ]


def _fill_stock(env, records):
    """Keep what is ordered in stock, with enough of it for two orders."""
    place = env["stock.warehouse"].search([("company_id", "=", env.company.id)])[:1]
    for key, quantity in ORDERED.items():
        product = env["product.product"].browse(records[key])
        product.is_storable = True
        env["stock.quant"]._update_available_quantity(
            product, place.lot_stock_id, 2 * quantity
        )


def _confirm(env, records, count):
    """Return new orders that the salesperson has confirmed."""
    values = {
        "partner_id": records["customer"],
        "policy_contact_id": records["contact"],
        "order_line": [
            Command.create({"product_id": records[key], "product_uom_qty": quantity})
            for key, quantity in ORDERED.items()
        ],
    }
    # a dictionary of its own for each: Odoo writes the number of the order into it
    each = [dict(values) for _number in range(count)]
    seller = company.find_user(env, "salesperson")
    orders = env["sale.order"].with_user(seller).create(each)
    orders.action_confirm()
    return orders.with_user(env.user)


def _speak_chinese(env):
    """Let the customer read Chinese, and the web site be read in it too."""
    chinese = env["res.lang"].search([("code", "=", "zh_CN")])
    env["website"].search([]).language_ids = [Command.link(chinese.id)]
    company.find_user(env, "customer").lang = chinese.code
