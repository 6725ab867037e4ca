{
    "name": "Order Handover: Repairs",
    "summary": "Defective goods come back, are repaired, and go to the customer again",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["order_handover", "repair"],
    "data": ["views/repair_order_views.xml"],
    "auto_install": True,
}
