from . import customer_credit_exposure
from . import stock_move
from . import stock_picking
