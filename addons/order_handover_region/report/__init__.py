from . import stock_inbound_report, stock_inbound_waiting, stock_region_report
