from . import order_exception_step
from . import repair_order
