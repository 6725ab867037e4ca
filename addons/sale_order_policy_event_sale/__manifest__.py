{
    "name": "Sales Order Policy: Events",
    "summary": "Compares tickets with their own prices",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["sale_order_policy", "event_sale"],
    "auto_install": True,
}
