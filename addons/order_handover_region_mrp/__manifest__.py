{
    "name": "Order Handover: Regional Stock and Manufacturing",
    "summary": "Draft manufacturing orders in replenishment",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["order_handover_region", "mrp"],
    "auto_install": True,
}
