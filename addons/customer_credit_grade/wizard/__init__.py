from . import customer_credit_release_wizard
from . import customer_credit_initial_load
from . import base_partner_merge_automatic_wizard
