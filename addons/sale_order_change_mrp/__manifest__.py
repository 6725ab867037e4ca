{
    "name": "Sales Order Change Requests: Manufacturing",
    "summary": "What is made for an order, when the order is changed or cancelled",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["sale_order_change", "sale_mrp"],
    "auto_install": True,
}
