from . import sale_order_letter_report
