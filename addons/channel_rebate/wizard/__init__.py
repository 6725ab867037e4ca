from . import base_partner_merge_statement
from . import channel_statement_make
from . import channel_statement_reply
