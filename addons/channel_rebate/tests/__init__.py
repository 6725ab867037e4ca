from . import test_channel_demand
from . import test_channel_demand_form
from . import test_channel_demand_portal
from . import test_channel_confirmation
from . import test_channel_partner_care
