from . import (
    test_stock_allocation,
    test_stock_allocation_apply,
    test_stock_inbound,
    test_stock_region,
    test_stock_scarcity,
)
from . import test_stock_region_transfer
from . import test_stock_region_transfer_moved
from . import test_stock_region_transfer_plan
from . import test_stock_replenishment
