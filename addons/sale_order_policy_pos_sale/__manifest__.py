{
    "name": "Sales Order Policy: Point of Sale",
    "summary": "Orders sold at the counter wait for their approval without being lost",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["sale_order_policy", "pos_sale"],
    "auto_install": True,
}
