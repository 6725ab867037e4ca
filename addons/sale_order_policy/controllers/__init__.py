from . import order_import, portal_originals, portal_sending
from . import sale_order_letter, sale_order_letter_answer
