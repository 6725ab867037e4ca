from . import base_partner_merge_automatic_wizard
from . import sale_requirement_record
from . import sale_order_enquiry_record
