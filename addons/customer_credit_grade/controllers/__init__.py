from . import ageing
from . import portal
