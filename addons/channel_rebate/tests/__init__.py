from . import test_statement
from . import test_statement_answer
from . import test_statement_portal
from . import test_invoice_after_payment
