from . import requirement_portal
from . import enquiry_portal
