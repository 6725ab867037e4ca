from . import portal_rectification
from . import channel_portal
from . import channel_demand_portal
from . import statement_portal
from . import invoice_portal
from . import rebate_portal
