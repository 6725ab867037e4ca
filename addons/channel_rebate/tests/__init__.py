from . import test_rebate_arithmetic
from . import test_rebate_attacks
from . import test_rebate_attacks_books
from . import test_rebate_attacks_terms
from . import test_rebate_examples
from . import test_rebate_settlement
