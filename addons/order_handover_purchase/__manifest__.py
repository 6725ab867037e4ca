{
    "name": "Order Handover: Purchase",
    "summary": "Purchases in handover lists and in the progress of orders",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["order_handover", "sale_purchase_stock"],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}
