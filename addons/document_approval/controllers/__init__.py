from . import decide
from . import verify
