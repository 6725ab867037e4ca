from . import approval_document
from . import approval_line
