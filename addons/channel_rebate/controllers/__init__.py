from . import rebate_portal
