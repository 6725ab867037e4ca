from . import test_handover_list_purchase
from . import test_progress_purchase
