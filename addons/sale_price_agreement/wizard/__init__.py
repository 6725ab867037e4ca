from . import sale_price_concession_close
