"""Open deliveries and the stock they compete for, to measure allocations with.

A few orders are confirmed by Odoo; their rows are copied with all that hangs on them
(`multiply`) and the copies are given other products, customers and dates.
"""

from odoo.fields import Command

from .multiply import multiply

WAREHOUSES = 10
PRODUCTS = 2000
LINES = 10
#: open moves of one product in one warehouse
CLAIMS = 5
CUSTOMERS = 40
NEEDED = 2
#: of ten that are needed, the last three claims hold so many
STOCK = 5


def make(env, products: int = PRODUCTS) -> None:
    """Make the products, the warehouses, the orders, and what they hold."""
    company = env.ref("base.main_company")
    company.document_approval_mode = company.credit_mode = "off"
    env["sale.order.type"].search([]).check_feasibility = False
    env = env(context={**env.context, "tracking_disable": True})
    goods = _make_products(env, products)
    warehouses = _make_warehouses(env, company)
    customers = _make_customers(env, company)
    orders = _make_orders(env, goods[: products // 2], warehouses, customers)
    env.cr.execute(
        "DELETE FROM mail_followers WHERE res_model IN ('sale.order', 'stock.picking')"
    )
    env.cr.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if env.cr.fetchone()[0]:
        env.cr.execute("SET LOCAL session_replication_role = replica")
    multiply(orders, 2 * CLAIMS - 1)
    _spread(env, goods, customers)
    _hold(env, goods)
    env.invalidate_all()
    env.cr.commit()
    env.cr.execute("ANALYZE")


def _make_products(env, count: int):
    return env["product.product"].create(
        [
            {
                "name": f"Scarce goods {number:04}",
                "is_storable": True,
                "list_price": 10,
                "taxes_id": [Command.clear()],
            }
            for number in range(count)
        ]
    )


def _make_warehouses(env, company):
    """Make warehouses; nothing is reserved in them by itself."""
    warehouses = env["stock.warehouse"].create(
        [
            {"name": f"Region {number}", "code": f"R{number}", "company_id": company.id}
            for number in range(WAREHOUSES)
        ]
    )
    warehouses.out_type_id.reservation_method = "manual"
    return warehouses


def _make_customers(env, company):
    customers = env["res.partner"].create(
        [{"name": f"Stock customer {number}"} for number in range(CUSTOMERS)]
    )
    grades = env["customer.credit.grade"].search([])
    accounts = env["customer.credit.account"]._bump(company, customers)
    for number, account in enumerate(accounts.sorted("partner_id")):
        account._credit_apply({"grade_id": grades[number % len(grades)].id})
    return customers


def _make_orders(env, goods, warehouses, customers):
    orders = env["sale.order"].create(
        [
            {
                "partner_id": customers[number % CUSTOMERS].id,
                "warehouse_id": warehouses[number % WAREHOUSES].id,
                "order_line": [
                    Command.create({"product_id": p.id, "product_uom_qty": NEEDED})
                    for p in goods[number * LINES : (number + 1) * LINES]
                ],
            }
            for number in range(len(goods) // LINES)
        ]
    )
    orders.action_confirm()
    return orders


def _spread(env, goods, customers) -> None:
    """Give every second copy the other half of the products; vary who and when."""
    env.flush_all()
    half = len(goods) // 2
    env.cr.execute(
        """UPDATE sale_order SET partner_id = c.id, partner_invoice_id = c.id,
                  date_order = date_order - sale_order.id * INTERVAL '1 minute'
             FROM unnest(%s) WITH ORDINALITY AS c (id, place)
            WHERE c.place = 1 + (sale_order.id + sale_order.id / 100) %% %s""",
        [customers.ids, len(customers)],
    )
    env.cr.execute(
        """UPDATE stock_move m SET product_id = m.product_id + %(half)s
             FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY product_id, location_id
                                                     ORDER BY id) AS copy
                     FROM stock_move WHERE product_id = ANY(%(goods)s)) c
            WHERE c.id = m.id AND c.copy %% 2 = 0""",
        {"half": half, "goods": goods.ids},
    )
    env.cr.execute(
        """UPDATE sale_order_line l SET product_id = m.product_id
             FROM stock_move m WHERE m.sale_line_id = l.id
              AND m.product_id = ANY(%s)""",
        [goods.ids],
    )
    env.cr.execute(
        """UPDATE stock_move SET date_deadline = NOW() AT TIME ZONE 'UTC'
                  + (id %% 60 - 5) * INTERVAL '1 day'
            WHERE product_id = ANY(%s)""",
        [goods.ids],
    )


def _hold(env, goods) -> None:
    """Put half of what is needed into stock; the last three claims hold it."""
    env.cr.execute(
        """INSERT INTO stock_quant (product_id, location_id, company_id, quantity,
                  reserved_quantity, in_date)
           SELECT DISTINCT m.product_id, m.location_id, m.company_id, %(stock)s,
                  %(stock)s, NOW() AT TIME ZONE 'UTC'
             FROM stock_move m WHERE m.product_id = ANY(%(goods)s)""",
        {"goods": goods.ids, "stock": STOCK},
    )
    env.cr.execute(
        """WITH claim AS (
               SELECT m.*, ROW_NUMBER() OVER (PARTITION BY product_id, location_id
                                                  ORDER BY id DESC) AS place
                 FROM stock_move m WHERE m.product_id = ANY(%(goods)s)),
           held AS (
               SELECT id, CASE WHEN place < 3 THEN 2 ELSE 1 END AS quantity
                 FROM claim WHERE place <= 3),
           made AS (
               INSERT INTO stock_move_line (move_id, picking_id, product_id,
                      product_uom_id, location_id, location_dest_id, company_id,
                      quantity, quantity_product_uom, state, date, picked)
               SELECT c.id, c.picking_id, c.product_id, c.product_uom, c.location_id,
                      c.location_dest_id, c.company_id, h.quantity, h.quantity,
                      'assigned', c.date, FALSE
                 FROM claim c JOIN held h ON h.id = c.id)
           UPDATE stock_move m SET quantity = h.quantity,
                  state = CASE WHEN h.quantity = %(needed)s THEN 'assigned'
                               ELSE 'partially_available' END
             FROM held h WHERE h.id = m.id""",
        {"goods": goods.ids, "needed": NEEDED},
    )


def uninstall(env, names: list[str]) -> None:
    """Take these add-ons out of the database."""
    modules = env["ir.module.module"].search(
        [("name", "in", names), ("state", "=", "installed")]
    )
    modules.button_immediate_uninstall()
