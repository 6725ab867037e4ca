from . import test_channel_demand
from . import test_channel_demand_portal
