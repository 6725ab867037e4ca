from . import acceptance_portal
from . import progress_api
from . import progress_portal
from . import portal_exception
