from . import (
    purchase_order_line,
    sale_order,
    sale_order_change,
    sale_order_line,
)
