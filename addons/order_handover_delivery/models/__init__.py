from . import order_progress_delivery
from . import order_shipping_notice
from . import stock_picking
