from . import portal_rectification
from . import channel_portal
from . import channel_demand_portal
from . import channel_confirmation_portal
