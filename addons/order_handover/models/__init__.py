from . import res_company
from . import (
    handover_list_account_move,
    handover_list_company,
    handover_list_department,
    handover_list_sale_order,
    handover_list_settings,
    handover_list_stock_move,
    order_handover,
    order_handover_event,
    order_handover_event_rows,
    order_handover_line,
    order_handover_receive,
    order_handover_stage,
    order_handover_tell,
)
from . import order_acceptance
from . import order_acceptance_line
from . import order_acceptance_goods
from . import order_acceptance_sign
from . import order_acceptance_rejection
from . import order_acceptance_mail
from . import order_acceptance_paper
from . import res_company_acceptance
from . import res_config_settings_acceptance
from . import res_partner_acceptance
from . import sale_order_type_acceptance
from . import sale_order_acceptance
from . import sale_order_acceptance_service
from . import sale_order_complete
from . import sale_order_line_acceptance
from . import stock_location_acceptance
from . import stock_warehouse_acceptance
from . import stock_rule_acceptance
from . import stock_picking_acceptance
from . import stock_move_acceptance
from . import stock_move_acceptance_gate
from . import stock_move_line_acceptance
from . import ir_attachment_acceptance
from . import res_company_progress
from . import res_config_settings_progress
from . import ir_http_progress
from . import order_progress_moves
from . import order_progress_date
from . import order_progress_change
from . import order_progress_change_tell
from . import sale_order_line_progress
from . import sale_order_progress
from . import sale_order_progress_access
from . import sale_order_progress_dates
from . import sale_order_progress_facts
from . import sale_order_progress_list
from . import sale_order_progress_shipment
from . import sale_order_progress_timeline
from . import order_progress
from . import ir_attachment_notice
from . import order_exception_kind
from . import order_exception
from . import order_exception_line
from . import order_exception_actions
from . import order_exception_step
from . import order_exception_settle
from . import order_exception_limit
from . import order_exception_price
from . import order_shipping_check_item
from . import order_shipping_notice
from . import order_shipping_notice_send
from . import res_company_exception
from . import res_company_shipping
from . import res_config_settings_shipping
from . import sale_order_exception
from . import sale_order_exception_portal
from . import sale_order_line_step
from . import sale_order_shipping
from . import sale_order_type_shipping
from . import stock_move_notice
from . import stock_move_line_shipping
from . import stock_move_shipping
from . import stock_move_step
from . import stock_picking_exception
from . import stock_picking_release
from . import stock_picking_shipping
