from . import pos_order
from . import stock_move
