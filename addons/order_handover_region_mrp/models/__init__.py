from . import mrp_production
from . import stock_replenishment_facts
from . import stock_replenishment_line
from . import stock_rule
