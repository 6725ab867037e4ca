{
    "name": "Order Handover: Manufacturing",
    "summary": "Production in handover lists and in the progress of orders",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["order_handover", "sale_mrp"],
    "post_init_hook": "post_init_hook",
    "data": ["views/order_progress_mrp_views.xml"],
    "auto_install": True,
}
