from . import test_counter_acceptance
