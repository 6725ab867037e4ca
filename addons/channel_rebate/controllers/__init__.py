from . import statement_portal
from . import invoice_portal
