from . import test_replenishment_purchase
