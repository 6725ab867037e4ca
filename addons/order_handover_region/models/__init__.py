from . import (
    stock_scarcity_product,
    stock_scarcity_quant,
    stock_scarcity_revision,
)
from . import (
    stock_allocation_run,
    stock_allocation_propose,
    stock_allocation_apply,
    stock_allocation_cron,
    stock_allocation_line,
    stock_allocation_text,
    stock_allocation_move,
    stock_allocation_company,
    stock_allocation_settings,
    stock_region_buttons,
)
from . import res_company_stock_region_transfer
from . import res_config_settings_stock_region_transfer
from . import stock_region_facts
from . import stock_region_kept
from . import stock_region_transfer
from . import stock_region_transfer_line
from . import stock_region_transfer_moved
from . import stock_region_transfer_settlement
from . import stock_region_transfer_revision
from . import stock_region_transfer_stock
from . import stock_region_transfer_approval
from . import stock_region_transfer_moves
from . import stock_region_transfer_plan
from . import res_company_stock_replenishment
from . import res_config_settings_stock_replenishment
from . import stock_replenishment_reorder
from . import stock_replenishment_facts
from . import stock_replenishment_sheet
from . import stock_replenishment_line
from . import stock_replenishment_stock
