{
    "name": "Customer Credit Grade: Point of Sale",
    "summary": "What was sold and paid at the counter is neither owed nor stopped",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Control Suite maintainers",
    "depends": ["customer_credit_grade", "pos_sale"],
    "auto_install": True,
}
