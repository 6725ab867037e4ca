from . import order_import, portal_originals, portal_sending, sale_order_letter
