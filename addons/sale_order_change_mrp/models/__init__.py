from . import mrp_production, sale_order, sale_order_change, sale_order_line
