{
    "name": "Channel Rebate: Complaints",
    "summary": "Complaints of channel partners count in their assessments",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["channel_rebate", "order_handover"],
    "auto_install": True,
}
