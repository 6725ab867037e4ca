"""Creating and confirming orders in one go, as an import does."""

import time

ORDERS = 50
LINES = 5


def measure(env) -> dict[str, float]:
    """Return seconds and queries per order; leaves nothing behind."""
    partner = env["res.partner"].create({"name": "Customer"})
    products = env["product.product"].create(
        [{"name": f"Product {number}", "list_price": 10} for number in range(LINES)]
    )
    values = [
        {
            "partner_id": partner.id,
            "order_line": [(0, 0, {"product_id": product.id}) for product in products],
        }
        for _ in range(ORDERS)
    ]
    env.flush_all()
    start, queries = time.perf_counter(), env.cr.sql_log_count
    orders = env["sale.order"].create(values)
    env.flush_all()
    created, created_queries = time.perf_counter(), env.cr.sql_log_count
    orders.action_confirm()
    env.flush_all()
    result = {
        "ms to create": 1000 * (created - start) / ORDERS,
        "queries to create": (created_queries - queries) / ORDERS,
        "ms to confirm": 1000 * (time.perf_counter() - created) / ORDERS,
        "queries to confirm": (env.cr.sql_log_count - created_queries) / ORDERS,
    }
    env.cr.rollback()
    return result
