from . import rebate_partner_merge
