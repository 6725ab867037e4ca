from . import test_feasibility_kits
