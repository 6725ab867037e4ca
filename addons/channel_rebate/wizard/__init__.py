from . import channel_statement_make
from . import channel_statement_reply
