from . import res_company
from . import customer_credit_grade
from . import customer_credit_group
from . import customer_credit_extra_account
from . import customer_credit_exposure
from . import customer_credit_account
from . import customer_credit_account_figures
from . import customer_credit_entitlement
