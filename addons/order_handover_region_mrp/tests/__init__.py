from . import test_replenishment_mrp
