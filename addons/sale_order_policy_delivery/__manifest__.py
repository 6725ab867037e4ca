{
    "name": "Sales Order Policy: Delivery Costs",
    "summary": "Freight at cost and pick-up points of approved orders",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["sale_order_policy", "stock_delivery"],
    "auto_install": True,
}
