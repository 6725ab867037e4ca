from . import document_approval_decide
from . import document_approval_decide_result
from . import document_approval_preview
