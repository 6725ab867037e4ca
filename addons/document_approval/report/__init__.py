from . import document_approval_record
from . import document_approval_report
