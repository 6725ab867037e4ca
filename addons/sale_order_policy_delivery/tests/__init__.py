from . import test_freight
from . import test_real_shipping
