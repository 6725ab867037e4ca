"""Orders that were there before our add-ons, and the figures that may not change."""

from tools import databases

FIGURES = {
    "orders": """
        SELECT name, state, amount_untaxed, amount_tax, amount_total, invoice_status
          FROM sale_order ORDER BY id""",
    "lines": """
        SELECT id, product_uom_qty, qty_delivered, qty_invoiced, price_unit, discount,
               price_subtotal
          FROM sale_order_line ORDER BY id""",
    "transfers": "SELECT name, state FROM stock_picking ORDER BY id",
    "moves": "SELECT id, state, product_uom_qty, quantity FROM stock_move ORDER BY id",
    "invoices": """
        SELECT name, state, payment_state, amount_total, amount_residual
          FROM account_move ORDER BY id""",
    "customers": "SELECT id, name, active FROM res_partner ORDER BY id",
}


def figures(database: str) -> dict[str, list[tuple]]:
    """Return what counts about the orders, as the database has it."""
    found = {}
    with databases.connection(database) as cursor:
        for name, query in FIGURES.items():
            cursor.execute(query)
            found[name] = cursor.fetchall()
    return found


def create(env) -> int:
    """Make orders in every state and return how many; runs inside Odoo."""
    _prepare_accounts(env)
    product = env["product.product"].create(
        {"name": "Chair", "type": "consu", "is_storable": True, "list_price": 100}
    )
    service = env["product.product"].create(
        {"name": "Assembly", "type": "service", "list_price": 50}
    )
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    env["stock.quant"]._update_available_quantity(product, stock, 20)
    draft, sent, sale, shipped, invoiced, cancelled = (
        _order(env, number, product, service) for number in range(6)
    )
    sent.action_quotation_sent()
    (sale | shipped | invoiced).action_confirm()
    for order in shipped | invoiced:
        for picking in order.picking_ids:
            picking.move_ids.quantity = 3
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True)._action_done()
    invoiced._create_invoices().action_post()
    cancelled._action_cancel()
    return len(draft | sent | sale | shipped | invoiced | cancelled)


def _prepare_accounts(env) -> None:
    if not env.company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", env.company)


def _order(env, number, product, service):
    customer = env["res.partner"].create({"name": f"Customer {number}"})
    return env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": 3}),
                (0, 0, {"product_id": service.id, "discount": 10}),
            ],
        }
    )
