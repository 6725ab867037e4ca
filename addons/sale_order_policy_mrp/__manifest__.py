{
    "name": "Sales Order Policy: Manufacturing",
    "summary": "Kits and production times in the check of delivery dates",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["sale_order_policy", "sale_mrp"],
    "auto_install": True,
}
