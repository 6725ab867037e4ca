from . import test_requirement_list
from . import test_order_enquiry
from . import test_enquiry_portal
