"""Scarce goods, and what several people do to them at once."""

from odoo.fields import Command

from tests.concurrency.orders import meet


def set_up(env):
    """Make the people and a category; return what the races need, as plain data."""
    company = env.ref("base.main_company")
    company.document_approval_mode = company.credit_mode = "off"
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)])[:1]
    warehouse.out_type_id.reservation_method = "manual"
    chiefs = env["res.users"].create(
        [
            {
                "name": name,
                "login": f"stock {name}",
                "email": f"{name}@example.com",
                "group_ids": [
                    Command.link(env.ref("stock.group_stock_manager").id),
                    Command.link(
                        env.ref("sales_team.group_sale_salesman_all_leads").id
                    ),
                ],
            }
            for name in ("chief", "deputy")
        ]
    )
    customer = env["res.partner"].create({"name": "Stock customer"})
    return {
        "chiefs": chiefs.ids,
        "customer": customer.id,
        "location": warehouse.lot_stock_id.id,
    }


def new_product(env, setting, quantity, scarce=True):
    """Make a product with so much in stock; return its id."""
    product = env["product.product"].create(
        {
            "name": "Cap",
            "is_storable": True,
            "list_price": 10.0,
            "taxes_id": [Command.clear()],
            "handover_is_scarce": scarce,
        }
    )
    location = env["stock.location"].browse(setting["location"])
    if quantity:
        env["stock.quant"]._update_available_quantity(product, location, quantity)
    return product.id


def new_orders(env, setting, product_id, quantities):
    """Confirm an order for each of the quantities; return the ids of their moves."""
    orders = env["sale.order"].create(
        [
            {
                "partner_id": setting["customer"],
                "order_line": [
                    Command.create(
                        {"product_id": product_id, "product_uom_qty": quantity}
                    )
                ],
            }
            for quantity in quantities
        ]
    )
    orders.action_confirm()
    return orders.order_line.move_ids.sorted("id").ids


def new_run(env, setting, product_id):
    """Propose an allocation of the product; return its id."""
    run = (
        env["stock.allocation.run"]
        .with_user(setting["chiefs"][0])
        .create({"product_ids": [Command.set([product_id])]})
    )
    run.action_propose()
    return run.id


def prepare(env, setting, repeats):
    """Make everything the races act on; return it as plain data."""
    plan = {"reserve": [], "apply": [], "rivals": []}
    for _number in range(repeats):
        product = new_product(env, setting, 10)
        plan["reserve"].append((product, new_orders(env, setting, product, [1] * 20)))
        product = new_product(env, setting, 10)
        new_orders(env, setting, product, [6, 6])
        plan["apply"].append((product, new_run(env, setting, product)))
        product = new_product(env, setting, 10)
        new_orders(env, setting, product, [6, 6])
        runs = [new_run(env, setting, product) for _each in range(2)]
        plan["rivals"].append((product, *runs))
    return plan


def reserve(env, move_id, setting, *meeting):
    """Reserve for one delivery, when the rivals are there."""
    if meeting:
        meet(env, *meeting)
    move = env["stock.move"].browse(move_id).with_user(setting["chiefs"][0])
    move.picking_id.action_assign()
    return move.quantity


def apply(env, run_id, setting, *meeting):
    """Apply an allocation, when the rival is there."""
    meet(env, *meeting)
    user = setting["chiefs"][meeting[2]]
    env["stock.allocation.run"].browse(run_id).with_user(user).action_apply()


def figures(env, product_ids):
    """Return {product: [quants, on hand, reserved, held by moves]}."""
    result = {}
    for product in env["product.product"].browse(product_ids):
        quants = env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        lines = env["stock.move.line"].search(
            [("product_id", "=", product.id), ("state", "not in", ("done", "cancel"))]
        )
        result[str(product.id)] = [
            len(quants),
            sum(quants.mapped("quantity")),
            sum(quants.mapped("reserved_quantity")),
            sum(lines.mapped("quantity_product_uom")),
        ]
    return result


# Between regions ------------------------------------------------------------------

#: in stock at the donor, of which its own customers have ordered a part; two transfers
#: of so much each are more than the rest
STOCK, OWN, WANTED = 10, 3, 5


def set_up_regions(env, setting):
    """Make coordinators, reviewers of transfers, and two regions that lack goods."""
    company = env.ref("base.main_company")
    people = env["res.users"].create(
        [
            {
                "name": name,
                "login": f"stock {name}",
                "email": f"{name.replace(' ', '.')}@example.com",
                "group_ids": [Command.link(env.ref(group).id)],
            }
            for name, group in (
                ("coordinator", "order_handover.group_officer"),
                ("second coordinator", "order_handover.group_officer"),
                ("reviewer", "base.group_user"),
                ("second reviewer", "base.group_user"),
            )
        ]
    )
    company.region_transfer_approval = True
    departments = env["document.approval.department"].search(
        [("company_id", "=", company.id), ("code", "in", ("operations", "management"))]
    )
    departments.member_ids = [Command.set(people[2:].ids)]
    flows = env["document.approval.flow"].with_context(active_test=False)
    flows.search([("model", "=", "stock.region.transfer")]).active = True
    donor = env["stock.warehouse"].search([("company_id", "=", company.id)])[:1]
    # rivals shall not meet by chance, where goods are reserved
    (donor.int_type_id | donor.out_type_id).reservation_method = "manual"
    receivers = env["stock.warehouse"].create(
        [{"name": f"Region {code}", "code": code} for code in ("RS", "RE")]
    )
    return {
        **setting,
        "coordinators": people[:2].ids,
        "reviewers": people[2:].ids,
        "donor": donor.id,
        "receivers": receivers.ids,
    }


