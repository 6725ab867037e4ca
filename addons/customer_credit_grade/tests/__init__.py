from . import test_gate_order
from . import test_gate_shipping
from . import test_hold
from . import test_credit_findings
from . import test_alert_watch
from . import test_alert_close
from . import test_alert_measures
from . import test_paid_online
