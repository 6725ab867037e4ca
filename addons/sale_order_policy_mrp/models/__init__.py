from . import sale_order_feasibility
