from . import test_handover_list_mrp
from . import test_progress_mrp
from . import test_exception_kit
