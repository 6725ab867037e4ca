from . import controllers
from . import models
from . import report
from . import controllers, models, wizard
from .hooks import post_init_hook, uninstall_hook
