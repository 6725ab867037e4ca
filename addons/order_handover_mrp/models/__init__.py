from . import (
    handover_list_company,
    handover_list_event,
    handover_list_production,
    handover_list_stage,
)
from . import order_exception_kit
from . import order_progress_mrp
from . import order_progress_production
from . import stock_move_step
