from . import test_access
from . import test_configuration
from . import test_four_eyes
from . import test_gate
from . import test_panel
from . import test_plan
from . import test_rounds
from . import test_wizards
