from . import test_gate_order
from . import test_gate_shipping
from . import test_hold
from . import test_credit_findings
from . import test_collection_run
from . import test_collection_case
from . import test_shortfall
from . import test_paid_online
