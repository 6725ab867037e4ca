from . import test_credit_counter
