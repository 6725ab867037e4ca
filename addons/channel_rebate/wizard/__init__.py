from . import base_partner_merge_automatic_wizard
from . import channel_demand_return
