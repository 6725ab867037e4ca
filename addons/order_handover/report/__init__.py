from . import order_handover_list_report, order_handover_report
from . import order_shipping_notice_report
