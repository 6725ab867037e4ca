from . import test_rebate_arithmetic
from . import test_rebate_settlement
from . import test_rebate_histories
