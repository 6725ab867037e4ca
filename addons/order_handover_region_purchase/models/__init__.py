from . import purchase_order_line
from . import stock_replenishment_facts
from . import stock_replenishment_line
