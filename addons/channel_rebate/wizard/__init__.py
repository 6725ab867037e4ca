from . import base_partner_merge_automatic_wizard
from . import channel_demand_return
from . import base_partner_merge_statement
from . import channel_statement_make
from . import channel_statement_reply
from . import rebate_partner_merge
