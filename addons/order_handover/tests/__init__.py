from . import test_handover_list, test_handover_list_access
from . import test_acceptance_gate
from . import test_acceptance_orders
from . import test_acceptance_portal
from . import test_acceptance_stock
from . import test_progress_api
from . import test_progress_changes
from . import test_progress_portal
from . import test_progress_steps
from . import test_shipping_release
from . import test_shipping_notice
from . import test_exception
from . import test_exception_limits
from . import test_exception_portal
