from . import base_partner_merge_automatic_wizard
from . import sale_order_letter_answer_entry
from . import sale_order_original_classify
from . import sale_order_original_replace
