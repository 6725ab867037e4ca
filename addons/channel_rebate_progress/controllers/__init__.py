from . import channel_orders
