from . import sale_requirement_record
from . import sale_order_enquiry_record
