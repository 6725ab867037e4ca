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