def control(env, mode, transfer_ids=()):
    """Switch approvals on or off, and submit transfers."""
    env.ref("base.main_company").document_approval_mode = mode
    for transfer in env["stock.region.transfer"].browse(transfer_ids):
        transfer.with_user(transfer.create_uid).action_submit_for_approval()


def new_surplus(env, setting):
    """Make a product the donor has some of; return its id."""
    product = new_product(env, setting, STOCK, scarce=False)
    new_orders(env, setting, product, [OWN])
    return product


def new_transfers(env, setting, repeats):
    """Propose two transfers of each surplus; return [(product, first, second)]."""
    result = []
    for _number in range(repeats):
        product = new_surplus(env, setting)
        transfers = [
            env["stock.region.transfer"]
            .with_user(user)
            .create(
                {
                    "from_warehouse_id": setting["donor"],
                    "to_warehouse_id": receiver,
                    "reason": "Customers wait there.",
                    "line_ids": [
                        Command.create({"product_id": product, "quantity": WANTED})
                    ],
                }
            )
            for user, receiver in zip(
                setting["coordinators"], setting["receivers"], strict=True
            )
        ]
        result.append((product, *(transfer.id for transfer in transfers)))
    return result


def release(env, setting, transfer_id, *meeting):
    """Release a transfer as one of the coordinators, when the rival is there."""
    meet(env, *meeting)
    user = setting["coordinators"][meeting[2]]
    env["stock.region.transfer"].browse(transfer_id).with_user(user).action_release()


def approve(env, setting, transfer_id, *meeting):
    """Approve a transfer as one of the reviewers, when the rival is there."""
    meet(env, *meeting)
    transfer = env["stock.region.transfer"].browse(transfer_id)
    seats = transfer.approval_round_id.seat_ids
    seats.with_user(setting["reviewers"][meeting[2]]).action_approve()


def transfer_facts(env, transfer_ids):
    """Return state and number of pickings of transfers."""
    return [
        [transfer.state, len(transfer.picking_ids)]
        for transfer in env["stock.region.transfer"].browse(transfer_ids)
    ]


def ship_and_serve(env, setting, product_ids):
    """Ship what transfers take; then reserve for the donor's own customers.

    :return: [[shipped to other regions, left at the donor, reserved there]]
    """
    place = env["stock.location"].browse(setting["location"])
    result = []
    for product in env["product.product"].browse(product_ids):
        own = [("product_id", "=", product.id), ("state", "!=", "cancel")]
        moves = env["stock.move"].search([*own, ("location_id", "=", place.id)])
        out = moves.filtered("region_transfer_line_id")
        out._action_assign()
        out.picked = True
        out.picking_id._action_done()
        (moves - out)._action_assign()
        quant = env["stock.quant"]._gather(product, place, strict=True)
        result.append(
            [sum(out.mapped("quantity")), quant.quantity, quant.reserved_quantity]
        )
    return result


# Replenishment --------------------------------------------------------------------


def new_sheets(env, setting, repeats, count):
    """Count what to buy and what to make; return [(products, sheets)].

    :param int count: how many sheets count the same
    """
    sheets = env["stock.replenishment.sheet"].with_user(setting["coordinators"][0])
    result = []
    for _number in range(repeats):
        products = [_bought(env, setting), _made(env, setting)]
        for product in products:
            new_orders(env, setting, product.id, [WANTED])
        scope = [Command.set([product.product_tmpl_id.id for product in products])]
        found = []
        for _each in range(count):
            sheet = sheets.create(
                {"warehouse_id": setting["donor"], "product_tmpl_ids": scope}
            )
            sheet.action_compute()
            found.append(sheet.id)
        result.append(([product.id for product in products], found))
    return result


def _bought(env, setting):
    product = env["product.product"].browse(new_product(env, setting, 0, scarce=False))
    vendor = env["res.partner"].create({"name": "Mill"})
    product.route_ids = env.ref("purchase_stock.route_warehouse0_buy")
    product.seller_ids = [Command.create({"partner_id": vendor.id, "price": 1.0})]
    return product


def _made(env, setting):
    product = env["product.product"].browse(new_product(env, setting, 0, scarce=False))
    cloth = new_product(env, setting, 100, scarce=False)
    product.route_ids = env.ref("mrp.route_warehouse0_manufacture")
    env["mrp.bom"].create(
        {
            "product_tmpl_id": product.product_tmpl_id.id,
            "bom_line_ids": [Command.create({"product_id": cloth, "product_qty": 1.0})],
        }
    )
    return product


def confirm(env, setting, sheet_id, *meeting):
    """Confirm a sheet as one of the coordinators, when the rival is there."""
    meet(env, *meeting)
    user = setting["coordinators"][meeting[2]]
    sheet = env["stock.replenishment.sheet"].browse(sheet_id)
    sheet.with_user(user).action_confirm()


def supply(env, product_ids):
    """Return [quantities bought, quantities made] of the products together."""
    wanted = [("product_id", "in", product_ids), ("state", "!=", "cancel")]
    return [
        env["purchase.order.line"].search(wanted).mapped("product_qty"),
        env["mrp.production"].search(wanted).mapped("product_qty"),
    ]


def sheet_facts(env, sheet_ids):
    """Return the states of sheets and who has confirmed them."""
    return [
        [sheet.state, sheet.confirmed_by_id.id]
        for sheet in env["stock.replenishment.sheet"].browse(sheet_ids)
    ]
