from . import test_rebate_arithmetic
from . import test_rebate_board
from . import test_rebate_portal
from . import test_rebate_settlement
