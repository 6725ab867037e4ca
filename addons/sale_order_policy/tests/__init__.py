from . import test_confirmed_order
from . import test_default_flow
from . import test_default_names
from . import test_findings
from . import test_incomplete
from . import test_parking
from . import test_parking_payment
from . import test_settings
