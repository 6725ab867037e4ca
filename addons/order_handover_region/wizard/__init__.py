from . import stock_region_transfer_propose
from . import stock_region_transfer_settle
