{
    "name": "Channel Rebate: Order Progress",
    "summary": "Channel partners follow the orders they brought",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["channel_rebate", "order_handover"],
    "data": ["views/channel_order_templates.xml"],
    "auto_install": True,
}
