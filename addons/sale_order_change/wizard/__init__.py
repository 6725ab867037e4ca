from . import sale_order_change_agreement, sale_order_change_reason
