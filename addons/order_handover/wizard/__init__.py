from . import order_handover_receive, order_handover_reply
from . import order_acceptance_paper
from . import order_acceptance_service
from . import order_exception_act
from . import order_exception_inform
from . import order_exception_step_cancel
from . import order_shipping_check
from . import stock_return_picking
