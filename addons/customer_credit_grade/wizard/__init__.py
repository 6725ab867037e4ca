from . import customer_credit_release_wizard
from . import customer_credit_item
from . import customer_credit_what_if
