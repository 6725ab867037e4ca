{
    "name": "Sales Order Policy: Webshop",
    "summary": "Checks carts before they are paid, keeps what customers paid",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["sale_order_policy", "website_sale"],
    "auto_install": True,
}
