from . import test_progress_delivery
from . import test_carrier
