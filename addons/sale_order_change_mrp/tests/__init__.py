from . import test_change_mrp
