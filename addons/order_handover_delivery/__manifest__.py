{
    "name": "Order Handover: Carriers",
    "summary": "Carriers and tracking in shipping data, notices and order progress",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["order_handover", "stock_delivery"],
    "auto_install": True,
}
