from . import channel_partner
from . import channel_agreement
from . import res_company
from . import res_partner
from . import sale_order
