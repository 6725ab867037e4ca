from . import customer_credit_release_wizard
from . import customer_credit_collection_wizard
from . import customer_credit_notice_wizard
