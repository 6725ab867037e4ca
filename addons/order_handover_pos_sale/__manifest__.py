{
    "name": "Order Handover: Point of Sale",
    "summary": "Orders settled at the counter while goods wait for acceptance",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["order_handover", "pos_sale"],
    "auto_install": True,
}
