from . import customer_credit_release_wizard
from . import customer_credit_ageing_wizard
from . import customer_credit_alert_close
from . import customer_credit_item
from . import customer_credit_what_if
from . import customer_credit_collection_wizard
from . import customer_credit_notice_wizard
