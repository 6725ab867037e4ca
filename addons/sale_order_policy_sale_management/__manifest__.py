{
    "name": "Sales Order Policy: Optional Lines",
    "summary": "Lines the customer may still choose need no quantity",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["sale_order_policy", "sale_management"],
    "auto_install": True,
}
